import type { Grant } from '../../facts/access/access.ts';
import { questions, reachesNamespaces } from '../../facts/access/effective.ts';
import { type PolicyRule, splitResource } from '../../facts/access/rules.ts';
import { isAudience, type Subject } from '../../facts/access/subject.ts';
import { compareText } from '../../model/object-ref.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatGrants, grantWitnesses } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { hiddenBindings, isNonEmpty, subjectMessages, subjectTargets, unseenRole, witnessed } from '../judge-subject.ts';

export const crossNamespaceAccess = defineCheck({
  id: 'cross-namespace-access',
  gate: 'access',
  level: 'high',
  title: 'No account of the system reads Secrets or writes outside its namespace',
  rationale: 'Namespaces separate systems only as long as no account reaches over: one stolen token then takes two systems.',
  remedy: 'narrow-permissions',
  references: [
    'https://kubernetes.io/docs/concepts/security/multi-tenancy/#namespaces',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A deployment or operator account that serves several namespaces of one team.',
  needs: { reviewedSubjects },
  parameters: {},
  messages: {
    writing: '{subject} may write or act in {place}, outside its own: {rules}.',
    secrets: '{subject} may read Secrets in {place}, outside its own: {rules}.',
    reading:
      '{subject} may read in {place}, outside its own, more than monitoring needs to find its targets: {rules}. A person must say that this is meant.',
    discovery: '{subject} may only look at what runs in {place}: {rules}.',
    none: '{subject} may do nothing in other namespaces.',
    ...subjectMessages,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  *targets({ reviewedSubjects }) {
    // A person or a group of people lives in no namespace.
    for (const entry of subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']))
      if (entry.subject === undefined || entry.subject.kind === 'ServiceAccount' || isAudience(entry.subject)) yield entry;
  },
  assess(target, { reviewedSubjects }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject, grants } = target;
    const home = homeOf(target.subject);
    const foreign = grants.filter((grant) => isForeign(grant, home));
    const places = [...new Set(foreign.map(({ namespace }) => namespace))].sort((a, b) => compareText(a ?? '', b ?? ''));
    const judged = places.flatMap((namespace) => {
      const here = foreign.filter((grant) => grant.namespace === namespace);
      return natures.flatMap((nature): Judgement[] => {
        const held = here.filter((grant) => natureOf(grant.rule.rule) === nature);
        if (held.length === 0) return [];
        const data = {
          subject,
          place: namespace === undefined ? 'every namespace' : `namespace ${namespace}`,
          rules: formatGrants(held),
        };
        const said =
          nature === 'discovery'
            ? say.pass('discovery', data)
            : nature === 'reading'
              ? { ...say.unknown('reading', data), reason: 'needs-a-person' as const }
              : say.fail(nature, data);
        return [{ ...witnessed(said, grantWitnesses(held)), key: namespace ?? '*' }];
      });
    });
    const blind = target.unseen.filter(({ binding }) => binding.namespace === undefined || binding.namespace !== home);
    const unknown = unseenRole({ ...target, unseen: blind }, say);
    const found = [...judged, ...unknown];
    return isNonEmpty(found) ? found : say.pass('none', { subject });
  },
});

/** The namespace that a subject belongs to: an account lives in one, and so do all accounts of a namespace. */
function homeOf(subject: Subject): string | undefined {
  if (subject.kind === 'ServiceAccount') return subject.namespace;
  const prefix = 'system:serviceaccounts:';
  return subject.name.startsWith(prefix) ? subject.name.slice(prefix.length) : undefined;
}

const isForeign = (grant: Grant, home: string | undefined): boolean =>
  grant.rule.rule.resources.length > 0 && (grant.namespace === undefined ? reachesNamespaces(grant) : grant.namespace !== home);

const natures = ['writing', 'secrets', 'reading', 'discovery'] as const;
type Nature = (typeof natures)[number];

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
/** Reading these subresources runs commands in Pods or reaches into them. */
const acting: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);
/** What monitoring looks at to find its targets and their state: descriptions of what runs, no configuration and no logs. */
const descriptions: ReadonlySet<string> = new Set(
  [
    'pods services endpoints endpointslices nodes nodes/metrics namespaces ingresses',
    'deployments daemonsets statefulsets replicasets replicationcontrollers jobs cronjobs',
    'horizontalpodautoscalers poddisruptionbudgets persistentvolumeclaims persistentvolumes storageclasses',
    'resourcequotas limitranges networkpolicies servicemonitors podmonitors probes prometheusrules',
  ].flatMap((row) => row.split(' ')),
);

/** The gravest thing that a rule allows. */
function natureOf(rule: PolicyRule): Nature {
  const resources = rule.resources.filter((resource) => !questions.has(resource));
  if (resources.length === 0) return 'discovery';
  const acts = resources.some((resource) => acting.has(splitResource(resource)[1] ?? ''));
  if (acts || rule.verbs.some((verb) => !reads.has(verb))) return 'writing';
  const core = rule.apiGroups.includes('') || rule.apiGroups.includes('*');
  if (core && resources.some((resource) => resource === 'secrets' || resource === '*')) return 'secrets';
  return resources.every((resource) => descriptions.has(resource)) ? 'discovery' : 'reading';
}
