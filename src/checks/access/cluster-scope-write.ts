import { isClusterWrite } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { hiddenBindings, isNonEmpty, subjectMessages, subjectTargets, unseenRole, witnessed } from '../judge-subject.ts';

export const clusterScopeWrite = defineCheck({
  id: 'cluster-scope-write',
  gate: 'access',
  level: 'high',
  title: 'No subject of the system may write across the cluster',
  rationale: 'A write that counts in every namespace, or on cluster-scoped objects, lets one broken system change all others.',
  remedy: 'narrow-permissions',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'An operator that serves the whole cluster and is part of what launches.',
  needs: { reviewedSubjects },
  parameters: {},
  messages: {
    writes: '{subject} may write in the whole cluster by ClusterRoleBinding {binding}: {rules}.',
    reads: '{subject} writes nothing by ClusterRoleBindings (rules that they give it: {rules}).',
    none: '{subject} holds no rule of a ClusterRoleBinding.',
    ...subjectMessages,
  },
  looksFor: ['ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['ClusterRoleBinding']),
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['ClusterRoleBinding'], say);
    const { label: subject, grants } = target;
    const writing = grants.filter(isClusterWrite);
    const bindings = [...new Set(writing.map(({ binding }) => binding))];
    const failed = bindings.map((binding): Judgement => {
      const held = writing.filter((grant) => grant.binding === binding);
      return {
        ...witnessed(say.fail('writes', { subject, binding: binding.name, rules: formatGrants(held) }), grantWitnesses(held)),
        key: binding.name,
      };
    });
    if (isNonEmpty(failed)) return failed;
    const blind = unseenRole({ ...target, unseen: target.unseen.filter(({ binding }) => binding.namespace === undefined) }, say);
    if (isNonEmpty(blind)) return blind;
    const wide = grants.filter(({ namespace }) => namespace === undefined).length;
    return wide === 0 ? say.pass('none', { subject }) : say.pass('reads', { subject, rules: wide });
  },
});
