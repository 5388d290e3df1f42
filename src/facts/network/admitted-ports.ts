import type { TierPolicy } from '../../kube/admin-network-policy.ts';
import type { NetworkPolicy, PolicyRule } from '../../kube/network-policy.ts';
import { type AssumptionId, unite } from './assumptions.ts';
import { isClosedTo } from './closed.ts';
import { directionRuling, selectionOf } from './direction.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, namedPorts } from './peers.ts';
import { noPorts, normalRanges, type PortRange, type PortSet, protocols, type Protocol } from './ports.ts';
import type { Direction } from './selection.ts';
import { tierPortBounds } from './tier-match.ts';
import { tiersOnDirection } from './tiers.ts';

/** Which ports one endpoint may open on another: for certain, and depending on assumptions. The rest is denied. */
export interface AdmittedPorts {
  readonly allowed: PortSet;
  readonly depends: PortSet;
  /** What `allowed` takes for granted. */
  readonly given: readonly AssumptionId[];
  /** What `depends` depends on. */
  readonly open: readonly AssumptionId[];
}

/**
 * All ports of one pair. Policies name ports by bounds, and between two neighbouring bounds every port has one answer: so one port
 * of each interval is asked for. An address range must lie within one part that the policies treat alike (see `addressParts`).
 */
export function admittedPorts(network: NetworkModel, from: Endpoint, to: Endpoint): AdmittedPorts {
  if (isClosedTo(network, to, from)) return { allowed: noPorts, depends: noPorts, given: [], open: [] };
  const bounds = [...boundsOf(network, 'egress', from, to), ...boundsOf(network, 'ingress', to, to)];
  const allowed: Record<Protocol, readonly PortRange[]> = { ...noPorts };
  const depends: Record<Protocol, readonly PortRange[]> = { ...noPorts };
  const given: (readonly AssumptionId[])[] = [];
  const open: (readonly AssumptionId[])[] = [];
  for (const protocol of protocols) {
    const yes: PortRange[] = [];
    const maybe: PortRange[] = [];
    for (const range of intervals(bounds)) {
      const port = { protocol, port: range.first };
      const rulings = [directionRuling(network, 'egress', from, to, port), directionRuling(network, 'ingress', to, from, port)];
      if (rulings.some(({ answer }) => answer === 'denied')) continue;
      const certain = rulings.every(({ answer }) => answer === 'allowed');
      (certain ? yes : maybe).push(range);
      (certain ? given : open).push(...rulings.map(({ assumptions }) => assumptions));
    }
    allowed[protocol] = normalRanges(yes);
    depends[protocol] = normalRanges(maybe);
  }
  return { allowed, depends, given: unite(...given), open: unite(...open) };
}

/** First ports of intervals: where a port entry of a policy on `subject` begins, and after it ends. */
export function boundsOf(
  network: NetworkModel,
  direction: Direction,
  subject: Endpoint,
  destination: Endpoint,
): readonly number[] {
  if (!isPod(subject)) return [];
  return [
    ...selectionOf(network, subject)[direction].flatMap(({ policy }) => policyBounds(policy, direction, destination)),
    ...tiersOnDirection(network, subject, direction).flatMap(({ policy }) => tierBounds(policy, direction, destination)),
  ];
}

const policyBounds = (policy: NetworkPolicy, direction: Direction, destination: Endpoint): readonly number[] =>
  policy[direction].flatMap((rule) => ruleBounds(rule, destination));

/** First ports of the intervals into which a rule cuts the ports of a destination. */
export function ruleBounds(rule: PolicyRule, destination: Endpoint): readonly number[] {
  return (rule.ports ?? []).flatMap(({ port, endPort, protocol }) => {
    if (port === undefined) return [];
    // A plugin without endPort takes the first port alone, so that the ports after it may have another answer.
    if (typeof port === 'number') return [port, port + 1, (endPort ?? port) + 1];
    return (namedPorts(destination, port, protocol) ?? []).flatMap((number) => [number, number + 1]);
  });
}

/** First ports of the intervals into which a cluster-wide policy cuts the ports of a destination. */
export const tierBounds = (policy: TierPolicy, direction: Direction, destination: Endpoint): readonly number[] =>
  policy[direction].flatMap(({ ports }) => (ports ?? []).flatMap((entry) => tierPortBounds(entry, destination)));

/** The ports between these bounds: every port has the same answer as the first of its interval. */
export function intervals(bounds: readonly number[]): readonly PortRange[] {
  const starts = [...new Set([1, ...bounds])].filter((port) => port >= 1 && port <= 65535).sort((a, b) => a - b);
  return starts.map((first, index) => ({ first, last: (starts[index + 1] ?? 65536) - 1 }));
}
