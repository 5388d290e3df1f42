import { objectAt, listAt, textAt, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../kube/object.ts';
import { type LabelSelector, readSelector } from '../../kube/selector.ts';
import { compareText } from '../../model/object-ref.ts';
import type { Inventory } from '../inventory.ts';
import { type Aggregation, aggregations } from './aggregation.ts';
import { builtinAggregates, builtinAggregateTo, builtinClusterRoleRows, builtinRoleRows } from './builtin-roles.ts';
import { type PolicyRule, readRules } from './rules.ts';

const rbac = 'rbac.authorization.k8s.io';

/** A rule and the role in which it is written: with aggregation that is another role than the one that is bound. */
export interface RoleRule {
  readonly rule: PolicyRule;
  /** Name of the role that holds the rule. */
  readonly role: string;
  /** Absent for built-in roles. */
  readonly object: KubeObject | undefined;
}

export interface Role {
  readonly kind: 'Role' | 'ClusterRole';
  readonly namespace: string | undefined;
  readonly name: string;
  readonly rules: readonly RoleRule[];
  /** Absent for a built-in role that no source holds. */
  readonly object: KubeObject | undefined;
  readonly builtin: boolean;
  /** Why the rules may be more than is known: the role aggregates itself, or takes in ClusterRoles that no source shows. */
  readonly undecided: string | undefined;
  readonly mayBeWider: string | undefined;
  /** The stored rules of an aggregated role differ from what the aggregation controller will write. */
  readonly stale: boolean;
  /** Defined for a role with an aggregationRule. */
  readonly aggregation:
    | {
        /** The rules that its object holds, which the controller overwrites. */
        readonly stored: readonly RoleRule[];
        /** It aggregates itself through this role. */
        readonly through: string | undefined;
        /** Its own labels fit its own selectors, which brings it nothing. */
        readonly selectsItself: boolean;
      }
    | undefined;
}

export type RoleLookup =
  | { readonly status: 'found'; readonly role: Role }
  | { readonly status: 'missing' }
  | { readonly status: 'unseen'; readonly why: string };

export interface RoleIndex {
  /** Every known role, sources first, sorted by kind, namespace and name. */
  readonly all: readonly Role[];
  /** `namespace` is undefined for a ClusterRole. */
  find(kind: 'Role' | 'ClusterRole', namespace: string | undefined, name: string): RoleLookup;
}

type BuiltinRows = Readonly<Record<string, readonly string[]>>;

/** The roles of the sources and the built-in ones, with aggregation computed. */
export function indexRoles(known: Inventory, builtinRows: BuiltinRows = builtinClusterRoleRows): RoleIndex {
  const complete = known.completeness(rbac, 'ClusterRole');
  const drafts = clusterRoleDrafts(known, builtinRows);
  const roles = new Map<string, Role>();
  const aggregate = aggregations(drafts);
  const incomplete = complete.complete ? undefined : complete.why;
  for (const draft of drafts.values())
    roles.set(keyOf('ClusterRole', undefined, draft.name), finish(draft, drafts, aggregate, incomplete));
  for (const [place, rows] of Object.entries(builtinRoleRows)) {
    const [namespace = '', name = ''] = place.split('/');
    roles.set(keyOf('Role', namespace, name), plainRole('Role', namespace, name, builtinRules(rows, name), undefined, true));
  }
  for (const object of known.ofKind(rbac, 'Role')) {
    const { namespace, name } = object.ref;
    const rules = readRules(object.value).map((rule): RoleRule => ({ rule, role: name, object }));
    roles.set(keyOf('Role', namespace, name), plainRole('Role', namespace, name, rules, object, false));
  }
  const all = [...roles.entries()].sort(([a], [b]) => compareText(a, b)).map(([, role]) => role);
  return {
    all,
    find(kind, namespace, name) {
      const role = roles.get(keyOf(kind, namespace, name));
      if (role !== undefined) return { status: 'found', role };
      const looked = known.lookup(rbac, kind, namespace, name);
      if (looked.status === 'absent') return { status: 'missing' };
      return {
        status: 'unseen',
        why: looked.status === 'unseen' ? looked.why : `${kind} ${name} is declared to exist, not what it allows`,
      };
    },
  };
}

const keyOf = (kind: string, namespace: string | undefined, name: string) => `${kind}|${namespace ?? ''}|${name}`;

interface Draft {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly own: readonly RoleRule[];
  /** Defined: the controller overwrites the rules by the union over the selected ClusterRoles. */
  readonly selectors: readonly LabelSelector[] | undefined;
  readonly object: KubeObject | undefined;
  readonly builtin: boolean;
}

function clusterRoleDrafts(known: Inventory, builtinRows: BuiltinRows): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const name of [...Object.keys(builtinRows), ...Object.keys(builtinAggregates)])
    drafts.set(name, builtinDraft(name, builtinRows[name] ?? []));
  for (const object of known.ofKind(rbac, 'ClusterRole')) {
    const { name } = object.ref;
    const builtin = drafts.get(name);
    const written = readDraft(object);
    // At its start the API server puts back what a built-in role lacks, unless the role opts out; a live object shows the result.
    const reconciled =
      builtin?.builtin === true &&
      !object.source.live &&
      annotationsOf(object).get('rbac.authorization.kubernetes.io/autoupdate') !== 'false';
    drafts.set(name, reconciled ? merge(builtin, written) : written);
  }
  return drafts;
}

function readDraft(object: KubeObject): Draft {
  const { name } = object.ref;
  const aggregation = valueAt(object.value, 'aggregationRule');
  const aggregates = aggregation !== undefined && aggregation !== null;
  return {
    name,
    labels: labelsOf(object),
    own: readRules(object.value).map((rule) => ({ rule, role: name, object })),
    selectors: aggregates
      ? // The API server reads a null entry as the empty selector, which selects every ClusterRole.
        listAt(objectAt(object.value, 'aggregationRule'), 'clusterRoleSelectors').map(
          (selector) => readSelector(selector) ?? { requirements: [] },
        )
      : undefined,
    object,
    builtin: false,
  };
}

const merge = (builtin: Draft, written: Draft): Draft => ({
  ...written,
  labels: new Map([...builtin.labels, ...written.labels]),
  own: [...written.own, ...builtin.own],
  selectors: builtin.selectors === undefined ? written.selectors : [...builtin.selectors, ...(written.selectors ?? [])],
});

function builtinDraft(name: string, rows: readonly string[]): Draft {
  const to = Object.hasOwn(builtinAggregateTo, name) ? builtinAggregateTo[name] : undefined;
  const from = Object.hasOwn(builtinAggregates, name) ? builtinAggregates[name] : undefined;
  return {
    name,
    labels: new Map(to === undefined ? [] : [[aggregateTo(to), 'true']]),
    own: builtinRules(rows, name),
    selectors:
      from === undefined ? undefined : [{ requirements: [{ key: aggregateTo(from), operator: 'In', values: ['true'] }] }],
    object: undefined,
    builtin: true,
  };
}

const aggregateTo = (role: string) => `${rbac}/aggregate-to-${role}`;

function builtinRules(rows: readonly string[], role: string): readonly RoleRule[] {
  return rows.map((row, index) => {
    const url = row.startsWith('url ');
    const [verbs = '', groups = '', resources = '', names = ''] = (url ? row.slice(4) : row).split(' ');
    const lists = (text: string) => (text === '' ? [] : text.split(','));
    const rule: PolicyRule = {
      verbs: lists(verbs),
      apiGroups: url ? [] : lists(groups).map((group) => (group === 'core' ? '' : group)),
      resources: url ? [] : lists(resources),
      resourceNames: url ? [] : lists(names),
      nonResourceURLs: url ? lists(groups) : [],
      path: ['rules', index],
    };
    return { rule, role, object: undefined };
  });
}

function plainRole(
  kind: Role['kind'],
  namespace: string | undefined,
  name: string,
  rules: readonly RoleRule[],
  object: KubeObject | undefined,
  builtin: boolean,
): Role {
  return {
    kind,
    namespace,
    name,
    rules,
    object,
    builtin,
    undecided: undefined,
    mayBeWider: undefined,
    stale: false,
    aggregation: undefined,
  };
}

/**
 * The rules of a ClusterRole after aggregation. Roles that aggregate themselves through others may keep rules that no longer stand
 * anywhere, so they and whoever takes them in stay undecided.
 */
function finish(
  draft: Draft,
  drafts: ReadonlyMap<string, Draft>,
  aggregate: (name: string) => Aggregation,
  incomplete: string | undefined,
): Role {
  if (draft.selectors === undefined)
    return plainRole('ClusterRole', undefined, draft.name, draft.own, draft.object, draft.builtin);
  const { members, through, cycle, selectsItself } = aggregate(draft.name);
  const rules = members.flatMap((name) => drafts.get(name)?.own ?? []);
  return {
    kind: 'ClusterRole',
    namespace: undefined,
    name: draft.name,
    rules,
    object: draft.object,
    builtin: draft.builtin,
    undecided: undecided(draft.name, through, cycle),
    mayBeWider:
      incomplete === undefined
        ? undefined
        : `ClusterRole ${draft.name} also takes in ClusterRoles with its label that are not in the sources (${incomplete})`,
    stale: draft.object !== undefined && !draft.builtin && isStale(draft.own, rules),
    aggregation: { stored: draft.own.filter(({ object }) => object !== undefined), through, selectsItself },
  };
}

function undecided(name: string, through: string | undefined, cycle: string | undefined): string | undefined {
  if (through !== undefined) return `ClusterRole ${name} aggregates itself through other roles`;
  if (cycle === undefined) return undefined;
  return `ClusterRole ${name} takes in ClusterRole ${cycle}, which aggregates itself through other roles`;
}

function isStale(stored: readonly RoleRule[], computed: readonly RoleRule[]): boolean {
  if (stored.length === 0) return computed.length > 0;
  const texts = (rules: readonly RoleRule[]) => new Set(rules.map(({ rule: { path: _path, ...rest } }) => JSON.stringify(rest)));
  const [a, b] = [texts(stored), texts(computed)];
  return a.size !== b.size || [...a].some((text) => !b.has(text));
}

/** A roleRef of a binding: kind and name, as far as they are valid. An empty apiGroup gets the default of the API server. */
export function readRoleRef(binding: KubeObject): { readonly kind: 'Role' | 'ClusterRole'; readonly name: string } | undefined {
  const kind = textAt(binding.value, 'roleRef', 'kind');
  const name = textAt(binding.value, 'roleRef', 'name');
  if (!name || (textAt(binding.value, 'roleRef', 'apiGroup') || rbac) !== rbac) return undefined;
  return kind === 'Role' || kind === 'ClusterRole' ? { kind, name } : undefined;
}
