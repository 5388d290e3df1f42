import type { NetworkPolicy, PolicyPeer } from '../../kube/network-policy.ts';
import { formatSelector, type LabelSelector } from '../../kube/selector.ts';
import type { Path } from '../../model/judgement.ts';
import { type Match, some } from './assumptions.ts';
import { type Labels, matchLabels } from './labels.ts';
import { nearest } from './nearest.ts';
import type { NetworkModel } from './network.ts';
import type { NamespaceInfo } from './peers.ts';
import { selectedFor } from './subjects.ts';

/**
 * A selector of a policy that matches nothing that is known: valid, and without effect. `certain`: whatever it could match is in
 * the sources. Otherwise Pods or namespaces outside the sources may match it, and `why` says which.
 */
export interface VacuousSelector {
  readonly policy: NetworkPolicy;
  readonly path: Path;
  readonly part: 'podSelector' | 'peer-pods' | 'peer-namespaces';
  /** As kubectl writes it. */
  readonly selector: string;
  readonly certain: boolean;
  readonly why: string;
  /** Labels that exist and look like it: `app=backend`. */
  readonly suggestions: readonly string[];
}

/** Selectors of policies under review that match nothing, in the order of policies and paths. */
export function vacuousSelectors(network: NetworkModel): readonly VacuousSelector[] {
  return network.policies
    .filter(({ object, namespace }) => object.source.role === 'system' && isReviewed(network, namespace))
    .flatMap((policy) => [
      ...subjectOf(network, policy),
      ...[...policy.ingress, ...policy.egress].flatMap((rule) =>
        (rule.peers ?? []).flatMap((peer) => peerOf(network, policy, peer)),
      ),
    ]);
}

const isReviewed = (network: NetworkModel, namespace: string) =>
  network.inputs.reviewed.length === 0 || network.inputs.reviewed.includes(namespace);
const isEmpty = (selector: LabelSelector) => selector.requirements.length === 0;

function subjectOf(network: NetworkModel, policy: NetworkPolicy): readonly VacuousSelector[] {
  if (isEmpty(policy.podSelector) || selectedFor(network, policy).length > 0) return [];
  const here = network.byNamespace.get(policy.namespace) ?? [];
  const unseen = unseenPods(network, [policy.namespace]);
  const path = ['spec', 'podSelector'];
  return [
    finding(
      policy,
      path,
      'podSelector',
      policy.podSelector,
      unseen,
      `no workload in namespace ${policy.namespace} has these labels`,
      here.map(({ labels }) => labels),
    ),
  ];
}

function peerOf(network: NetworkModel, policy: NetworkPolicy, peer: PolicyPeer): readonly VacuousSelector[] {
  if (peer.ipBlock) return [];
  const { namespaceSelector, podSelector } = peer;
  const known = knownNamespaces(network);
  const namespaces = namespaceSelector
    ? known.filter(({ labels }) => matchLabels(namespaceSelector, labels).truth !== 'no')
    : [network.namespace(policy.namespace)];
  if (namespaceSelector && !isEmpty(namespaceSelector) && namespaces.length === 0) {
    const path = [...peer.path, 'namespaceSelector'];
    const all = network.inputs.completeness('', 'Namespace');
    const unseen = all.complete ? undefined : `${all.why}, so a namespace that is not in the sources may have these labels`;
    return [
      finding(
        policy,
        path,
        'peer-namespaces',
        namespaceSelector,
        unseen,
        'no namespace has these labels',
        known.map(({ labels }) => labels),
      ),
    ];
  }
  if (!podSelector || isEmpty(podSelector)) return [];
  const pods = namespaces.flatMap(({ name }) => network.byNamespace.get(name) ?? []);
  const match: Match = some(pods.map(({ labels }) => matchLabels(podSelector, labels)));
  if (match.truth !== 'no') return [];
  const names = namespaces.map(({ name }) => name);
  const where = names.length === 1 ? `namespace ${names[0]}` : `the ${names.length} namespaces that match`;
  const path = [...peer.path, 'podSelector'];
  return [
    finding(
      policy,
      path,
      'peer-pods',
      podSelector,
      unseenPods(network, names),
      `no workload in ${where} has these labels`,
      pods.map(({ labels }) => labels),
    ),
  ];
}

function finding(
  policy: NetworkPolicy,
  path: Path,
  part: VacuousSelector['part'],
  selector: LabelSelector,
  unseen: string | undefined,
  nothing: string,
  labels: readonly Labels[],
): VacuousSelector {
  const exist = labels.flatMap(({ known }) => [...known].map(([key, value]) => `${key}=${value}`));
  const wanted = selector.requirements.flatMap(({ key, values }) => values.map((value) => `${key}=${value}`));
  const suggestions = [...new Set(wanted.flatMap((text) => nearest(text, exist)))].slice(0, 3);
  return {
    policy,
    path,
    part,
    selector: formatSelector(selector),
    certain: unseen === undefined,
    why: unseen ?? nothing,
    suggestions,
  };
}

/** Why Pods of these namespaces may be missing from the sources; undefined where all are there. */
function unseenPods(network: NetworkModel, namespaces: readonly string[]): string | undefined {
  const [deployer] = network.inputs.unexpanded;
  if (deployer) return `${deployer.ref.kind} ${deployer.ref.name} deploys Pods that are not in the sources`;
  const empty = namespaces.find((name) => !network.inputs.reviewed.includes(name) || !network.byNamespace.has(name));
  return empty === undefined ? undefined : `the Pods of namespace ${empty} are not all in the sources`;
}

/** Namespaces of which anything is known: objects, workloads, policies, declarations. */
function knownNamespaces(network: NetworkModel): readonly NamespaceInfo[] {
  const { objects, provided } = network.inputs;
  const names = new Set<string>([
    ...network.byNamespace.keys(),
    ...network.policiesByNamespace.keys(),
    ...objects.filter(({ group, ref }) => group === '' && ref.kind === 'Namespace').map(({ ref }) => ref.name),
    ...provided.flatMap((item) => (item.kind === 'Namespace' ? item.name : (item.namespace ?? []))),
  ]);
  return [...names].sort().map((name) => network.namespace(name));
}
