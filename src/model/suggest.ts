import { compareText } from './object-ref.ts';

/** Longer words are no typing mistakes; the bound also keeps hostile input cheap. */
const longest = 64;

/**
 * The candidate that a person probably meant by `word`: the one with the fewest edits, at most a third of the word's length (and
 * at least one). Ties go to the first by code unit; undefined where nothing is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  let limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const edits = editDistance(word, candidate);
    if (edits > limit) continue;
    if (edits < limit || best === undefined || compareText(candidate, best) < 0) best = candidate;
    limit = edits;
  }
  return best;
}

/** Levenshtein distance: insertions, deletions and substitutions, in UTF-16 code units. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitute = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
