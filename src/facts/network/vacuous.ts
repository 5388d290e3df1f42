import type { NetworkPolicy, PolicyPeer } from '../../kube/network-policy.ts';
import { formatSelector, type LabelSelector } from '../../kube/selector.ts';
import type { Path } from '../../model/judgement.ts';
import { compareText } from '../../model/object-ref.ts';
import { every, type Match, some, unite, yes } from './assumptions.ts';
import { dnsTargets } from './dns-targets.ts';
import { type Labels, matchLabels } from './labels.ts';
import { nearest } from './nearest.ts';
import type { NetworkModel } from './network.ts';
import { podMakerIn } from './pod-makers.ts';
import { namedNamespaces, policiesUnderReview } from './subjects.ts';
import { isPod, type NamespaceInfo, type PodEndpoint, unseenEndpoint } from './peers.ts';

/**
 * A selector of a policy that asks for something, and whether anything known has it. A selector that matches nothing is valid, and
 * without effect. `certain`: whatever it could match is in the sources. Otherwise Pods or namespaces outside the sources may match
 * it, and `why` says which.
 */
export interface PolicySelector {
  readonly policy: NetworkPolicy;
  readonly path: Path;
  readonly part: 'podSelector' | 'peer-pods' | 'peer-namespaces';
  /** As kubectl writes it. */
  readonly selector: string;
  /** Does anything match: `maybe` where labels are not known whole. */
  readonly match: Match;
  /** What matches, or could, as far as it is known. */
  readonly ends: readonly PodEndpoint[];
  readonly certain: boolean;
  readonly why: string;
  /** Labels that exist and look like it: `app=backend`. */
  readonly suggestions: readonly string[];
}

/** Selectors of policies under review that match nothing, in the order of policies and paths. */
export const vacuousSelectors = (network: NetworkModel): readonly PolicySelector[] =>
  policySelectors(network).filter(({ match }) => match.truth === 'no');

/** Every selector with a requirement in the policies under review, in the order of policies and paths. */
export const policySelectors = (network: NetworkModel): readonly PolicySelector[] => network.once(findSelectors);

const findSelectors = (network: NetworkModel): readonly PolicySelector[] =>
  policiesUnderReview(network).flatMap((policy) => [
    ...subjectOf(network, policy),
    ...[...policy.ingress, ...policy.egress].flatMap((rule) =>
      (rule.peers ?? []).flatMap((peer) => peerOf(network, policy, peer)),
    ),
  ]);

const isEmpty = (selector: LabelSelector) => selector.requirements.length === 0;

function subjectOf(network: NetworkModel, policy: NetworkPolicy): readonly PolicySelector[] {
  const { podSelector, namespace } = policy;
  if (isEmpty(podSelector)) return [];
  const here = network.byNamespace.get(namespace) ?? [];
  return [
    found(
      policy,
      ['spec', 'podSelector'],
      'podSelector',
      podSelector,
      here.map((endpoint) => ({ endpoint, match: matchLabels(podSelector, endpoint.labels) })),
      unseenPods(network, [namespace]),
      `no workload in namespace ${namespace} has these labels`,
    ),
  ];
}

function peerOf(network: NetworkModel, policy: NetworkPolicy, peer: PolicyPeer): readonly PolicySelector[] {
  if (peer.ipBlock) return [];
  const namespaces = matchingNamespaces(network, policy, peer);
  const selectors: PolicySelector[] = [];
  if (peer.namespaceSelector && !isEmpty(peer.namespaceSelector)) {
    selectors.push(
      found(
        policy,
        [...peer.path, 'namespaceSelector'],
        'peer-namespaces',
        peer.namespaceSelector,
        namespaces.map(({ place, match }) => ({ endpoint: unseenEndpoint(place.info, '*'), match })),
        unseenNamespaces(network, undefined),
        'no namespace has these labels',
        network.once(knownNamespaces).map(({ info }) => info.labels),
      ),
    );
    if (namespaces.length === 0) return selectors;
  }
  const { podSelector } = peer;
  if (!podSelector || isEmpty(podSelector)) return selectors;
  const candidates = namespaces.flatMap(({ place: { info }, match }) =>
    [...(network.byNamespace.get(info.name) ?? []), ...(network.once(podsBySay).get(info.name) ?? [])].map((endpoint) => ({
      endpoint,
      match: every([match, matchLabels(podSelector, endpoint.labels)]),
    })),
  );
  const names = namespaces.map(({ place }) => place.info.name);
  const where = names.length === 1 ? `namespace ${names[0]}` : `the ${names.length} namespaces that match`;
  selectors.push(
    found(
      policy,
      [...peer.path, 'podSelector'],
      'peer-pods',
      podSelector,
      candidates,
      unseenPods(network, names) ?? (peer.namespaceSelector && unseenNamespaces(network, peer.namespaceSelector)),
      `no workload in ${where} has these labels`,
    ),
  );
  return selectors;
}

/** Namespaces that a peer means, certain or not; its own where it has no namespaceSelector. */
function matchingNamespaces(
  network: NetworkModel,
  policy: NetworkPolicy,
  { namespaceSelector }: PolicyPeer,
): readonly { readonly place: KnownNamespace; readonly match: Match }[] {
  if (!namespaceSelector)
    return [{ place: { info: network.namespace(policy.namespace), shown: true, conventional: false }, match: yes }];
  return network
    .once(knownNamespaces)
    .map((place) => {
      const match = matchLabels(namespaceSelector, place.info.labels);
      // Nobody showed the namespace: that it exists is somebody's word.
      return { place, match: place.shown ? match : { ...match, assumptions: unite(match.assumptions, ['declared-labels']) } };
    })
    .filter(({ place, match }) => match.truth === 'yes' || (match.truth === 'maybe' && !place.conventional));
}

function found(
  policy: NetworkPolicy,
  path: Path,
  part: PolicySelector['part'],
  selector: LabelSelector,
  candidates: readonly { readonly endpoint: PodEndpoint; readonly match: Match }[],
  unseen: string | undefined,
  nothing: string,
  labels: readonly Labels[] = candidates.map(({ endpoint }) => endpoint.labels),
): PolicySelector {
  const match = some(candidates.map((candidate) => candidate.match));
  return {
    policy,
    path,
    part,
    selector: formatSelector(selector),
    match,
    ends: candidates.filter((candidate) => candidate.match.truth === match.truth).map(({ endpoint }) => endpoint),
    certain: unseen === undefined,
    why: unseen ?? nothing,
    suggestions: match.truth === 'no' ? suggest(selector, labels) : [],
  };
}

/** Labels that exist: another value of the same key, if it is near, or the same value under another key (`name` is not set by itself). */
function suggest(selector: LabelSelector, labels: readonly Labels[]): readonly string[] {
  const existing = labels.flatMap(({ known }) => [...known]);
  const suggestions = selector.requirements.flatMap(({ key, values }) =>
    values.flatMap((value) => {
      const likely = nearest(
        value,
        existing.flatMap(([name, other]) => (name === key ? [other] : [])),
      );
      const elsewhere = existing.filter(([name, other]) => name !== key && other === value).map(([name]) => name);
      return [...likely.map((other) => `${key}=${other}`), ...elsewhere.sort(compareText).map((name) => `${name}=${value}`)];
    }),
  );
  return [...new Set(suggestions)].slice(0, 3);
}

/** Why Pods of these namespaces may be missing from the sources; undefined where all are there. */
function unseenPods(network: NetworkModel, namespaces: readonly string[]): string | undefined {
  const deployer = network.inputs.unexpanded[0] ?? podMakerIn(network, namespaces);
  if (deployer) return `${deployer.ref.kind} ${deployer.ref.name} deploys Pods that are not in the sources`;
  const empty = namespaces.find((name) => !network.inputs.reviewed.includes(name) || !network.byNamespace.has(name));
  return empty === undefined ? undefined : `the Pods of namespace ${empty} are not all in the sources`;
}

/** Why a selector may match namespaces that are not in the sources; undefined where they all are, or it asks for known ones by name. */
function unseenNamespaces(network: NetworkModel, selector: LabelSelector | undefined): string | undefined {
  const all = network.inputs.completeness('', 'Namespace');
  if (all.complete || (selector && namedNamespaces(selector) !== undefined)) return undefined;
  return `${all.why}, so a namespace that is not in the sources may have these labels`;
}

interface KnownNamespace {
  readonly info: NamespaceInfo;
  /** An object shows that it exists: itself, or one in it. Otherwise it is declared. */
  readonly shown: boolean;
  /** Known only since every cluster has it: of its labels nothing but the name counts. */
  readonly conventional: boolean;
}

/** Namespaces of which anything is known: objects, workloads, policies, declarations; and where the DNS is, which every cluster has. */
function knownNamespaces(network: NetworkModel): readonly KnownNamespace[] {
  const { objects, provided } = network.inputs;
  const shown = new Set<string>([
    ...network.byNamespace.keys(),
    ...network.policiesByNamespace.keys(),
    ...objects.filter(({ group, ref }) => group === '' && ref.kind === 'Namespace').map(({ ref }) => ref.name),
  ]);
  const usual = dnsTargets(network).flatMap(({ endpoint }) => (isPod(endpoint) ? endpoint.namespace.name : []));
  const said = provided.flatMap((item) => (item.kind === 'Namespace' ? item.name : (item.namespace ?? [])));
  return [...new Set([...shown, ...said, ...usual])].sort(compareText).map((name) => ({
    info: network.namespace(name),
    shown: shown.has(name) || usual.includes(name),
    conventional: !shown.has(name) && !said.includes(name),
  }));
}

/** Pods outside the sources with labels that somebody declared, or that the DNS has by convention; by namespace. */
function podsBySay(network: NetworkModel): ReadonlyMap<string, readonly PodEndpoint[]> {
  const declared = network.inputs.provided.flatMap(({ kind, name, namespace, labels }) =>
    kind === 'Namespace' || namespace === undefined || labels === undefined
      ? []
      : [unseenEndpoint(network.namespace(namespace), name, new Map(Object.entries(labels)), { declared: true })],
  );
  const dns = dnsTargets(network).flatMap(({ endpoint, seen }) =>
    endpoint.kind === 'unseen' && !seen
      ? [{ ...endpoint, labels: { ...endpoint.labels, declared: new Set(endpoint.labels.known.keys()) } }]
      : [],
  );
  return Map.groupBy<string, PodEndpoint>([...declared, ...dns], ({ namespace }) => namespace.name);
}
