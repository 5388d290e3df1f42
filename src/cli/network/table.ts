import type { MatrixRow } from '../../facts/network/matrix.ts';
import type { NetworkModel } from '../../facts/network/network.ts';
import type { PlaceFinder } from '../../review/places.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { byDestination, bySource, type SummaryGroup, type SummaryLine } from '../../facts/network/row-summary.ts';
import { compareText } from '../../model/object-ref.ts';
import { clean, columns as cells } from '../../report/clean-text.ts';
import { count, fitting, paragraph, row } from '../columns.ts';
import { isolationLines } from './isolation.ts';
import { deniedLines, entryLines, hang, moreLine, mostGroups, type Shown, unseenLines } from './notices.ts';
import { refusedLines } from './refused.ts';
import { endsText, type Footnotes, footnotes } from './words.ts';

/** Above this no page shows who may connect to whom. */
const mostWorkloads = 1000;

export interface TableOptions {
  readonly width: number;
  /** Namespaces that the reader asked for; undefined is all. */
  readonly namespaces: ReadonlySet<string> | undefined;
  /** Where something stands. */
  readonly find: PlaceFinder;
}

/** Whether one page can show the network, or those namespaces of it. */
export const isTooMuch = (network: NetworkModel, namespaces: ReadonlySet<string> | undefined): boolean =>
  namespaces === undefined
    ? presentedOf(network).endpoints.length > mostWorkloads
    : [...namespaces].reduce((sum, name) => sum + (presentedOf(network).byNamespace.get(name)?.length ?? 0), 0) > mostWorkloads;

/**
 * The network on one screen: who may connect to whom, what is open, what nothing isolates, and what all that rests on.
 * @param rows nothing where it is too much for a page.
 */
export function networkTable(network: NetworkModel, rows: readonly MatrixRow[], options: TableOptions): string {
  const notes = footnotes();
  const { width, namespaces, find } = options;
  const shown = (id: string) =>
    namespaces === undefined || namespaces.has(presentedOf(network).byId.get(id)?.namespace.name ?? '');
  const refused = refusedLines(network, find, width);
  if (network.endpoints.length === 0)
    return `${[heading(network), 'Without workloads there is nobody to connect: add their manifests, or a dump.', ...refused].join('\n')}\n`;
  const lines = [
    heading(network),
    ...(isTooMuch(network, namespaces)
      ? paragraph(
          'That is too much for a page of who may connect to whom: narrow with --namespace, --from or --to, or take all rows with --format csv.',
          width,
        )
      : [...insideLines(network, rows, shown, notes, width), ...outsideLines(network, rows, shown, notes, width)]),
    ...unseenLines(network, shown, width),
    '',
    'What no NetworkPolicy isolates',
    ...isolationLines(network, shown, width),
    ...entryLines(network, shown, width),
    ...deniedLines(network, shown, width),
    ...refused,
    ...noteLines(notes, width),
  ];
  return `${lines.join('\n')}\n`;
}

function heading(network: NetworkModel): string {
  const own = network.policies.length === 0 ? 'no NetworkPolicy' : count(network.policies.length, 'NetworkPolicy');
  const tiers = network.tierPolicies.length;
  const policies = tiers === 0 ? own : `${own}, ${count(tiers, 'cluster-wide policy')}`;
  return `${count(presentedOf(network).endpoints.length, 'workload')} in ${count(presentedOf(network).byNamespace.size, 'namespace')}, ${policies}.`;
}

function insideLines(
  network: NetworkModel,
  rows: readonly MatrixRow[],
  shown: Shown,
  notes: Footnotes,
  width: number,
): readonly string[] {
  const groups = byDestination(
    network,
    rows.filter(({ destination }) => presentedOf(network).byId.has(destination) && shown(destination)),
  );
  const reached = new Set(groups.flatMap(({ ids }) => ids));
  const closed = presentedOf(network)
    .endpoints.map(({ id }) => id)
    .filter((id) => shown(id) && !reached.has(id));
  return [
    '',
    ...paragraph('Who may connect to whom (of what the sources hold; what is not listed is denied by a policy)', width),
    ...byPlace(network, groups, notes, width),
    ...(closed.length === 0 ? [] : row(2, [], `nobody may connect to ${endsText(network, closed)}`, width - 2).map(hang)),
  ];
}

/** Groups of one namespace under its name; those of several first. */
function byPlace(network: NetworkModel, groups: readonly SummaryGroup[], notes: Footnotes, width: number): readonly string[] {
  if (groups.length === 0) return ['  nobody'];
  const placeOf = ({ ids }: SummaryGroup): string => {
    const places = new Set(ids.map((id) => presentedOf(network).byId.get(id)?.namespace.name ?? ''));
    return places.size === 1 ? ([...places][0] ?? '') : '';
  };
  const shown = groups.slice(0, mostGroups);
  const places = [...Map.groupBy(shown, placeOf)].sort(([a], [b]) => compareText(a, b));
  const entries = places.flatMap(([place, list]) => list.map((group) => ({ group, place })));
  const columns = columnsOf(network, entries, 38);
  return [
    ...places.flatMap(([place, list]) => [
      ...(place === '' ? [] : [`  ${clean(place)}`]),
      ...list.flatMap((group) => groupLines(network, group, place, notes, columns, width, 'from', place === '' ? 2 : 4)),
    ]),
    ...moreLine(groups.length - shown.length),
  ];
}

function outsideLines(
  network: NetworkModel,
  rows: readonly MatrixRow[],
  shown: Shown,
  notes: Footnotes,
  width: number,
): readonly string[] {
  const groups = bySource(
    network,
    rows.filter(({ source, destination }) => !presentedOf(network).byId.has(destination) && shown(source)),
  );
  const first = groups.slice(0, mostGroups);
  const columns = columnsOf(
    network,
    first.map((group) => ({ group, place: '' })),
    44,
  );
  return [
    '',
    'Who may connect to addresses outside the cluster',
    ...(groups.length === 0 ? ['  nobody'] : []),
    ...first.flatMap((group) => groupLines(network, group, '', notes, columns, width, 'to', 2)),
    ...moreLine(groups.length - first.length),
  ];
}

/** Under its namespace a workload is introduced with its kind. */
const kindsAt = (place: string): 'kept' | 'dropped' => (place === '' ? 'dropped' : 'kept');

type Columns = readonly [name: number, ports: number];

function columnsOf(
  network: NetworkModel,
  entries: readonly { readonly group: SummaryGroup; readonly place: string }[],
  most: number,
): Columns {
  const names = entries.map(({ group, place }) => endsText(network, group.ids, place, kindsAt(place)));
  // A mark takes as much room as its assumptions, whatever its letters.
  const ports = entries.flatMap(({ group }) =>
    group.lines.map(
      (line) => `${portsText(line)}${line.assumptions.length === 0 ? '' : ` [${line.assumptions.map(() => 'a').join()}]`}`,
    ),
  );
  return [fitting(names, most), fitting(ports, 26)];
}

function groupLines(
  network: NetworkModel,
  group: SummaryGroup,
  place: string,
  notes: Footnotes,
  [name, ports]: Columns,
  width: number,
  word: 'from' | 'to',
  indent: number,
): readonly string[] {
  const who = endsText(network, group.ids, place, kindsAt(place));
  // A name that is wider than its column stands above its lines.
  const above = cells(who) + 2 > name ? row(indent, [], who, width) : [];
  return [
    ...above,
    ...group.lines.flatMap((line, index) =>
      row(
        indent,
        [
          [index === 0 && above.length === 0 ? who : '', name],
          [`${portsText(line)}${notes.mark(line.assumptions)}`, ports],
        ],
        `${word} ${endsText(network, line.others, place)}`,
        width,
      ),
    ),
  ];
}

const portsText = ({ ports, verdict }: SummaryLine): string => `${ports}${verdict === 'depends' ? ' perhaps' : ''}`;

/** The sentences of the assumptions that the page marks, each once. */
export function noteLines(notes: Footnotes, width: number): readonly string[] {
  const used = notes.used();
  if (used.length === 0) return [];
  return [
    '',
    'What this rests on',
    ...used.flatMap(([letter, id, sentence]) => row(2, [[`[${letter}]`, 4]], `${id}: ${sentence}`, width)),
  ];
}
