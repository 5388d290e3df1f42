/** Bounds on hostile input. The depth is in collections; the alias budgets count what walking the value would visit. */
export const LIMITS = {
  depth: 100,
  aliases: 10_000,
  aliasedNodes: 1_000_000,
  aliasedLength: 10_000_000,
  /** UTF-16 code units of one YAML document (its events take ten times as much memory); JSON has no such bound. */
  documentLength: 64_000_000,
  problems: 200,
} as const;

const FULL_ALIAS_RATIO = 400_000;
const LOW_ALIAS_RATIO = 4_000_000;

/**
 * Whether kubectl's reader calls the aliasing excessive: the share of visits that aliases caused, allowed 99 % in small
 * documents and 10 % in huge ones (sigs.k8s.io/yaml/goyaml.v2 decode.go, allowedAliasRatio).
 */
export function isExcessiveAliasing(visits: number, aliased: number): boolean {
  if (aliased <= 100 || visits <= 1000) return false;
  const share = Math.min(Math.max((visits - FULL_ALIAS_RATIO) / (LOW_ALIAS_RATIO - FULL_ALIAS_RATIO), 0), 1);
  return aliased / visits > 0.99 - 0.89 * share;
}
