import { starsIn } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, formatPlaceOf, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

export const wildcardPermissions = defineCheck({
  id: 'wildcard-permissions',
  gate: 'access',
  level: 'high',
  title: 'No rule that a subject of the system holds has a wildcard',
  rationale: 'A wildcard grows by itself: it also allows what the next version of Kubernetes or the next custom resource brings.',
  remedy: 'narrow-permissions',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'An operator whose vendor ships the rule so, in a cluster of its own.',
  needs: { reviewedSubjects },
  parameters: {},
  messages: {
    wildcard: '{subject} holds {role}, which has * under {lists}, in {places}: {rules}.',
    none: '{subject} holds no wildcard (rules that bindings give it: {rules}).',
    'role-unseen': '{subject} is bound to {role} by {binding}, and what it allows is not known: {why}. Give the role.',
    hidden: '{kinds} may exist outside these sources ({why}): give a dump of them, or declare a source complete for them.',
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  *targets({ reviewedSubjects }) {
    yield* reviewedSubjects.all;
    if (reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding'])) yield reviewedSubjects.source;
  },
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined)
      return say.unknown('hidden', reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding']) ?? { kinds: '', why: '' });
    const { label: subject, grants } = target;
    const starred = grants.filter((grant) => starsIn(grant).length > 0);
    const roles = [...new Set(starred.map(({ role }) => role))];
    const failed = roles.map((role): Judgement => {
      const held = starred.filter((grant) => grant.role === role);
      const because = grantWitnesses(held);
      const place = because.find(({ at }) => at[0] === 'rules') ?? because[0];
      const lists = [...new Set(held.flatMap(starsIn))].join(', ');
      const places = [...new Set(held.map(({ namespace }) => formatPlaceOf(namespace)))].join(', ');
      const data = { subject, lists, role: `${role.kind} ${role.name}`, places, rules: formatGrants(held) };
      return {
        ...say.fail('wildcard', data),
        key: `${role.kind}/${role.namespace ?? ''}/${role.name}`,
        because,
        ...(place === undefined ? {} : { in: place.object, at: place.at }),
      };
    });
    if (isNonEmpty(failed)) return failed;
    const [blind] = target.unseen;
    if (blind !== undefined) {
      const { binding, why } = blind;
      const data = {
        subject,
        role: `${binding.roleRef.kind} ${binding.roleRef.name}`,
        binding: `${binding.kind} ${binding.name}`,
        why,
      };
      return {
        ...say.unknown('role-unseen', data),
        ...(binding.object === undefined ? {} : { in: binding.object, at: ['roleRef'] }),
      };
    }
    return say.pass('none', { subject, rules: grants.length });
  },
});

const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;
