import { clean } from './clean-text.ts';
import { moment } from './wording.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '|': '&#124;', '://': '&#58;//' };

/**
 * A text of the result inside Markdown prose or a table cell: nothing in it is markup. Pipes are entities, so that one escape serves
 * cells and prose. `://` and `www.` are broken up, since GitHub makes links of bare addresses; `$` since it typesets mathematics,
 * `@` since it mentions people. One pass: what one rule writes must not meet the next.
 */
export const escapeMarkdown = (text: string): string =>
  clean(text).replace(/:\/\/|www\.|[&<>|\\`*_[\]#~$!@{}]/gi, (found) =>
    found.length === 4 ? `${found.slice(0, 3)}&#46;` : (entities[found] ?? `\\${found}`),
  );

/** A moment for people; what is no moment is text like any other. */
export const escapeMoment = (text: string): string => escapeMarkdown(moment(text));

/** A name or place as a code span. With a pipe inside it becomes prose: table cells end at pipes even within code. */
export function code(text: string): string {
  const cleaned = clean(text);
  if (cleaned === '' || cleaned.includes('|')) return escapeMarkdown(cleaned);
  const runs = cleaned.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const pad = cleaned.startsWith('`') || cleaned.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${cleaned}${pad}${fence}`;
}

/** A table row of finished cells. */
export const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The two lines above the rows. */
export const tableHead = (...titles: readonly string[]): readonly string[] => [
  row(...titles),
  `|${titles.map(() => '---').join('|')}|`,
];
