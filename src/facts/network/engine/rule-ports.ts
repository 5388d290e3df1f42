import type { NetworkPolicy, PolicyRule } from '../../../kube/network-policy.ts';
import { intervals, ruleBounds } from '../admitted-ports.ts';
import type { Match, Profile } from '../assumptions.ts';
import type { Endpoint } from '../peers.ts';
import { normalRanges, type PortSet, protocols, type Protocol, type PortRange } from '../ports.ts';
import { type PortNumber, portsMatch } from '../rule.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';
import type { PortSetId, PortTable } from './port-table.ts';

/** Ports that a rule stands for with one certainty. */
export interface PortPart {
  readonly ports: PortSetId;
  readonly certain: boolean;
  readonly on: AssumptionMask;
}

export const hasPortNames = ({ ports }: PolicyRule): boolean => ports?.some(({ port }) => typeof port === 'string') ?? false;

/**
 * The ports that a rule stands for.
 * @param destination whose ports the names are: for ingress the selected Pod, for egress the peer.
 */
export const rulePorts = (
  table: PortTable,
  policy: NetworkPolicy,
  rule: PolicyRule,
  destination: Endpoint,
  profile: Profile,
): readonly PortPart[] =>
  rule.ports === undefined
    ? everyPort(table)
    : portParts(table, ruleBounds(rule, destination), (port) => portsMatch(policy, rule, destination, port, profile));

export const everyPort = (table: PortTable): readonly PortPart[] => [{ ports: table.all, certain: true, on: 0 }];

/** Ports by how they match: one port of each interval between the bounds is asked for, as `admittedPorts` does. */
export function portParts(
  table: PortTable,
  bounds: readonly number[],
  matchOf: (port: PortNumber) => Match,
): readonly PortPart[] {
  const parts = new Map<
    string,
    { readonly ranges: Record<Protocol, PortRange[]>; readonly certain: boolean; readonly on: number }
  >();
  for (const protocol of protocols)
    for (const range of intervals(bounds)) {
      const { truth, assumptions } = matchOf({ protocol, port: range.first });
      if (truth === 'no') continue;
      const on = maskOf(assumptions);
      const key = `${truth} ${on}`;
      const part = parts.get(key) ?? { ranges: { SCTP: [], TCP: [], UDP: [] }, certain: truth === 'yes', on };
      part.ranges[protocol].push(range);
      parts.set(key, part);
    }
  return [...parts.values()].map(({ ranges, certain, on }) => ({ ports: table.idOf(normal(ranges)), certain, on }));
}

const normal = (ranges: Readonly<Record<Protocol, readonly PortRange[]>>): PortSet => ({
  SCTP: normalRanges(ranges.SCTP),
  TCP: normalRanges(ranges.TCP),
  UDP: normalRanges(ranges.UDP),
});
