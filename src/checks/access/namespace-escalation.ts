import { type Escalation, escalations } from '../../facts/access/escalation.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { conclusionOf, witnessesOf } from '../../facts/access/witness.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

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
    hidden: '{kinds} may exist outside these sources ({why}): give a dump of them, or declare a source complete for them.',
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  *targets({ reviewedSubjects }) {
    yield* reviewedSubjects.all;
    if (reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding'])) yield reviewedSubjects.source;
  },
  assess(target, { reviewedSubjects, escalations }, say) {
    if (target.subject === undefined)
      return say.unknown('hidden', reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding']) ?? { kinds: '', why: '' });
    const { label: subject } = target;
    const all = escalations.of(target.subject);
    const own = new Set([...target.grants, ...target.unseen].map(({ binding }) => binding.object));
    const here = all.filter(
      (path) =>
        path.scope === 'namespace' &&
        // Reading Secrets is a permission, not a way to another one: secret-read-access tells it.
        !path.target.startsWith('secrets:') &&
        (!target.foreign || path.steps.some(({ object }) => object !== undefined && own.has(object))),
    );
    const judge = (
      paths: readonly Escalation[],
      judgement: (data: { subject: string; what: string; how: string }) => Judgement,
    ) => {
      const [first] = paths;
      if (first === undefined) return [];
      const because = witnessesOf(first.steps);
      const place = because.find(({ at }) => at[0] === 'rules') ?? because[0];
      const data = { subject, what: whatOf(first), how: conclusionOf(first.steps) };
      return [{ ...judgement(data), because, ...(place === undefined ? {} : { in: place.object, at: place.at }) }];
    };
    const groups = (certain: boolean) => [...new Set(here.filter((path) => path.certain === certain).map(groupOf))];
    const failed = groups(true).flatMap((group) => {
      const paths = here.filter((path) => path.certain && groupOf(path) === group);
      const more = paths.length < 2 ? '' : ` (and ${paths.length - 1} more ${paths.length === 2 ? 'way' : 'ways'})`;
      return judge(paths, (data) => ({ ...say.fail('takes', { ...data, more }), key: group }));
    });
    if (isNonEmpty(failed)) return failed;
    const depends = groups(false).flatMap((group) => {
      const paths = here.filter((path) => groupOf(path) === group);
      const assumption = paths[0]?.assumption ?? '';
      return judge(paths, (data) => ({ ...say.unknown('depends', { ...data, assumption }), reason: 'undecidable', key: group }));
    });
    if (isNonEmpty(depends)) return depends;
    return all.some((path) => path.target === 'cluster-admin' && path.certain && !target.foreign)
      ? say.notApplicable('beyond', { subject })
      : say.pass('confined', { subject, rules: target.grants.length });
  },
});

const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

/** Single accounts are one finding: the same permission names them all. */
const groupOf = ({ target }: Escalation): string => (target.startsWith('subject:') ? 'subject' : target);

function whatOf({ target }: Escalation): string {
  const name = target.slice(target.indexOf(':') + 1);
  if (!target.startsWith('subject:')) return `namespace ${name}`;
  return name.includes('/') ? `ServiceAccount ${name}` : name;
}
