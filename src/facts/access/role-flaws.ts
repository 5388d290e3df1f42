import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import type { AccessModel } from './access.ts';
import type { Binding } from './bindings.ts';
import { type IneffectivePart, ineffectiveParts } from './ineffective.ts';
import type { Role, RoleRule } from './roles.ts';
import { formatRule } from './rules.ts';

/** A part of a role that never allows what its author meant. */
export type RoleFlaw =
  /** It allows nothing, whoever is bound to the role; `through`: only by these bindings, and no other gives the rule. */
  | { readonly kind: 'dead'; readonly part: IneffectivePart; readonly path: Path; readonly through: readonly Binding[] }
  /** The aggregation controller overwrites the rule by rules among which it is not. */
  | { readonly kind: 'overwritten'; readonly rule: string; readonly path: Path }
  /** A cluster shows fewer rules than the role takes in: the controller has not written them. */
  | { readonly kind: 'unwritten'; readonly rules: readonly string[]; readonly path: Path }
  /** The role takes in itself: through another role, or by its own labels. */
  | { readonly kind: 'aggregates-itself'; readonly through: string | undefined; readonly path: Path };

/** What is written in vain in each role of the sources, by its object. */
export function roleFlaws(model: AccessModel): (object: KubeObject) => readonly RoleFlaw[] {
  const givers = giversOf(model);
  return (object) => {
    const { kind, namespace, name } = object.ref;
    if (kind !== 'Role' && kind !== 'ClusterRole') return [];
    const found = model.roles.find(kind, kind === 'Role' ? namespace : undefined, name);
    if (found.status !== 'found' || found.role.object !== object) return [];
    const { role } = found;
    const own = role.aggregation?.stored ?? role.rules.filter((rule) => rule.object === object);
    const dead =
      role.aggregation === undefined ? own.flatMap((rule) => deadParts(kind, rule, givers.get(object) ?? [], model)) : [];
    return [...dead, ...aggregationFlaws(role, own)];
  };
}

/** The bindings that give rules of an object, directly or through aggregation. */
function giversOf(model: AccessModel): ReadonlyMap<KubeObject, readonly Binding[]> {
  const byRole = new Map<Role, Binding[]>();
  for (const binding of model.bindings) {
    if (binding.role.status !== 'found' || binding.subjects.length === 0) continue;
    const list = byRole.get(binding.role.role);
    if (list) list.push(binding);
    else byRole.set(binding.role.role, [binding]);
  }
  const givers = new Map<KubeObject, Binding[]>();
  for (const [role, bindings] of byRole) {
    for (const object of new Set(role.rules.flatMap((rule) => rule.object ?? []))) {
      const list = givers.get(object);
      if (list) list.push(...bindings);
      else givers.set(object, [...bindings]);
    }
  }
  return givers;
}

function deadParts(
  kind: Role['kind'],
  { rule }: RoleRule,
  givers: readonly Binding[],
  { isClusterScoped }: AccessModel,
): readonly RoleFlaw[] {
  const flaw = (part: IneffectivePart, through: readonly Binding[]): RoleFlaw => ({
    kind: 'dead',
    part,
    path: [...rule.path, part.field, part.index],
    through,
  });
  const widest = kind === 'Role' ? 'RoleBinding' : 'ClusterRoleBinding';
  const always = ineffectiveParts(rule, kind, widest, isClusterScoped).parts;
  // A ClusterRole that some ClusterRoleBinding gives, or that nobody is seen to be bound to, is alive as a whole somewhere.
  if (kind === 'Role' || givers.length === 0 || givers.some((binding) => binding.kind === 'ClusterRoleBinding'))
    return always.map((part) => flaw(part, []));
  const known = new Set(always.map(({ field, index }) => `${field}|${index}`));
  return ineffectiveParts(rule, kind, 'RoleBinding', isClusterScoped).parts.map((part) =>
    flaw(part, known.has(`${part.field}|${part.index}`) ? [] : givers),
  );
}

function aggregationFlaws({ aggregation, rules, mayBeWider, object }: Role, own: readonly RoleRule[]): readonly RoleFlaw[] {
  if (aggregation === undefined) return [];
  const flaws: RoleFlaw[] = [];
  const { through, selectsItself } = aggregation;
  if (through !== undefined || selectsItself) flaws.push({ kind: 'aggregates-itself', through, path: ['aggregationRule'] });
  // What a cluster shows was written by the controller, and may come from a role that is not in the sources. In a cycle it may stay.
  if (through !== undefined || (object?.source.live === true && mayBeWider !== undefined)) return flaws;
  const taken = new Set(rules.map(({ rule }) => ruleText(rule)));
  for (const { rule } of own)
    if (!taken.has(ruleText(rule))) flaws.push({ kind: 'overwritten', rule: formatRule(rule), path: rule.path });
  const stored = new Set(own.map(({ rule }) => ruleText(rule)));
  const lacking = rules.filter(({ rule }) => !stored.has(ruleText(rule)));
  // A manifest is written without them; what a cluster lacks is a controller that does not run.
  if (object?.source.live === true && lacking.length > 0)
    flaws.push({ kind: 'unwritten', rules: lacking.map(({ rule }) => formatRule(rule)), path: ['aggregationRule'] });
  return flaws;
}

const ruleText = ({ path: _path, ...rule }: RoleRule['rule']): string => JSON.stringify(rule);
