import { type Escalation, escalations } from '../../facts/access/escalation.ts';
import { podSecurityClaims } from '../../facts/access/pod-security-claims.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { conclusionOf, witnessesOf } from '../../facts/access/witness.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

/** What a path ends at, gravest first. Several namespaces are one finding: the same permission leads to all of them. */
const endings = ['cluster-admin', 'node', 'secrets', 'namespace'] as const;
type Ending = (typeof endings)[number];

const endingOf = ({ target }: Escalation): Ending => {
  if (target === 'cluster-admin' || target === 'node') return target;
  return target === 'secrets:*' ? 'secrets' : 'namespace';
};

export const clusterEscalation = defineCheck({
  id: 'cluster-escalation',
  gate: 'access',
  level: 'blocker',
  title: "No subject of the system can reach the cluster, a node or another system's namespace",
  rationale:
    'Permissions that look narrow add up: whoever may create Pods where no Pod Security level is enforced is root on a node, and from there everywhere.',
  remedy: 'cut-cluster-escalation',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'An operator that must have the permission, alone in a namespace in which nobody else may create workloads.',
  needs: { reviewedSubjects, escalations, podSecurityClaims },
  parameters: {},
  messages: {
    'cluster-admin': '{subject} leads to every right in the cluster: it can {how}{more}.',
    node: '{subject} leads to root on a node: it can {how}{more}.',
    secrets: '{subject} leads to the Secrets of every namespace: it can {how}{more}.',
    namespace: '{subject} leads to {place}, beyond its own namespaces: it can {how}{more}.',
    depends: '{subject} leads to {place} if this holds: {assumption}. It can {how}.',
    confined: '{subject} reaches nothing beyond {home} (rules that bindings give it: {rules}).',
    'confined-by-claim':
      '{subject} may create Pods in {namespace}, and reaches no node because {owner} declares that this namespace enforces a Pod Security level.',
    'claim-expired':
      '{subject} may create Pods in {namespace}; that this namespace enforces a Pod Security level was declared by {owner} until {expires}. Give the Namespace, or renew the declaration.',
    hidden: '{kinds} may exist outside these sources ({why}): give a dump of them, or declare a source complete for them.',
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  *targets({ reviewedSubjects }) {
    yield* reviewedSubjects.all;
    if (reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding'])) yield reviewedSubjects.source;
  },
  assess(target, { reviewedSubjects, escalations, podSecurityClaims, asOf }, say) {
    if (target.subject === undefined)
      return say.unknown('hidden', reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding']) ?? { kinds: '', why: '' });
    const { label: subject, grants } = target;
    const all = escalations.of(target.subject).filter((path) => !target.foreign || startsHere(path, target));
    const beyond = all.filter(({ scope }) => scope === 'cluster');
    const judge = (paths: readonly Escalation[], judgement: (first: Escalation, data: { how: string }) => Judgement) => {
      const [first] = paths;
      if (first === undefined) return [];
      const because = witnessesOf(first.steps);
      const place = because.find(({ at }) => at[0] === 'rules') ?? because[0];
      return [
        {
          ...judgement(first, { how: conclusionOf(first.steps) }),
          because,
          ...(place === undefined ? {} : { in: place.object, at: place.at }),
        },
      ];
    };
    const failed = endings.flatMap((ending) => {
      const paths = beyond.filter((path) => path.certain && endingOf(path) === ending);
      const more = paths.length < 2 ? '' : ` (and ${paths.length - 1} more ${paths.length === 2 ? 'way' : 'ways'})`;
      return judge(paths, (first, { how }) =>
        ending === 'namespace'
          ? say.fail('namespace', { subject, place: describeTarget(first), how, more })
          : say.fail(ending, { subject, how, more }),
      );
    });
    if (isNonEmpty(failed)) return failed;
    const assumptions = [...new Set(beyond.map(({ assumption }) => assumption ?? ''))];
    const depends = assumptions.flatMap((assumption) =>
      judge(
        beyond.filter((path) => path.assumption === assumption),
        (first, { how }) => ({
          ...say.unknown('depends', { subject, place: describeTarget(first), assumption, how }),
          reason: 'undecidable',
          key: assumption,
        }),
      ),
    );
    if (isNonEmpty(depends)) return depends;
    const claim = podSecurityClaims.behind(all);
    if (claim === undefined) {
      const home =
        target.subject.kind === 'ServiceAccount' ? `namespace ${target.subject.namespace}` : 'the namespaces that bind it';
      return say.pass('confined', { subject, home, rules: grants.length });
    }
    const data = { subject, namespace: claim.name, owner: claim.owner };
    return momentMs(claim.expires) > momentMs(asOf)
      ? { ...say.pass('confined-by-claim', data), reason: 'assumed', until: claim.expires }
      : say.unknown('claim-expired', { ...data, expires: claim.expires });
  },
});

const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

/** Of somebody else's account only paths count that rest on what a binding of the system gives it. */
const startsHere = (
  path: Escalation,
  {
    grants,
    unseen,
  }: {
    readonly grants: readonly { readonly binding: { readonly object: unknown } }[];
    readonly unseen: readonly { readonly binding: { readonly object: unknown } }[];
  },
) => {
  const own = new Set([...grants, ...unseen].map(({ binding }) => binding.object));
  return path.steps.some(({ object }) => object !== undefined && own.has(object));
};

function describeTarget({ target }: Escalation): string {
  if (target === 'cluster-admin') return 'every right in the cluster';
  if (target === 'node') return 'root on a node';
  if (target === 'secrets:*') return 'the Secrets of every namespace';
  const name = target.slice(target.indexOf(':') + 1);
  if (target.startsWith('subject:')) return name.includes('/') ? `ServiceAccount ${name}` : `${name}`;
  return target.startsWith('secrets:') ? `the Secrets of namespace ${name}` : `namespace ${name}`;
}
