import type { JsonObject } from '../../kube/json.ts';
import { everyAddress } from '../../kube/address.ts';
import { compareText } from '../../model/object-ref.ts';
import { apiServerFlows } from './api-server-flows.ts';
import { apiServerAddresses } from './control-plane.ts';
import { derivedFlows } from './derived.ts';
import { dnsAccess } from './dns.ts';
import { dnsRules, flowsCutByIsolation, peerFor, portFor, stableLabels } from './egress.ts';
import { intendedFlows } from './intended.ts';
import { defaultDeny } from './isolation.ts';
import { type NetworkModel, withObjects } from './network.ts';
import { type Endpoint, externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import type { Protocol } from './ports.ts';
import { isolation, reaches } from './reach.ts';
import { suggestedFlows } from './suggested.ts';

/**
 * NetworkPolicy objects after which every workload under review asks the DNS by a rule, and still opens what it needs: one policy
 * for the DNS in each namespace, and one for each workload that the first would cut off from something. Sorted by namespace.
 */
export function dnsEgressManifests(network: NetworkModel): readonly JsonObject[] {
  const lacking = network.reviewed.filter((endpoint) => {
    const { answer } = dnsAccess(network, endpoint);
    return !endpoint.workload.hostNetwork && (answer === 'implicit' || answer === 'denied');
  });
  const free = freeNames(network);
  return namespacesOf(lacking).flatMap(([namespace, workloads]) => [
    ...selectorsFor(workloads).map((podSelector, index) =>
      policy(free(namespace, index === 0 ? 'allow-dns' : `allow-dns-${index + 1}`), namespace, {
        podSelector,
        policyTypes: ['Egress'],
        egress: [...dnsRules(network)],
      }),
    ),
    ...workloads.flatMap((endpoint) => {
      // What is isolated already is cut already: it lacks the DNS alone.
      const needed = isolation(network, endpoint, 'egress').isolated ? [] : flowsCutByIsolation(network, endpoint);
      if (needed.length === 0) return [];
      const name = free(namespace, `${endpoint.workload.ref.name}-egress`);
      return [
        policy(name, namespace, {
          podSelector: { matchLabels: Object.fromEntries(stableLabels(endpoint)) },
          policyTypes: ['Egress'],
          egress: needed.map((flow) => ({ to: [peerFor(flow.to)], ports: [portFor(flow)] })),
        }),
      ];
    }),
  ]);
}

/**
 * NetworkPolicy objects that isolate for ingress each namespace that nothing isolates, and allow what that would cut: declared
 * flows, or where nobody declared any, those that Ingress objects and variables suggest; and what every system needs, such as
 * scrapes and webhooks. Sorted by namespace.
 */
export function denyIngressManifests(network: NetworkModel): readonly JsonObject[] {
  const open = namespacesOf(network.reviewed).filter(([namespace]) =>
    ['not-isolated', 'pods-only'].includes(defaultDeny(network, namespace, 'ingress').answer),
  );
  const free = freeNames(network);
  const denials = open.map(([namespace]) =>
    policy(free(namespace, 'default-deny-ingress'), namespace, { podSelector: {}, policyTypes: ['Ingress'] }),
  );
  const closed = withObjects(network, denials);
  return open.flatMap(([namespace, workloads], index) => [
    ...denials.slice(index, index + 1),
    ...workloads.flatMap((endpoint) => {
      const cut = wanted(network).filter((flow) => flow.to.id === endpoint.id && isOpen(network, flow) && !isOpen(closed, flow));
      if (cut.length === 0) return [];
      return [
        policy(free(namespace, `${endpoint.workload.ref.name}-ingress`), namespace, {
          podSelector: { matchLabels: Object.fromEntries(stableLabels(endpoint)) },
          policyTypes: ['Ingress'],
          ingress: cut.map((flow) => ({
            ...(flow.everybody === true ? {} : { from: [peerFor(flow.from)] }),
            ports: [portFor(flow)],
          })),
        }),
      ];
    }),
  ]);
}

/**
 * What the policies for egress leave out: workloads that may talk to the API server, where no source shows its addresses. One
 * sentence for each of them, for a comment.
 */
export function missingFromEgress(network: NetworkModel): readonly string[] {
  if (apiServerAddresses(network).length > 0) return [];
  return apiServerFlows(network)
    .filter(({ from }) => from.ends.some((end) => end.kind === 'workload' && !isolation(network, end, 'egress').isolated))
    .map(
      ({ from, reason }) =>
        `${from.id} needs the API server, whose addresses are not in the sources: add an ipBlock of them, and EndpointSlice default/kubernetes to the sources (${reason}).`,
    );
}

/** `port`: a name stays a name, since it is the destination's own; absent: any. */
interface WantedFlow {
  readonly from: Endpoint;
  /** The source may have any address, so that no rule can name it. */
  readonly everybody?: true;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  readonly port?: number | string;
}

const wanted = (network: NetworkModel): readonly WantedFlow[] => network.once(findWanted);

function findWanted(network: NetworkModel): readonly WantedFlow[] {
  const derived = derivedFlows(network).flatMap(({ kind, from, to, protocol, port }): readonly WantedFlow[] => {
    // What leaves a workload is no matter of its ingress.
    if (kind === 'dns' || kind === 'api-server' || port === undefined) return [];
    // The API server connects from addresses that nobody showed: everybody must be let in.
    if (from.ends.length === 0)
      return to.ends.map((end) => ({ from: externalEndpoint(everyAddress[4]), everybody: true, to: end, protocol, port }));
    return from.ends.filter(hasPlace).flatMap((source) => to.ends.map((end) => ({ from: source, to: end, protocol, port })));
  });
  return unique([...wantedByPeople(network), ...derived]);
}

/** Pods that may be in any namespace can be named by no rule. */
const hasPlace = (end: Endpoint): boolean => end.kind !== 'unseen' || end.namespace.name !== '';

/** What the policies for ingress leave out: entries whose Pods may be anywhere. One sentence for each of them, for a comment. */
export const missingFromIngress = (network: NetworkModel): readonly string[] =>
  derivedFlows(network)
    .filter(({ from }) => from.ends.some((end) => !hasPlace(end)))
    .map(
      ({ to, port, reason }) =>
        `${reason}, to port ${port} of ${to.id}: allow the Pods of its controller, which are not in the sources.`,
    );

const unique = (flows: readonly WantedFlow[]): readonly WantedFlow[] => [
  ...new Map(flows.map((flow) => [`${flow.from.id} ${flow.to.id} ${flow.protocol} ${flow.port}`, flow])).values(),
];

function wantedByPeople(network: NetworkModel): readonly WantedFlow[] {
  const declared = intendedFlows(network);
  if (declared === undefined) return suggestedFlows(network);
  const flows = declared.flatMap(({ flow, pairs }) =>
    pairs.map(({ from, to }): WantedFlow => {
      const { protocol, port } = flow;
      return { from, to, protocol, ...(port === undefined ? {} : { port }) };
    }),
  );
  return unique(flows);
}

const isOpen = (network: NetworkModel, { from, to, protocol, port }: WantedFlow): boolean =>
  reaches(network, from, to, { protocol, port: port ?? 1 }).answer === 'allowed';

const policy = (name: string, namespace: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

/** One selector for all where one label tells them apart from the rest, or one for each. */
function selectorsFor(workloads: readonly WorkloadEndpoint[]): readonly JsonObject[] {
  const labels = workloads.map((endpoint) => [...stableLabels(endpoint)]);
  const [[[key] = ['']] = []] = labels;
  const isShared = workloads.length > 1 && labels.every((own) => own.length === 1 && own[0]?.[0] === key);
  if (!isShared) {
    const unique = new Map(labels.map((own) => [JSON.stringify(own), own]));
    return [...unique.values()].map((own) => ({ matchLabels: Object.fromEntries(own) }));
  }
  const values = [...new Set(labels.flatMap((own) => own.map(([, value]) => value)))].sort(compareText);
  return [{ matchExpressions: [{ key: key ?? '', operator: 'In', values }] }];
}

function namespacesOf(workloads: readonly WorkloadEndpoint[]): readonly (readonly [string, readonly WorkloadEndpoint[]])[] {
  // Without labels no policy can select these Pods alone.
  const selectable = workloads.filter((endpoint) => stableLabels(endpoint).size > 0);
  return [...Map.groupBy(selectable, ({ namespace }) => namespace.name)].sort(([a], [b]) => compareText(a, b));
}

/** Gives names that no policy has, each once. */
function freeNames(network: NetworkModel): (namespace: string, name: string) => string {
  const taken = new Set(network.policies.map(({ namespace, ref }) => `${namespace}/${ref.name}`));
  return (namespace, name) => {
    let free = name;
    for (let number = 2; taken.has(`${namespace}/${free}`); number += 1) free = `${name}-${number}`;
    taken.add(`${namespace}/${free}`);
    return free;
  };
}
