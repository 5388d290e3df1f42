export const protocols = ['SCTP', 'TCP', 'UDP'] as const;
export type Protocol = (typeof protocols)[number];

/** Ports 1 to 65535, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Ports by protocol: sorted, disjoint ranges that do not touch. */
export type PortSet = Readonly<Record<Protocol, readonly PortRange[]>>;

const lastPort = 65535;
const whole: readonly PortRange[] = [{ first: 1, last: lastPort }];
export const noPorts: PortSet = { SCTP: [], TCP: [], UDP: [] };
export const allPorts: PortSet = { SCTP: whole, TCP: whole, UDP: whole };

/** Sorts and unites ranges that overlap or touch. */
export function normalRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const result: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first || a.last - b.last)) {
    const previous = result.at(-1);
    if (previous && range.first <= previous.last + 1)
      result[result.length - 1] = { first: previous.first, last: Math.max(previous.last, range.last) };
    else result.push(range);
  }
  return result;
}

const combine = (
  a: PortSet,
  b: PortSet,
  of: (a: readonly PortRange[], b: readonly PortRange[]) => readonly PortRange[],
): PortSet => ({
  SCTP: of(a.SCTP, b.SCTP),
  TCP: of(a.TCP, b.TCP),
  UDP: of(a.UDP, b.UDP),
});

export const unitePorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, (left, right) => normalRanges([...left, ...right]));
/** The ports of `a` that are not in `b`. */
export const subtractPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, (left, right) => right.reduce(cut, left));
export const intersectPorts = (a: PortSet, b: PortSet): PortSet => subtractPorts(a, subtractPorts(a, b));
export const isEmptyPorts = (ports: PortSet): boolean => protocols.every((protocol) => ports[protocol].length === 0);
export const samePorts = (a: PortSet, b: PortSet): boolean =>
  isEmptyPorts(subtractPorts(a, b)) && isEmptyPorts(subtractPorts(b, a));

const cut = (ranges: readonly PortRange[], hole: PortRange): readonly PortRange[] =>
  ranges.flatMap(({ first, last }) =>
    [
      { first, last: Math.min(last, hole.first - 1) },
      { first: Math.max(first, hole.last + 1), last },
    ].filter((part) => part.first <= part.last),
  );

/** One port of one protocol; every port of it where `port` is absent. */
export const portSet = (protocol: Protocol, port?: number): PortSet => ({
  ...noPorts,
  [protocol]: port === undefined ? whole : [{ first: port, last: port }],
});

/** `80,443-445`, or `*` for every port. */
export function formatRanges(ranges: readonly PortRange[]): string {
  const [only] = ranges;
  if (ranges.length === 1 && only?.first === 1 && only.last === lastPort) return '*';
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

/** `TCP 80,443 and UDP *`; `every port` for all of them, `no port` for none. */
export function formatPorts(ports: PortSet): string {
  if (samePorts(ports, allPorts)) return 'every port';
  const parts = protocols
    .filter((protocol) => ports[protocol].length > 0)
    .map((protocol) => `${protocol} ${formatRanges(ports[protocol])}`);
  return parts.length === 0 ? 'no port' : parts.join(' and ');
}
