import { access } from '../../facts/access/access.ts';
import { type RoleFlaw, roleFlaws } from '../../facts/access/role-flaws.ts';
import { inventory } from '../../facts/inventory.ts';
import { labelsOf } from '../../kube/object.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

const rbac = 'rbac.authorization.k8s.io';

export const ineffectivePermissions = defineCheck({
  id: 'ineffective-permissions',
  gate: 'access',
  level: 'advisory',
  title: 'Every rule of a role allows something',
  rationale:
    'A rule that allows nothing is either a right that somebody will miss in production, or one that arms itself later: with a new resource, or a ClusterRoleBinding in place of a RoleBinding.',
  remedy: 'mend-dead-rules',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A vendor ships one role for several ways of binding it.',
  needs: { access, inventory },
  parameters: {},
  messages: {
    dead: '{role}: {part} in {field} allows nothing: {why}.',
    'dead-through': '{role}: {part} in {field} allows nothing through {binding}: {why}.',
    overwritten:
      '{role} has an aggregationRule, so its own rules are overwritten: {rule} is in none of the roles that it takes in.',
    unwritten:
      '{role} lacks rules of the roles that it takes in (rules: {count}, such as {rule}): the aggregation controller has not written them.',
    'aggregates-itself':
      '{role} aggregates itself through ClusterRole {other}: which rules stay depends on what stood there first.',
    'selects-itself':
      '{role} has a label that its own aggregationRule selects: a role is left out of itself, so its rules are lost.',
    alive: 'Every rule of {role} can allow something.',
    empty: '{role} holds no rule of its own.',
  },
  looksFor: [`Role.${rbac}`, `ClusterRole.${rbac}`],
  *targets({ access, inventory }) {
    const flawsOf = roleFlaws(access);
    for (const kind of ['ClusterRole', 'Role'])
      for (const object of inventory.systemOfKind(rbac, kind)) {
        // The default roles in a dump are Kubernetes' own: `cluster-admin` in a RoleBinding holds paths in vain, as meant.
        if (labelsOf(object).get('kubernetes.io/bootstrapping') === 'rbac-defaults') continue;
        yield { ref: object.ref, object, flaws: flawsOf(object) };
      }
  },
  assess({ ref, object, flaws }, _, say) {
    const role = `${ref.kind} ${ref.name}`;
    const seen = new Map<string, number>();
    const [first, ...rest] = flaws.map(
      (flaw): Judgement => ({ ...judge(flaw), at: flaw.path, key: numbered(keyOf(flaw), seen) }),
    );
    if (first !== undefined) return [first, ...rest];
    const rules = Array.isArray(object.value['rules']) ? object.value['rules'].length : 0;
    return rules === 0 ? { ...say.pass('empty', { role }), at: [] } : { ...say.pass('alive', { role }), at: ['rules'] };

    function judge(flaw: RoleFlaw): Judgement {
      if (flaw.kind === 'overwritten') return say.fail('overwritten', { role, rule: flaw.rule });
      if (flaw.kind === 'unwritten') return say.fail('unwritten', { role, count: flaw.rules.length, rule: flaw.rules[0] ?? '' });
      if (flaw.kind === 'aggregates-itself')
        return flaw.through === undefined
          ? say.fail('selects-itself', { role })
          : say.fail('aggregates-itself', { role, other: flaw.through });
      const { part, why, field } = flaw.part;
      const data = { role, part: part === '' ? '""' : part, field, why };
      const [binding, ...others] = flaw.through;
      if (binding === undefined) return say.fail('dead', data);
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      return say.fail('dead-through', { ...data, binding: `RoleBinding ${binding.namespace}/${binding.name}${more}` });
    }
  },
});

/** Stays the same when rules are put in another order. */
const keyOf = (flaw: RoleFlaw): string =>
  flaw.kind === 'dead'
    ? `${flaw.part.field} ${flaw.part.part}`
    : flaw.kind === 'overwritten'
      ? `overwritten ${flaw.rule}`
      : flaw.kind;

function numbered(key: string, seen: Map<string, number>): string {
  const count = (seen.get(key) ?? 0) + 1;
  seen.set(key, count);
  return count === 1 ? key : `${key} ${count}`;
}
