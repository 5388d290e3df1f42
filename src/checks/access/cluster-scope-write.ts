import { isClusterWrite } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

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
    'role-unseen': '{subject} is bound to {role} by {binding}, and what it allows is not known: {why}. Give the role.',
    hidden: '{kinds} may exist outside these sources ({why}): give a dump of them, or declare a source complete for them.',
  },
  looksFor: ['ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  *targets({ reviewedSubjects }) {
    yield* reviewedSubjects.all;
    if (reviewedSubjects.hidden(['ClusterRoleBinding'])) yield reviewedSubjects.source;
  },
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined)
      return say.unknown('hidden', reviewedSubjects.hidden(['ClusterRoleBinding']) ?? { kinds: '', why: '' });
    const { label: subject, grants } = target;
    const writing = grants.filter(isClusterWrite);
    const bindings = [...new Set(writing.map(({ binding }) => binding))];
    const failed = bindings.map((binding): Judgement => {
      const held = writing.filter((grant) => grant.binding === binding);
      const because = grantWitnesses(held);
      const place = because.find(({ at }) => at[0] === 'rules') ?? because[0];
      return {
        ...say.fail('writes', { subject, binding: binding.name, rules: formatGrants(held) }),
        key: binding.name,
        because,
        ...(place === undefined ? {} : { in: place.object, at: place.at }),
      };
    });
    if (isNonEmpty(failed)) return failed;
    const [blind] = target.unseen.filter(({ binding }) => binding.namespace === undefined);
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
    const wide = grants.filter(({ namespace }) => namespace === undefined).length;
    return wide === 0 ? say.pass('none', { subject }) : say.pass('reads', { subject, rules: wide });
  },
});

const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;
