import { compareText } from '../../model/object-ref.ts';

const longest = 100;

/** Candidates that look most like a text, best first: at most three, and none that shares too little with it. */
export function nearest(text: string, candidates: Iterable<string>): readonly string[] {
  const wanted = text.slice(0, longest);
  return [...new Set(candidates)]
    .filter((candidate) => candidate !== text)
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate.slice(0, longest)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.floor(Math.max(wanted.length, candidate.length) / 3)))
    .sort((a, b) => a.distance - b.distance || compareText(a.candidate, b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance; both texts are short. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
