import { type AddressRange, everyAddress, overlaps, splitRange } from '../../kube/address.ts';
import { compareText } from '../../model/object-ref.ts';
import type { MatrixRow } from './matrix.ts';
import {
  formatRanges,
  intersectPorts,
  noPorts,
  type PortRange,
  type PortSet,
  type Protocol,
  subtractPorts,
  unitePorts,
} from './ports.ts';
import { compareRows, externalId, joinedEnds, parseExternalId, parsePorts } from './rows.ts';

/** A flow that one network has and the other has not, or has with another verdict; `was` is the verdict before. */
export interface RowChange extends MatrixRow {
  readonly change: 'added' | 'removed' | 'changed';
  readonly was?: MatrixRow['verdict'];
}

interface Answers {
  readonly allowed: PortSet;
  readonly depends: PortSet;
  readonly given: MatrixRow['assumptions'];
  readonly open: MatrixRow['assumptions'];
}
const nothing: Answers = { allowed: noPorts, depends: noPorts, given: [], open: [] };

/**
 * What changed between two networks. Ranges of addresses and of ports are compared by their common parts: a range that is written
 * in two pieces is no difference, and neither is an assumption more behind the same verdict.
 */
export function rowsDiff(before: Iterable<MatrixRow>, after: Iterable<MatrixRow>): readonly RowChange[] {
  const old = Map.groupBy(before, sideKey);
  const now = Map.groupBy(after, sideKey);
  const changes: RowChange[] = [];
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort(compareText))
    changes.push(...changesOf(old.get(key) ?? [], now.get(key) ?? []));
  const kind = ({ change, was }: RowChange) => `${change} ${was ?? ''}`;
  const joined = joinedEnds(joinedEnds(changes, 'source', kind), 'destination', kind);
  return [...joined].sort(
    (a, b) => compareText(a.change, b.change) || compareRows(a, b) || compareText(a.was ?? '', b.was ?? ''),
  );
}

const isOutside = (id: string): boolean => parseExternalId(id) !== undefined;

/** Rows whose addresses overlap at most with one another: those of one workload's side and protocol. */
const sideKey = ({ source, destination, protocol }: MatrixRow): string =>
  JSON.stringify([isOutside(source) ? '' : source, isOutside(destination) ? '' : destination, protocol]);

function changesOf(before: readonly MatrixRow[], after: readonly MatrixRow[]): readonly RowChange[] {
  const all = [...before, ...after];
  const ranges = all.flatMap(({ source, destination }) => [source, destination]).flatMap((id) => parseExternalId(id) ?? []);
  const atoms = ranges.length === 0 ? [] : [4, 6].flatMap((family) => splitRange(everyAddress[family as 4 | 6], ranges));
  const old = answersBy(before, atoms);
  const now = answersBy(after, atoms);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [source, destination, protocol] = JSON.parse(key) as [string, string, Protocol];
    const head = { source, destination, protocol };
    return compareAnswers(old.get(key) ?? nothing, now.get(key) ?? nothing).map(({ ports, ...rest }) => ({
      ...head,
      ...rest,
      ports: formatRanges(ports[protocol]),
    }));
  });
}

/** Answers by source, destination and protocol, with addresses cut into the same atoms on both sides. */
function answersBy(rows: readonly MatrixRow[], atoms: readonly AddressRange[]): ReadonlyMap<string, Answers> {
  const parts = (id: string): readonly string[] => {
    const range = parseExternalId(id);
    return range === undefined ? [id] : atoms.filter((atom) => overlaps(atom, range)).map(externalId);
  };
  const found = new Map<string, Answers>();
  for (const row of rows) {
    const ports = { ...noPorts, [row.protocol]: parsePorts(row.ports) };
    for (const source of parts(row.source))
      for (const destination of parts(row.destination)) {
        const key = JSON.stringify([source, destination, row.protocol]);
        found.set(key, withRow(found.get(key) ?? nothing, row, ports));
      }
  }
  return found;
}

const withRow = (known: Answers, row: MatrixRow, ports: PortSet): Answers =>
  row.verdict === 'allowed'
    ? { ...known, allowed: unitePorts(known.allowed, ports), given: row.assumptions }
    : { ...known, depends: unitePorts(known.depends, ports), open: row.assumptions };

type PortChange = Pick<RowChange, 'change' | 'was' | 'verdict' | 'assumptions'> & { readonly ports: PortSet };

function compareAnswers(old: Answers, now: Answers): readonly PortChange[] {
  const had = unitePorts(old.allowed, old.depends);
  const has = unitePorts(now.allowed, now.depends);
  const found: PortChange[] = [
    { change: 'added', verdict: 'allowed', assumptions: now.given, ports: subtractPorts(now.allowed, had) },
    { change: 'added', verdict: 'depends', assumptions: now.open, ports: subtractPorts(now.depends, had) },
    { change: 'removed', verdict: 'allowed', assumptions: old.given, ports: subtractPorts(old.allowed, has) },
    { change: 'removed', verdict: 'depends', assumptions: old.open, ports: subtractPorts(old.depends, has) },
    {
      change: 'changed',
      was: 'depends',
      verdict: 'allowed',
      assumptions: now.given,
      ports: intersectPorts(now.allowed, old.depends),
    },
    {
      change: 'changed',
      was: 'allowed',
      verdict: 'depends',
      assumptions: now.open,
      ports: intersectPorts(now.depends, old.allowed),
    },
  ];
  return found.filter(({ ports }) => Object.values(ports).some((ranges: readonly PortRange[]) => ranges.length > 0));
}
