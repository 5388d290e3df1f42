import { starsIn } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, formatPlaceOf, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { hiddenBindings, isNonEmpty, subjectMessages, subjectTargets, unseenRole, witnessed } from '../judge-subject.ts';

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
    ...subjectMessages,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']),
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject, grants } = target;
    const starred = grants.filter((grant) => starsIn(grant).length > 0);
    const roles = [...new Set(starred.map(({ role }) => role))];
    const failed = roles.map((role): Judgement => {
      const held = starred.filter((grant) => grant.role === role);
      const lists = [...new Set(held.flatMap(starsIn))].join(', ');
      const places = [...new Set(held.map(({ namespace }) => formatPlaceOf(namespace)))].join(', ');
      const data = { subject, lists, role: `${role.kind} ${role.name}`, places, rules: formatGrants(held) };
      return {
        ...witnessed(say.fail('wildcard', data), grantWitnesses(held)),
        key: `${role.kind}/${role.namespace ?? ''}/${role.name}`,
      };
    });
    if (isNonEmpty(failed)) return failed;
    const blind = unseenRole(target, say);
    if (isNonEmpty(blind)) return blind;
    return say.pass('none', { subject, rules: grants.length });
  },
});
