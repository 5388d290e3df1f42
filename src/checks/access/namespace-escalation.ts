import { type Escalation, escalations, type Hazard } from '../../facts/access/escalation.ts';
import { platformMakerOf } from '../../facts/access/platform-bindings.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { conclusionOf, ownPaths, takeoverOf, witnessesOf } from '../../facts/access/witness.ts';
import { network } from '../../facts/network/network.ts';
import { outsideWays } from '../../facts/network/outside.ts';
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
  needs: { reviewedSubjects, escalations, network },
  parameters: {},
  messages: {
    takes: '{subject} can take over {what}: it can {how}{more}.{exposed}{guards}{cut}',
    'changes-policy': '{subject} can change {what}: it can {how}{more}.{exposed}{cut}',
    depends: '{subject} can take over {what} if this holds: {assumption}. It can {how}.',
    confined: '{subject} can become nobody else in its namespaces (rules that bindings give it: {rules}).{beside}',
    beyond: '{subject} leads to every right in the cluster, which is the finding of cluster-escalation.',
    platform: platformMessage,
    hidden: subjectMessages.hidden,
  },
  looksFor: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io', 'ServiceAccount', '*'],
  targets: ({ reviewedSubjects }) => subjectTargets(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding']),
  assess(target, { reviewedSubjects, escalations, network, asOf }, say) {
    if (target.subject === undefined) return hiddenBindings(reviewedSubjects, ['RoleBinding', 'ClusterRoleBinding'], say);
    const { label: subject } = target;
    const maker = platformMakerOf([...target.grants, ...target.unseen].map(({ binding }) => binding));
    if (maker !== undefined) return say.notApplicable('platform', { subject, maker });
    const all = ownPaths(target, escalations);
    // Reading Secrets is a permission, not a way to another one: secret-read-access tells it.
    const here = all.filter((path) => path.scope === 'namespace' && !path.target.startsWith('secrets:'));
    const byGroup = (certain: boolean) =>
      Map.groupBy(
        here.filter((path) => path.certain === certain),
        groupOf,
      );
    const sure = byGroup(true);
    const ways = outsideWays(network.at(asOf));
    const failed = [...sure].flatMap(([group, paths]): Judgement[] => {
      const [first] = paths;
      if (first === undefined) return [];
      const exposed = exposedBy(first, ways);
      const how = conclusionOf(first.steps);
      const data = { subject, how, more: moreWays(paths.length - 1), exposed: exposed.text, cut: cutOf(first) };
      const place = placeOf(first);
      if (first.target.startsWith('policy:')) {
        // Who takes the namespace itself is told once, with its policy.
        if (sure.has(`namespace:${place}`)) return [];
        const said = say.fail('changes-policy', { ...data, what: whatOf(first, false) });
        return [exposed.rank({ ...witnessed(said, witnessesOf(first.steps)), key: group })];
      }
      const said = say.fail('takes', { ...data, what: whatOf(first, sure.has(`policy:${place}`)), guards: guardsIn(first) });
      return [exposed.rank({ ...witnessed(said, witnessesOf(first.steps)), key: group })];
    });
    if (isNonEmpty(failed)) return failed;
    const depends = [...byGroup(false)].flatMap(([group, [first]]): Judgement[] => {
      if (first === undefined) return [];
      const data = { subject, what: whatOf(first, false), how: conclusionOf(first.steps), assumption: first.assumption ?? '' };
      const said = { ...say.unknown('depends', data), reason: 'undecidable' as const, key: group };
      return [witnessed(said, witnessesOf(first.steps))];
    });
    if (isNonEmpty(depends)) return depends;
    return all.some((path) => path.target === 'cluster-admin' && path.certain && !target.foreign)
      ? say.notApplicable('beyond', { subject })
      : say.pass('confined', {
          subject,
          rules: target.grants.length,
          beside: target.foreign ? '' : besideOf(escalations.hazardsOf(target.subject)),
        });
  },
});

/** Single accounts are one finding: the same permission names them all. */
const groupOf = ({ target }: Escalation): string => (target.startsWith('subject:') ? 'subject' : target);

const placeOf = ({ target }: Escalation): string => target.slice(target.indexOf(':') + 1);

function whatOf(path: Escalation, withPolicy: boolean): string {
  const name = placeOf(path);
  if (path.target.startsWith('policy:')) return `the policy of namespace ${name}`;
  if (path.target.startsWith('subject:')) return name.includes('/') ? `ServiceAccount ${name}` : name;
  const takeover = takeoverOf(path);
  const means = takeover === undefined ? '' : ` (${meanings[takeover]})`;
  return `namespace ${name}${withPolicy ? ' and its policy' : ''}${means}`;
}

/** What taking a namespace means; other first steps say it themselves. */
const meanings = {
  'every-secret': 'use every ServiceAccount, mount every Secret',
  'listed-secrets': 'use every ServiceAccount, with the Secrets that it lists',
} as const;

/** What is there and may refuse it: nobody evaluated what it says. */
function guardsIn(path: Escalation): string {
  const [first, ...rest] = path.guards.filter(({ effect }) => effect === 'may-refuse');
  if (first === undefined) return '';
  const more = rest.length === 0 ? '' : ` and ${rest.length} more`;
  return ` ${first.note}${more} may refuse that; what ${rest.length === 0 ? 'it says' : 'they say'} is not evaluated.`;
}

const shownHazards = 3;

/** What harms beside: ` Beside that it can publish Services in shop by Ingresses (E43).` */
function besideOf(hazards: readonly Hazard[]): string {
  const told = hazards.filter(({ severity }) => severity !== 'low');
  if (told.length === 0) return '';
  const more = told.length - shownHazards;
  const texts = told.slice(0, shownHazards).map(({ note, edge }) => `${note} (${edge})`);
  return ` Beside that it can ${texts.join(', ')}${more <= 0 ? '' : `, and ${more} more`}.`;
}
