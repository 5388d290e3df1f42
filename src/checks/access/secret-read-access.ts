import { heldBy, type ObjectAccess, secretReads } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, formatPlaceOf, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { hiddenBindings, isNonEmpty, subjectMessages, subjectTargets, unseenRole, witnessed } from '../judge-subject.ts';

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
    ...subjectMessages,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']),
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject, grants } = target;
    const held = heldBy(target.subject, grants, secretReads, '', 'secrets');
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
