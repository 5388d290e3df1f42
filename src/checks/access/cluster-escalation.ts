import { type Escalation, escalations } from '../../facts/access/escalation.ts';
import { podSecurityClaims } from '../../facts/access/pod-security-claims.ts';
import { platformMakerOf } from '../../facts/access/platform-bindings.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { conclusionOf, ownPaths, witnessesOf } from '../../facts/access/witness.ts';
import { network } from '../../facts/network/network.ts';
import { outsideWays } from '../../facts/network/outside.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import {
  cutOf,
  exposedBy,
  hiddenBindings,
  isNonEmpty,
  moreWays,
  platformMessage,
  subjectMessages,
  subjectTargets,
  witnessed,
} from '../judge-subject.ts';

/** What a path ends at, gravest first. Several namespaces are one finding: the same permission leads to all of them. */
const endings = ['cluster-admin', 'node', 'secrets', 'namespace', 'policy'] as const;
type Ending = (typeof endings)[number];

const endingOf = ({ target }: Escalation): Ending => {
  if (target === 'cluster-admin' || target === 'node') return target;
  if (target.startsWith('policy:')) return 'policy';
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
  needs: { reviewedSubjects, escalations, podSecurityClaims, network },
  parameters: {},
  messages: {
    'cluster-admin': '{subject} leads to every right in the cluster: it can {how}{more}.{exposed}{cut}',
    node: '{subject} leads to root on a node: it can {how}{more}.{exposed}{cut}',
    secrets: '{subject} leads to the Secrets of every namespace: it can {how}{more}.{exposed}{cut}',
    namespace: '{subject} leads to {place}, beyond its own namespaces: it can {how}{more}.{exposed}{cut}',
    policy: '{subject} leads to {place}: it can {how}{more}.{exposed}{cut}',
    depends: '{subject} leads to {place} if this holds: {assumption}. It can {how}.',
    confined: '{subject} reaches nothing beyond {home} (rules that bindings give it: {rules}).',
    'confined-by-claim':
      '{subject} may create Pods in {namespace}, and reaches no node because {owner} declares that this namespace enforces a Pod Security level.',
    'claim-expired':
      '{subject} may create Pods in {namespace}; that this namespace enforces a Pod Security level was declared by {owner} until {expires}. Give the Namespace, or renew the declaration.',
    platform: platformMessage,
    hidden: subjectMessages.hidden,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']),
  assess(target, { reviewedSubjects, escalations, podSecurityClaims, network, asOf }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject, grants } = target;
    const maker = platformMakerOf([...grants, ...target.unseen].map(({ binding }) => binding));
    if (maker !== undefined) return say.notApplicable('platform', { subject, maker });
    const all = ownPaths(target, escalations);
    const beyond = all.filter(({ scope }) => scope === 'cluster');
    const ways = outsideWays(network.at(asOf));
    const failed = endings.flatMap((ending): Judgement[] => {
      const paths = beyond.filter((path) => path.certain && endingOf(path) === ending);
      const [first] = paths;
      if (first === undefined) return [];
      const exposed = exposedBy(first, ways);
      const how = conclusionOf(first.steps);
      const data = { subject, how, more: moreWays(paths.length - 1), exposed: exposed.text, cut: cutOf(first) };
      const said =
        ending === 'namespace' || ending === 'policy'
          ? say.fail(ending, { ...data, place: describeTarget(first) })
          : say.fail(ending, data);
      return [exposed.rank(witnessed(said, witnessesOf(first.steps)))];
    });
    if (isNonEmpty(failed)) return failed;
    const byAssumption = new Map<string, Escalation>();
    for (const path of beyond) {
      const { assumption = '' } = path;
      if (!byAssumption.has(assumption)) byAssumption.set(assumption, path);
    }
    const depends = [...byAssumption].map(([assumption, path]): Judgement => {
      const data = { subject, place: describeTarget(path), assumption, how: conclusionOf(path.steps) };
      const said = { ...say.unknown('depends', data), reason: 'undecidable' as const, key: assumption };
      return witnessed(said, witnessesOf(path.steps));
    });
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

function describeTarget({ target }: Escalation): string {
  if (target === 'cluster-admin') return 'every right in the cluster';
  if (target === 'node') return 'root on a node';
  if (target === 'secrets:*') return 'the Secrets of every namespace';
  const name = target.slice(target.indexOf(':') + 1);
  if (target.startsWith('policy:')) return `the policy of ${name === '*' ? 'every namespace' : `namespace ${name}`}`;
  if (target.startsWith('subject:')) return name.includes('/') ? `ServiceAccount ${name}` : name;
  return target.startsWith('secrets:') ? `the Secrets of namespace ${name}` : `namespace ${name}`;
}
