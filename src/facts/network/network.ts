import type { IntendedFlow, ProvidedObject } from '../../evidence/declared.ts';
import type { JsonObject } from '../../kube/json.ts';
import { identify, type KubeObject } from '../../kube/object.ts';
import { isNamespaced } from '../../kube/gvk.ts';
import { type NetworkPolicy, readNetworkPolicy } from '../../kube/network-policy.ts';
import { readTierPolicy, type TierPolicy } from '../../kube/admin-network-policy.ts';
import { readService, type Service } from '../../kube/service.ts';
import { readWorkload, type Workload } from '../../kube/workload.ts';
import { compareText, groupOf, refKey } from '../../model/object-ref.ts';
import { fact } from '../fact.ts';
import { type Completeness, declaredReview, inventory } from '../inventory.ts';
import { workloads } from '../workloads.ts';
import type { AddressRange } from '../../kube/address.ts';
import { blocksOf, networksOf } from './blocks.ts';
import type { Profile } from './assumptions.ts';
import { settledBy } from './profiles.ts';
import { namespaceInfo, type NamespaceInfo, type WorkloadEndpoint, workloadEndpoint, workloadId } from './peers.ts';
import type { Selection } from './selection.ts';
import { type VendorPolicy, vendorPolicies } from './vendor.ts';

/** Everything that a network model is built from; kept in it, so that a change can be tried out. */
export interface NetworkInputs {
  /** Everything known of the environment: system and platform. */
  readonly objects: readonly KubeObject[];
  readonly workloads: readonly Workload[];
  /** Ids of the workloads under review. */
  readonly underReview: ReadonlySet<string>;
  /** Namespaces under review. */
  readonly reviewed: readonly string[];
  readonly provided: readonly ProvidedObject[];
  /** Absent: nobody declared which flows are intended. */
  readonly traffic?: readonly IntendedFlow[];
  readonly profile: Profile;
  readonly completeness: (group: string, kind: string) => Completeness;
  /** Objects that deploy Pods which are in no source. */
  readonly unexpanded: readonly KubeObject[];
}

/** Who may talk to whom, ready to be asked. */
export interface NetworkModel {
  readonly inputs: NetworkInputs;
  readonly profile: Profile;
  /** Every workload that is known, sorted by id. */
  readonly endpoints: readonly WorkloadEndpoint[];
  /** Those under review, sorted by id. */
  readonly reviewed: readonly WorkloadEndpoint[];
  readonly byId: ReadonlyMap<string, WorkloadEndpoint>;
  readonly byNamespace: ReadonlyMap<string, readonly WorkloadEndpoint[]>;
  /** Sorted by namespace and name. */
  readonly policies: readonly NetworkPolicy[];
  readonly policiesByNamespace: ReadonlyMap<string, readonly NetworkPolicy[]>;
  /** Cluster-wide policies, sorted by tier (admin first), priority, kind and name. */
  readonly tierPolicies: readonly TierPolicy[];
  /** The policies that select workloads, by id, as far as somebody has asked: see `selectionOf`. */
  readonly selections: Map<string, Selection>;
  readonly services: readonly Service[];
  readonly vendor: readonly VendorPolicy[];
  /** Every block and exception of every ipBlock, and every network of a cluster-wide policy: addresses between two ends of them are treated alike. */
  readonly blocks: readonly AddressRange[];
  readonly traffic: readonly IntendedFlow[] | undefined;
  /** Never undefined: a namespace of which nothing is known has its name. */
  namespace(name: string): NamespaceInfo;
  /** The model without what providedElsewhere declares for a time that has ended by this moment; itself where nothing has. */
  at(asOf: string): NetworkModel;
  /** What follows from the model alone, computed once for each function: give a function of the module, not one made on the spot. */
  once<T>(derive: (network: NetworkModel) => T): T;
}

/** The network of the launch environment. */
export const network = fact(
  'network',
  [inventory, workloads, declaredReview],
  (known, all, declared): NetworkModel =>
    buildNetwork({
      objects: known.objects,
      workloads: all.all,
      underReview: new Set(all.system.map(workloadId)),
      reviewed: known.namespaces,
      provided: known.provided,
      ...(declared.traffic === undefined ? {} : { traffic: declared.traffic }),
      profile: settledBy(declared.network?.profile),
      completeness: known.completeness,
      unexpanded: known.unexpanded,
    }),
);

export function buildNetwork(inputs: NetworkInputs): NetworkModel {
  const namespace = namespaceReader(inputs);
  const endpoints = inputs.workloads.map((workload) => workloadEndpoint(workload, namespace(workload.namespace)));
  endpoints.sort((a, b) => compareText(a.id, b.id));
  const policies = inputs.objects.filter(isPolicy).flatMap((object) => readNetworkPolicy(object) ?? []);
  policies.sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.ref.name, b.ref.name));
  const policiesByNamespace = Map.groupBy(policies, (policy) => policy.namespace);
  const tierPolicies = inputs.objects.flatMap((object) => readTierPolicy(object) ?? []).sort(byPrecedence);
  const { profile } = inputs;
  const derived = new Map<unknown, unknown>();
  const moments = new Map<string, NetworkModel>();
  const model: NetworkModel = {
    inputs,
    profile,
    endpoints,
    reviewed: endpoints.filter(({ id }) => inputs.underReview.has(id)),
    byId: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    byNamespace: Map.groupBy(endpoints, (endpoint) => endpoint.namespace.name),
    policies,
    policiesByNamespace,
    tierPolicies,
    selections: new Map(),
    services: inputs.objects
      .filter(({ group, ref }) => group === '' && ref.kind === 'Service')
      .flatMap((object) => readService(object) ?? []),
    vendor: vendorPolicies(inputs.objects),
    blocks: [
      ...policies.flatMap(({ ingress, egress }) => [...blocksOf(ingress), ...blocksOf(egress)]),
      ...tierPolicies.flatMap(({ egress }) => networksOf(egress)),
    ],
    traffic: inputs.traffic,
    namespace,
    at(asOf) {
      if (inputs.provided.every(({ expires }) => expires > asOf)) return model;
      const known = moments.get(asOf);
      if (known) return known;
      const later = buildNetwork({ ...inputs, provided: inputs.provided.filter(({ expires }) => expires > asOf) });
      moments.set(asOf, later);
      return later;
    },
    once<T>(derive: (network: NetworkModel) => T): T {
      if (!derived.has(derive)) derived.set(derive, derive(model));
      return derived.get(derive) as T;
    },
  };
  return model;
}

const isPolicy = ({ group, ref }: KubeObject) =>
  ref.kind === 'NetworkPolicy' && (group === 'networking.k8s.io' || group === 'extensions');

const byPrecedence = (a: TierPolicy, b: TierPolicy): number =>
  compareText(a.tier, b.tier) ||
  a.priority - b.priority ||
  compareText(a.ref.kind, b.ref.kind) ||
  compareText(a.ref.name, b.ref.name);

/** The networks that rules of a cluster-wide policy name. */
function namespaceReader(inputs: NetworkInputs): (name: string) => NamespaceInfo {
  const objects = new Map(
    inputs.objects
      .filter(({ group, ref }) => group === '' && ref.kind === 'Namespace')
      .map((object) => [object.ref.name, object]),
  );
  const known = new Map<string, NamespaceInfo>();
  return (name) => {
    const found = known.get(name);
    if (found) return found;
    const provided = inputs.provided.find((item) => item.kind === 'Namespace' && item.name === name);
    const info = namespaceInfo(name, objects.get(name), provided, inputs.profile);
    known.set(name, info);
    return info;
  };
}

/** The model as it would be with these objects added, or put in the place of objects of the same identity. Adds workloads too. */
export function withObjects(model: NetworkModel, added: readonly JsonObject[]): NetworkModel {
  const objects = added.flatMap((value) => toKubeObject(value) ?? []);
  const replaced = new Set(objects.map(({ ref }) => refKey(ref)));
  const created = objects.flatMap((object) => readWorkload(object) ?? []);
  const { inputs } = model;
  return buildNetwork({
    ...inputs,
    objects: [...inputs.objects.filter(({ ref }) => !replaced.has(refKey(ref))), ...objects],
    workloads: [...inputs.workloads.filter(({ ref }) => !replaced.has(refKey(ref))), ...created],
    underReview: new Set([...inputs.underReview, ...created.map(workloadId)]),
  });
}

function toKubeObject(value: JsonObject): KubeObject | undefined {
  const identity = identify(value, isNamespaced, 'default');
  if (!identity.ok) return undefined;
  const source = {
    slot: 'proposed',
    file: 'proposed',
    document: 0,
    path: [],
    rendered: true,
    live: false,
    environment: '',
    role: 'system',
  } as const;
  return { ref: identity.ref, group: groupOf(identity.ref.apiVersion), value, source, masks: {} };
}
