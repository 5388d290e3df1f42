import { type Escalation, escalations } from '../../facts/access/escalation.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { conclusionOf, ownPaths, witnessesOf } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { hiddenBindings, isNonEmpty, moreWays, subjectMessages, subjectTargets, witnessed } from '../judge-subject.ts';

export const namespaceEscalation = defineCheck({
  id: 'namespace-escalation',
  gate: 'access',
  level: 'high',
  title: 'No subject of the system can become another one in its own namespace',
  rationale:
    'Whoever may create or change workloads runs as any ServiceAccount of the namespace and mounts any of its Secrets: a stolen pipeline token is then the whole system.',
  remedy: 'cut-namespace-escalation',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive:
    'Admission policies let the deployer change nothing but images, or the namespace holds nothing that it may not have.',
  needs: { reviewedSubjects, escalations },
  parameters: {},
  messages: {
    takes: '{subject} can take over {what}: it can {how}{more}.',
    depends: '{subject} can take over {what} if this holds: {assumption}. It can {how}.',
    confined: '{subject} can become nobody else in its namespaces (rules that bindings give it: {rules}).',
    beyond: '{subject} leads to every right in the cluster, which is the finding of cluster-escalation.',
    hidden: subjectMessages.hidden,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']),
  assess(target, { reviewedSubjects, escalations }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject } = target;
    const all = ownPaths(target, escalations);
    // Reading Secrets is a permission, not a way to another one: secret-read-access tells it.
    const here = all.filter((path) => path.scope === 'namespace' && !path.target.startsWith('secrets:'));
    const byGroup = (certain: boolean) =>
      Map.groupBy(
        here.filter((path) => path.certain === certain),
        groupOf,
      );
    const failed = [...byGroup(true)].flatMap(([group, paths]): Judgement[] => {
      const [first] = paths;
      if (first === undefined) return [];
      const data = { subject, what: whatOf(first), how: conclusionOf(first.steps), more: moreWays(paths.length - 1) };
      return [{ ...witnessed(say.fail('takes', data), witnessesOf(first.steps)), key: group }];
    });
    if (isNonEmpty(failed)) return failed;
    const depends = [...byGroup(false)].flatMap(([group, [first]]): Judgement[] => {
      if (first === undefined) return [];
      const data = { subject, what: whatOf(first), how: conclusionOf(first.steps), assumption: first.assumption ?? '' };
      const said = { ...say.unknown('depends', data), reason: 'undecidable' as const, key: group };
      return [witnessed(said, witnessesOf(first.steps))];
    });
    if (isNonEmpty(depends)) return depends;
    return all.some((path) => path.target === 'cluster-admin' && path.certain && !target.foreign)
      ? say.notApplicable('beyond', { subject })
      : say.pass('confined', { subject, rules: target.grants.length });
  },
});

/** Single accounts are one finding: the same permission names them all. */
const groupOf = ({ target }: Escalation): string => (target.startsWith('subject:') ? 'subject' : target);

function whatOf({ target }: Escalation): string {
  const name = target.slice(target.indexOf(':') + 1);
  if (!target.startsWith('subject:')) return `namespace ${name}`;
  return name.includes('/') ? `ServiceAccount ${name}` : name;
}
