/** Bounds on hostile input. The depth is in collections; the alias budgets count what walking the value would visit. */
export declare const LIMITS: {
    readonly depth: 100;
    readonly aliases: 10000;
    readonly aliasedNodes: 1000000;
    readonly aliasedLength: 10000000;
    /** UTF-16 code units of one YAML document (its events take ten times as much memory); JSON has no such bound. */
    readonly documentLength: 64000000;
    readonly problems: 200;
};
/**
 * Whether kubectl's reader calls the aliasing excessive: the share of visits that aliases caused, allowed 99 % in small
 * documents and 10 % in huge ones (sigs.k8s.io/yaml/goyaml.v2 decode.go, allowedAliasRatio).
 */
export declare function isExcessiveAliasing(visits: number, aliased: number): boolean;
