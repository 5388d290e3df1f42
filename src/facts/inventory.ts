import type { SlotOf } from '../evidence/bundle.ts';
import type { DeclaredReview, ProvidedObject } from '../evidence/declared.ts';
import { isNamespaced } from '../kube/gvk.ts';
import type { KubeObject } from '../kube/object.ts';
import { compareRefs, compareText, formatRef, groupOf } from '../model/object-ref.ts';
import { evidence, fact } from './fact.ts';
import { objects, type ReadObjects } from './objects.ts';

export const declaredReview = evidence('declared-review', (bundle): DeclaredReview => bundle.declared.review);

/** What is known of one object: it is there, it is declared to be there, it is not there, or nobody looked. */
export type Lookup =
  | { readonly status: 'found'; readonly object: KubeObject }
  | { readonly status: 'provided'; readonly provided: ProvidedObject }
  | { readonly status: 'absent' }
  | { readonly status: 'unseen'; readonly why: string };

/** The objects of one environment, and what their absence means. */
export interface Inventory {
  readonly environment: string;
  /** Everything known of the environment: system and platform. Sorted by ref. */
  readonly objects: readonly KubeObject[];
  /** What is under review: role system, narrowed by `select`. Sorted by ref. */
  readonly system: readonly KubeObject[];
  readonly provided: readonly ProvidedObject[];
  /** All objects of a kind (system and platform), sorted by ref. */
  ofKind(group: string, kind: string): readonly KubeObject[];
  /** Objects of a kind under review, sorted by ref. */
  systemOfKind(group: string, kind: string): readonly KubeObject[];
  /** The same object as a live dump shows it, with status and defaults; undefined where no dump has it. */
  liveOf(object: KubeObject): KubeObject | undefined;
  /** One object by identity. Namespace is undefined for cluster-scoped kinds. */
  lookup(group: string, kind: string, namespace: string | undefined, name: string): Lookup;
  /**
   * May absence of this kind be read as absence? Only where a source says that it is complete for the kind (by default the
   * namespaced kinds found in it) and no object source failed.
   */
  completeness(group: string, kind: string): Completeness;
  /** Objects that deploy others that are not here: Argo CD Applications, Flux HelmReleases, ... */
  readonly unexpanded: readonly KubeObject[];
  /** Namespaces in which objects under review live, sorted. */
  readonly namespaces: readonly string[];
}

export type Completeness = { readonly complete: true } | { readonly complete: false; readonly why: string };

export interface Inventories {
  readonly target: Inventory;
  /** Other environments, by name, for checks that compare. */
  readonly comparisons: ReadonlyMap<string, Inventory>;
}

/** The inventory of the launch environment. */
export const inventories = fact('inventories', [objects, declaredReview], (read, declared): Inventories => {
  const environments = new Map<string, KubeObject[]>();
  for (const object of read.objects) {
    const environment = object.source.role === 'comparison' ? object.source.environment : declared.environment;
    const list = environments.get(environment);
    if (list) list.push(object);
    else environments.set(environment, [object]);
  }
  const build = (environment: string) => buildInventory(environment, environments.get(environment) ?? [], read, declared);
  const others = [...environments.keys()].filter((name) => name !== declared.environment).sort(compareText);
  return { target: build(declared.environment), comparisons: new Map(others.map((name) => [name, build(name)])) };
});

/** The inventory of the launch environment: what most checks need. */
export const inventory = fact('inventory', [inventories], (all) => all.target);

function buildInventory(environment: string, all: readonly KubeObject[], read: ReadObjects, declared: DeclaredReview): Inventory {
  const isTarget = environment === declared.environment;
  const byKey = new Map<string, KubeObject>();
  const live = new Map<string, KubeObject>();
  // An object in a live dump and in the manifests is one object; the manifest under review is the one that can be mended.
  for (const object of [...all].sort((a, b) => rank(a) - rank(b))) {
    const key = keyOf(object.group, object.ref.kind, object.ref.namespace, object.ref.name);
    if (!byKey.has(key)) byKey.set(key, object);
    if (object.source.live && !live.has(key)) live.set(key, object);
  }
  const sorted = [...byKey.values()].sort((a, b) => compareRefs(a.ref, b.ref) || compareText(a.source.file, b.source.file));
  const system = sorted.filter(
    (object) => (isTarget ? object.source.role === 'system' : true) && selected(object, declared, isTarget),
  );
  const byKind = groupByKind(sorted);
  const systemByKind = groupByKind(system);
  const provided = isTarget ? declared.providedElsewhere : [];
  const slots = read.slots.filter((slot) => (isTarget ? slot.role !== 'comparison' : slot.environment === environment));
  const completeness = completenessOf(slots, sorted, read);
  return {
    environment,
    objects: sorted,
    system,
    provided,
    unexpanded: system.filter(deploysOthers),
    namespaces: [...new Set(system.flatMap(({ ref }) => ref.namespace ?? (ref.kind === 'Namespace' ? ref.name : [])))].sort(
      compareText,
    ),
    ofKind: (group, kind) => byKind.get(`${group}|${kind}`) ?? [],
    systemOfKind: (group, kind) => systemByKind.get(`${group}|${kind}`) ?? [],
    completeness,
    liveOf: ({ group, ref }) => live.get(keyOf(group, ref.kind, ref.namespace, ref.name)),
    lookup(group, kind, namespace, name) {
      const object = byKey.get(keyOf(group, kind, namespace, name));
      if (object) return { status: 'found', object };
      const declaredElsewhere = provided.find(
        (item) =>
          item.kind === kind &&
          item.name === name &&
          (item.namespace === undefined || item.namespace === namespace) &&
          (item.apiVersion === undefined || groupOf(item.apiVersion) === group),
      );
      if (declaredElsewhere) return { status: 'provided', provided: declaredElsewhere };
      const known = completeness(group, kind);
      return known.complete ? { status: 'absent' } : { status: 'unseen', why: known.why };
    },
  };
}

const rank = (object: KubeObject) => (object.source.role === 'system' ? (object.source.live ? 1 : 0) : 2);
const keyOf = (group: string, kind: string, namespace: string | undefined, name: string) =>
  `${group}|${kind}|${namespace ?? ''}|${name}`;

function groupByKind(list: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
  const groups = new Map<string, KubeObject[]>();
  for (const object of list) {
    const key = `${object.group}|${object.ref.kind}`;
    const group = groups.get(key);
    if (group) group.push(object);
    else groups.set(key, [object]);
  }
  return groups;
}

function selected(object: KubeObject, declared: DeclaredReview, isTarget: boolean): boolean {
  const namespaces = declared.select?.namespaces;
  if (!isTarget || namespaces === undefined || namespaces.length === 0) return true;
  const namespace = object.ref.namespace ?? (object.ref.kind === 'Namespace' ? object.ref.name : undefined);
  // Cluster-scoped objects of the system's own sources stay: a ClusterRoleBinding is part of what launches.
  return namespace === undefined || namespaces.includes(namespace);
}

function completenessOf(
  slots: readonly SlotOf<'objects'>[],
  all: readonly KubeObject[],
  read: ReadObjects,
): Inventory['completeness'] {
  const failed = slots.find((slot) => slot.status === 'failed');
  const unreadable = read.problems.find(
    (entry) => entry.problem.severity === 'error' && slots.some((slot) => slot.id === entry.slot),
  );
  const found = new Map<string, Set<string>>();
  for (const object of all) {
    const kinds = found.get(object.source.slot) ?? new Set<string>();
    kinds.add(`${object.group}|${object.ref.kind}`);
    found.set(object.source.slot, kinds);
  }
  const unexpanded = all.find(deploysOthers);
  return (group, kind) => {
    if (unexpanded) return { complete: false, why: `${formatRef(unexpanded.ref)} deploys objects that are not in the sources` };
    if (failed) return { complete: false, why: `the source ${failed.source} could not be read` };
    if (unreadable) return { complete: false, why: `${unreadable.file} could not be read whole` };
    for (const slot of slots) {
      if (slot.status !== 'collected') continue;
      const { complete } = slot.data;
      const byDefault =
        complete === undefined &&
        isNamespaced(group === '' ? 'v1' : `${group}/v1`, kind) !== false &&
        found.get(slot.id)?.has(`${group}|${kind}`) === true;
      const said =
        complete !== undefined &&
        (complete.includes(kind) || complete.includes('*') || complete.includes(group === '' ? kind : `${kind}.${group}`));
      // A platform dump is a part of the cluster that somebody chose: it is complete only for what it says.
      if (said || (byDefault && slot.role !== 'platform')) return { complete: true };
    }
    return { complete: false, why: `no source is complete for ${kind}` };
  };
}

const deployers = new Set([
  'argoproj.io|Application',
  'argoproj.io|ApplicationSet',
  'helm.toolkit.fluxcd.io|HelmRelease',
  'kustomize.toolkit.fluxcd.io|Kustomization',
  'helm.cattle.io|HelmChart',
]);
const deploysOthers = (object: KubeObject) => deployers.has(`${object.group}|${object.ref.kind}`);
