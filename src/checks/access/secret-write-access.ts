import { heldBy, type ObjectAccess, secretWrites } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, formatPlaceOf, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { hiddenBindings, isNonEmpty, subjectMessages, subjectTargets, unseenRole, witnessed } from '../judge-subject.ts';

export const secretWriteAccess = defineCheck({
  id: 'secret-write-access',
  gate: 'access',
  level: 'high',
  title: 'No subject of the system may make or change any Secret of a namespace',
  rationale:
    'Whoever writes Secrets replaces the credentials and certificates that others trust, and can have a token made for any ServiceAccount.',
  remedy: 'narrow-permissions',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#secrets',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#least-privilege-secrets',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A controller that manages Secrets by its nature, such as External Secrets or cert-manager.',
  needs: { reviewedSubjects },
  parameters: {},
  messages: {
    every: '{subject} may {verbs} any Secret of {place}: {rules}.',
    named: '{subject} may {verbs} these Secrets only: {names}.',
    none: '{subject} may write no Secret.',
    ...subjectMessages,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']),
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject, grants } = target;
    const held = heldBy(target.subject, grants, secretWrites, '', 'secrets');
    const wide = held.filter(({ names }) => names === 'all');
    const failed = wide.map((entry): Judgement => {
      return {
        ...witnessed(
          say.fail('every', {
            subject,
            verbs: entry.verbs.join(', '),
            place: formatPlaceOf(entry.namespace),
            rules: formatGrants(entry.grants),
          }),
          grantWitnesses(entry.grants),
        ),
        key: entry.namespace ?? '*',
      };
    });
    if (isNonEmpty(failed)) return failed;
    const blind = unseenRole(target, say);
    if (isNonEmpty(blind)) return blind;
    const named = held.filter(({ names }) => names !== 'all');
    return named.length === 0
      ? say.pass('none', { subject })
      : {
          ...say.pass('named', { subject, verbs: verbsOf(named), names: namesOf(named) }),
          because: grantWitnesses(held.flatMap((entry) => entry.grants)),
        };
  },
});

const verbsOf = (held: readonly ObjectAccess[]): string => [...new Set(held.flatMap(({ verbs }) => verbs))].join(', ');

/** `shop/tls, shop/session`: at most five. */
function namesOf(held: readonly ObjectAccess[]): string {
  const names = held.flatMap(({ namespace, names }) =>
    names === 'all' ? [] : names.map((name) => `${namespace ?? '*'}/${name}`),
  );
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
