/**
 * The same text with every space, line break and comment inside flow collections (between `[` `]` `{` `}`) turned into blanks, so
 * that offsets stay; undefined if there is nothing to change. kubectl's reader gives them no meaning there, while js-yaml refuses
 * tabs and lines of too little indentation.
 */
export declare function flattenFlowSpace(text: string): string | undefined;
