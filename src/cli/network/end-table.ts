import type { MatrixRow } from '../../facts/network/matrix.ts';
import type { NetworkModel } from '../../facts/network/network.ts';
import { byDestination, bySource, type SummaryGroup } from '../../facts/network/row-summary.ts';
import { columns } from '../../report/clean-text.ts';
import { count, fitting, paragraph, row } from '../columns.ts';
import type { FoundEnd } from './ends.ts';
import { noteLines } from './table.ts';
import { endsText, footnotes, type Footnotes } from './words.ts';

/** What one end may reach, who may reach it, or what is open between two ends. */
export function endTable(
  network: NetworkModel,
  rows: readonly MatrixRow[],
  source: FoundEnd | undefined,
  destination: FoundEnd | undefined,
  width: number,
): string {
  const notes = footnotes();
  const lines: string[] = [];
  if (source !== undefined && destination !== undefined) {
    lines.push(
      ...paragraph(`From ${source.id} to ${destination.id}: ${rows.length === 0 ? 'denied on every port' : 'open are'}`, width),
    );
    lines.push(...tableOf(network, bySource(network, rows), notes, width, 'to'));
    lines.push('', 'Ask why with --port.');
  } else if (source !== undefined) {
    lines.push(...paragraph(`${source.id} may connect to${rows.length === 0 ? ' nobody' : ''}`, width));
    lines.push(...tableOf(network, bySource(network, rows), notes, width, 'to'));
  } else if (destination !== undefined) {
    lines.push(...paragraph(`${rows.length === 0 ? 'Nobody' : 'These'} may connect to ${destination.id}`, width));
    lines.push(...tableOf(network, byDestination(network, rows), notes, width, 'from'));
  }
  lines.push(...noteLines(notes, width));
  return `${lines.join('\n')}\n`;
}

const mostLines = 60;

/** With several ends (a range in parts, Pods behind a Service), each group names its own. */
export function tableOf(
  network: NetworkModel,
  groups: readonly SummaryGroup[],
  notes: Footnotes,
  width: number,
  word: 'from' | 'to',
  labelled = groups.length > 1,
): readonly string[] {
  const cells = groups.flatMap(({ ids, lines }) =>
    lines.map((line, index) => ({
      name: labelled && index === 0 ? endsText(network, ids) : '',
      ports: `${line.ports}${line.verdict === 'depends' ? ' perhaps' : ''}${notes.mark(line.assumptions)}`,
      others: `${word} ${endsText(network, line.others)}`,
    })),
  );
  const shown = cells.slice(0, mostLines);
  const names = labelled
    ? fitting(
        shown.map(({ name }) => name),
        40,
      )
    : 0;
  const ports = fitting(
    shown.map((cell) => cell.ports),
    28,
  );
  return [
    ...shown.flatMap((cell) => {
      // A name that is wider than its column stands above its line.
      const above = columns(cell.name) + 2 > names && cell.name !== '' ? row(2, [], cell.name, width) : [];
      const name: readonly (readonly [string, number])[] = labelled ? [[above.length > 0 ? '' : cell.name, names]] : [];
      return [...above, ...row(2, [...name, [cell.ports, ports]], cell.others, width)];
    }),
    ...(cells.length > shown.length
      ? [`  ... and ${count(cells.length - shown.length, 'more line')}: --format csv has all`]
      : []),
  ];
}
