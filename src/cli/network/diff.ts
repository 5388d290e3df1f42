import type { NetworkModel } from '../../facts/network/network.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { bySource } from '../../facts/network/row-summary.ts';
import type { RowChange } from '../../facts/network/rows-diff.ts';
import { paragraph, row } from '../columns.ts';
import { tableOf } from './end-table.ts';
import { noteLines } from './table.ts';
import { endsText, footnotes, type Footnotes } from './words.ts';

/** Changed flows for people: by kind of change, what is alike together. */
export function diffText(changes: readonly RowChange[], before: NetworkModel, after: NetworkModel, width: number): string {
  const notes = footnotes();
  const of = (change: RowChange['change']) => changes.filter((item) => item.change === change);
  const became = (verdict: RowChange['verdict']) => of('changed').filter((item) => item.verdict === verdict);
  const sections = [
    ...section('Possible now, and not before', after, of('added'), notes, width),
    ...section('Possible before, and not now', before, of('removed'), notes, width),
    ...section('Certain now, where it depended on an assumption', after, became('allowed'), notes, width),
    ...section('Depends on an assumption now, where it was certain', after, became('depends'), notes, width),
  ];
  const lines = [
    ...(changes.length === 0 ? ['The same connections are possible in both.'] : [summary(changes)]),
    ...workloadLines('Only in the old state', before, after, width),
    ...workloadLines('Only in the new state', after, before, width),
    ...sections,
    ...noteLines(notes, width),
  ];
  return `${lines.join('\n')}\n`;
}

function summary(changes: readonly RowChange[]): string {
  const pairs = (change: RowChange['change']) =>
    new Set(
      changes.filter((item) => item.change === change).map(({ source, destination }) => JSON.stringify([source, destination])),
    ).size;
  return `Pairs of ends with connections added: ${pairs('added')}, removed: ${pairs('removed')}, of another verdict: ${pairs('changed')}.`;
}

function workloadLines(title: string, here: NetworkModel, there: NetworkModel, width: number): readonly string[] {
  const others = presentedOf(there).byId;
  const ids = presentedOf(here)
    .endpoints.map(({ id }) => id)
    .filter((id) => !others.has(id));
  return ids.length === 0 ? [] : ['', ...paragraph(title, width), ...row(2, [], endsText(here, ids), width)];
}

function section(
  title: string,
  network: NetworkModel,
  changes: readonly RowChange[],
  notes: Footnotes,
  width: number,
): readonly string[] {
  if (changes.length === 0) return [];
  // What a change of verdict is, the title says.
  const rows = changes.map((item) => (item.change === 'changed' ? { ...item, verdict: 'allowed' as const } : item));
  return ['', ...paragraph(title, width), ...tableOf(network, bySource(network, rows), notes, width, 'to', true)];
}
