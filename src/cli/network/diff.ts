import type { RowChange } from '../../facts/network/rows-diff.ts';
import { assumptions } from '../../facts/network/assumptions.ts';
import { formatTogether } from '../../facts/network/rows.ts';
import { count, fitting, paragraph, row } from '../columns.ts';

const titles = {
  added: 'Added: these connections were denied, and are possible now',
  removed: 'Removed: these connections were possible, and are denied now',
  changed: 'Changed: these connections have another verdict',
} as const;

const mostLines = 40;

/** Changed flows for people, by kind of change. */
export function diffText(changes: readonly RowChange[], width: number): string {
  if (changes.length === 0) return 'The same connections are possible in both.\n';
  const lines: string[] = [summary(changes)];
  for (const change of ['added', 'removed', 'changed'] as const) {
    const pairs = pairsOf(changes.filter((item) => item.change === change));
    if (pairs.length === 0) continue;
    const shown = pairs.slice(0, mostLines);
    const ports = fitting(
      shown.map(({ text }) => text),
      30,
    );
    lines.push('', ...paragraph(titles[change], width));
    for (const { text, from, to } of shown) lines.push(...row(2, [[text, ports]], `${from} to ${to}`, width));
    if (pairs.length > shown.length)
      lines.push(`  ... and ${count(pairs.length - shown.length, 'more line')}: --format csv has all`);
  }
  const used = new Set(changes.flatMap((item) => item.assumptions));
  if (used.size > 0) lines.push('', 'What this rests on');
  for (const id of [...used].sort()) lines.push(...row(2, [], `${id}: ${assumptions[id]}`, width));
  return `${lines.join('\n')}\n`;
}

function summary(changes: readonly RowChange[]): string {
  const of = (change: RowChange['change']) => pairsOf(changes.filter((item) => item.change === change)).length;
  return `${of('added')} added, ${of('removed')} removed, ${of('changed')} changed.`;
}

/** One line a pair and answer, its protocols together. */
function pairsOf(
  changes: readonly RowChange[],
): readonly { readonly from: string; readonly to: string; readonly text: string }[] {
  const groups = Map.groupBy(changes, ({ source, destination, verdict, was, assumptions: rests }) =>
    JSON.stringify([source, destination, verdict, was, rests]),
  );
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const verdict = first.was !== undefined ? ` ${first.was} -> ${first.verdict}` : first.verdict === 'depends' ? ' perhaps' : '';
    const rests = first.assumptions.length === 0 ? '' : ` [${first.assumptions.join(',')}]`;
    return [{ from: first.source, to: first.destination, text: `${formatTogether(rows)}${verdict}${rests}` }];
  });
}
