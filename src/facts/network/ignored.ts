import type { NetworkPolicy, PolicyPort, PolicyRule } from '../../kube/network-policy.ts';
import type { Path } from '../../model/judgement.ts';
import { matchLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import { namedPorts, type WorkloadEndpoint } from './peers.ts';
import { peerMatches } from './rule.ts';
import type { Direction } from './selection.ts';
import { servicesOnly } from './service-ranges.ts';
import { namedNamespaces, policiesUnderReview, selectedFor } from './subjects.ts';

/**
 * A part of a policy that does not do what it seems to do.
 * - direction: rules of a direction that policyTypes does not name; invalid: the API server refuses it; host-bits: it refuses it of
 *   new objects, and those that it has mean the block around;
 * - unresolved-port: a port name that no Pod at the destination has; unresolved-outside: a port name for addresses, which have none;
 * - service-addresses: an ipBlock of nothing but addresses of Services, which policies do not see;
 * - undeclared-port: no container at the destination declares the port, though it declares others (information only).
 */
export interface IgnoredPart {
  readonly policy: NetworkPolicy;
  readonly path: Path;
  readonly reason:
    | 'direction'
    | 'invalid'
    | 'host-bits'
    | 'unresolved-port'
    | 'unresolved-outside'
    | 'service-addresses'
    | 'undeclared-port';
  readonly detail: string;
  /** Nothing outside the sources could give it an effect. */
  readonly certain: boolean;
}

/** Parts without the effect that their author meant, in policies under review; in the order of policies and paths. */
export const ignoredParts = (network: NetworkModel): readonly IgnoredPart[] => network.once(findIgnored);

function findIgnored(network: NetworkModel): readonly IgnoredPart[] {
  return policiesUnderReview(network).flatMap((policy) => [
    ...policy.ignored.map(({ direction, path }): IgnoredPart => {
      const type = direction === 'ingress' ? 'Ingress' : 'Egress';
      return {
        policy,
        path,
        reason: 'direction',
        detail: `policyTypes does not name ${type}, so its ${direction} rules have no effect`,
        certain: true,
      };
    }),
    ...policy.invalid.map(
      ({ path, problem }): IgnoredPart => ({ policy, path, reason: 'invalid', detail: problem, certain: true }),
    ),
    ...policy.hostBits.map(
      ({ path, problem }): IgnoredPart => ({ policy, path, reason: 'host-bits', detail: problem, certain: true }),
    ),
    ...(['ingress', 'egress'] as const).flatMap((direction) =>
      policy[direction].flatMap((rule) => [
        ...serviceAddresses(network, policy, rule),
        ...portsOf(network, policy, rule, direction),
      ]),
    ),
  ]);
}

function serviceAddresses(network: NetworkModel, policy: NetworkPolicy, rule: PolicyRule): readonly IgnoredPart[] {
  if (network.profile['service-addresses'] === 'no') return [];
  return (rule.peers ?? []).flatMap(({ ipBlock, path }): readonly IgnoredPart[] => {
    const what = ipBlock === undefined ? undefined : servicesOnly(network, ipBlock.cidr);
    if (ipBlock === undefined || what === undefined) return [];
    const detail = `the block ${ipBlock.cidr} is ${what}, and most network plugins see the address of the Pod behind a Service`;
    return [{ policy, path: [...path, 'ipBlock'], reason: 'service-addresses', detail, certain: true }];
  });
}

function portsOf(network: NetworkModel, policy: NetworkPolicy, rule: PolicyRule, direction: Direction): readonly IgnoredPart[] {
  const destinations = direction === 'ingress' ? selectedFor(network, policy) : peersOf(network, policy, rule);
  return (rule.ports ?? []).flatMap((entry) => {
    if (typeof entry.port === 'string') return [...namedPort(network, policy, rule, entry, entry.port, direction, destinations)];
    return entry.port === undefined || entry.endPort !== undefined ? [] : undeclared(policy, entry, entry.port, destinations);
  });
}

function peersOf(network: NetworkModel, policy: NetworkPolicy, rule: PolicyRule): readonly WorkloadEndpoint[] {
  const pods = (rule.peers ?? []).filter(({ ipBlock }) => ipBlock === undefined);
  const namespaces = [...network.byNamespace.keys()].filter((name) =>
    pods.some(({ namespaceSelector }) =>
      namespaceSelector
        ? matchLabels(namespaceSelector, network.namespace(name).labels).truth !== 'no'
        : name === policy.namespace,
    ),
  );
  return namespaces
    .flatMap((name) => network.byNamespace.get(name) ?? [])
    .filter((endpoint) => pods.some((peer) => peerMatches(policy, peer, endpoint, network.profile).truth !== 'no'));
}

function* namedPort(
  network: NetworkModel,
  policy: NetworkPolicy,
  rule: PolicyRule,
  entry: PolicyPort,
  name: string,
  direction: Direction,
  destinations: readonly WorkloadEndpoint[],
): Generator<IgnoredPart> {
  const onlyAddresses = rule.peers !== undefined && rule.peers.every(({ ipBlock }) => ipBlock !== undefined);
  if (direction === 'egress' && onlyAddresses) {
    yield {
      policy,
      path: entry.path,
      reason: 'unresolved-outside',
      detail: `addresses have no port names, so ${name} matches nothing`,
      certain: true,
    };
    return;
  }
  // Without a known destination nothing can be said; and with every peer allowed, Pods outside the sources may have the name.
  if (destinations.length === 0 || destinations.some((endpoint) => (namedPorts(endpoint, name, entry.protocol) ?? []).length > 0))
    return;
  const many = destinations.length === 1 ? (destinations[0]?.id ?? '') : `any of ${destinations.length} workloads`;
  yield {
    policy,
    path: entry.path,
    reason: 'unresolved-port',
    detail: `no container of ${many} has a ${entry.protocol} port named ${name}`,
    certain: network.inputs.unexpanded.length === 0 && (direction === 'ingress' || staysUnderReview(network, rule)),
  };
}

/** Do all peers of a rule live in namespaces under review, whose workloads are in the sources? */
const staysUnderReview = (network: NetworkModel, rule: PolicyRule): boolean =>
  (rule.peers ?? []).every(
    ({ namespaceSelector }) =>
      namespaceSelector === undefined ||
      namedNamespaces(namespaceSelector)?.every((name) => network.inputs.reviewed.includes(name)) === true,
  );

function undeclared(
  policy: NetworkPolicy,
  entry: PolicyPort,
  port: number,
  destinations: readonly WorkloadEndpoint[],
): readonly IgnoredPart[] {
  const declared = destinations.map((endpoint) => endpoint.workload.containers.flatMap((container) => container.ports));
  if (declared.length === 0 || declared.some((ports) => ports.length === 0)) return [];
  if (declared.some((ports) => ports.some((item) => item.number === port && item.protocol === entry.protocol))) return [];
  return [
    {
      policy,
      path: entry.path,
      reason: 'undeclared-port',
      detail: `no container at the destination declares ${entry.protocol} ${port}`,
      certain: true,
    },
  ];
}
