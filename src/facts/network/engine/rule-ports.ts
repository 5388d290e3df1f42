import type { PolicyPort, PolicyRule } from '../../../kube/network-policy.ts';
import type { NetworkPolicy } from '../../../kube/network-policy.ts';
import { type Profile, yes } from '../assumptions.ts';
import { type Endpoint, namedPorts, onHostNetwork } from '../peers.ts';
import { allPorts, noPorts, normalRanges, type PortSet, portSet, unitePorts } from '../ports.ts';
import { isInvalid } from '../rule.ts';
import { hostNetworkMatch } from '../selection.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';
import type { PortSetId, PortTable } from './port-table.ts';

/** Ports that a rule names at one destination: for certain, and perhaps, on these assumptions. */
export interface RulePorts {
  readonly certain: PortSetId;
  readonly perhaps: PortSetId;
  readonly on: AssumptionMask;
}

export const hasPortNames = ({ ports }: PolicyRule): boolean => ports?.some(({ port }) => typeof port === 'string') ?? false;

/** @param destination whose ports the names are: for ingress the selected Pod, for egress the peer. */
export function rulePorts(
  table: PortTable,
  policy: NetworkPolicy,
  { ports }: PolicyRule,
  destination: Endpoint,
  profile: Profile,
): RulePorts {
  if (ports === undefined) return { certain: table.all, perhaps: table.none, on: 0 };
  let certain = noPorts;
  let perhaps = noPorts;
  let on = 0;
  for (const entry of ports) {
    if (isInvalid(policy, entry.path)) {
      perhaps = allPorts;
      on |= maskOf(['invalid-policy']);
      continue;
    }
    const doubtful = beyondFirst(entry, profile);
    if (doubtful !== undefined) {
      perhaps = unitePorts(perhaps, doubtful);
      on |= maskOf(['end-port']);
    }
    const named = entryPorts(doubtful === undefined ? entry : firstAlone(entry), destination);
    const { truth, assumptions } = isNameOfHost(entry, destination) ? hostNetworkMatch(profile, 'peer') : yes;
    if (named !== undefined && truth === 'yes') certain = unitePorts(certain, named);
    else if (truth !== 'no') {
      perhaps = unitePorts(perhaps, named ?? portSet(entry.protocol));
      on |= maskOf(named === undefined ? ['unseen-peer'] : assumptions);
    }
  }
  return { certain: table.idOf(certain), perhaps: table.idOf(perhaps), on };
}

/** The ports after the first of a range, where the plugin may take the first alone. */
const beyondFirst = ({ port, endPort, protocol }: PolicyPort, profile: Profile): PortSet | undefined =>
  profile['end-port'] === 'maybe' && typeof port === 'number' && endPort !== undefined && endPort > port
    ? { ...noPorts, [protocol]: [{ first: port + 1, last: endPort }] }
    : undefined;

/** A name is a Pod's: at the address of its node there is none. */
const isNameOfHost = ({ port }: PolicyPort, destination: Endpoint): boolean =>
  typeof port === 'string' && onHostNetwork(destination);

const firstAlone = ({ endPort: _, ...entry }: PolicyPort): PolicyPort => entry;

/** Undefined where the number behind a name is not known. */
function entryPorts({ port, endPort, protocol }: PolicyPort, destination: Endpoint): PortSet | undefined {
  if (port === undefined) return portSet(protocol);
  if (typeof port === 'number') return { ...noPorts, [protocol]: [{ first: port, last: endPort ?? port }] };
  const numbers = namedPorts(destination, port, protocol);
  return numbers && { ...noPorts, [protocol]: normalRanges(numbers.map((number) => ({ first: number, last: number }))) };
}
