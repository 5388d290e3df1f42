import { heldBy, type ObjectAccess, secretReads } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, formatPlaceOf, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

export const secretReadAccess = defineCheck({
  id: 'secret-read-access',
  gate: 'access',
  level: 'high',
  title: 'No subject of the system may read every Secret of a namespace',
  rationale:
    'list and watch return whole Secrets, as get does: one stolen token then gives away every credential of the namespace.',
  remedy: 'narrow-permissions',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#secrets',
    'https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A controller that manages Secrets by its nature, such as External Secrets or cert-manager.',
  needs: { reviewedSubjects },
  parameters: {},
  messages: {
    every: '{subject} may {verbs} every Secret of {place}, with its value: {rules}.',
    named: '{subject} may {verbs} these Secrets only: {names}.',
    none: '{subject} may read no Secret by the API.',
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
    const held = heldBy(target.subject, grants, secretReads, '', 'secrets');
    const wide = held.filter(({ names }) => names === 'all');
    const failed = wide.map((entry): Judgement => {
      const because = grantWitnesses(entry.grants);
      const place = because.find(({ at }) => at[0] === 'rules') ?? because[0];
      return {
        ...say.fail('every', {
          subject,
          verbs: entry.verbs.join(', '),
          place: formatPlaceOf(entry.namespace),
          rules: formatGrants(entry.grants),
        }),
        key: entry.namespace ?? '*',
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
    const named = held.filter(({ names }) => names !== 'all');
    return named.length === 0
      ? say.pass('none', { subject })
      : {
          ...say.pass('named', { subject, verbs: verbsOf(named), names: namesOf(named) }),
          because: grantWitnesses(held.flatMap((entry) => entry.grants)),
        };
  },
});

const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

const verbsOf = (held: readonly ObjectAccess[]): string => [...new Set(held.flatMap(({ verbs }) => verbs))].join(', ');

/** `shop/tls, shop/session`: at most five. */
function namesOf(held: readonly ObjectAccess[]): string {
  const names = held.flatMap(({ namespace, names }) =>
    names === 'all' ? [] : names.map((name) => `${namespace ?? '*'}/${name}`),
  );
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
