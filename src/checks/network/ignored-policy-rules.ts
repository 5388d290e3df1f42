import { type IgnoredPart, ignoredParts } from '../../facts/network/ignored.ts';
import { network, type NetworkModel } from '../../facts/network/network.ts';
import { policiesUnderReview, tiersUnderReview } from '../../facts/network/subjects.ts';
import { type TierConflict, tierConflicts } from '../../facts/network/tier-conflicts.ts';
import type { NetworkPolicy } from '../../kube/network-policy.ts';
import type { TierPolicy } from '../../kube/admin-network-policy.ts';
import { formatPath } from '../../model/judgement.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Say, type Target } from '../define-check.ts';
import { counted, undecidable } from '../judge-traffic.ts';

/** A port that no container declares may still be open: containerPort only informs. */
const isFinding = ({ reason }: IgnoredPart) => reason !== 'undeclared-port';

type PolicyTarget = Target & ({ readonly policy: NetworkPolicy } | { readonly tier: TierPolicy });

const messages = {
  effective: 'NetworkPolicy {policy}: {rules} in force.',
  ignored: 'NetworkPolicy {policy}: {detail}.',
  refused: 'The API server refuses NetworkPolicy {policy}: {detail}.',
  'host-bits': 'NetworkPolicy {policy}: {detail}; API servers refuse it in new objects.',
  'no-port': 'NetworkPolicy {policy}: {detail}, so the rule admits nothing there.',
  'service-addresses': 'NetworkPolicy {policy}: {detail}: there the block matches nothing.',
  unenforced: 'No network plugin enforces {policy}: none of its rules has an effect.',
  'tier-effective': '{policy}: {rules} in force.',
  'tier-refused': 'The API server refuses {policy}: {detail}.',
  'tier-order':
    'Which of {policy} and {other} comes first is not defined ({why}), and they decide differently over {connection}: give them different priorities.',
  'perhaps-tier-order':
    'Which of {policy} and {other} comes first is not defined ({why}), and they may decide differently over {connection}: give them different priorities.',
  'perhaps-no-port': 'NetworkPolicy {policy}: {detail}; Pods that are not in the sources may have it. Give their manifests.',
} as const;

export const ignoredPolicyRules = defineCheck({
  id: 'ignored-policy-rules',
  gate: 'network',
  level: 'high',
  title: 'Every rule of a policy has an effect',
  rationale:
    'A rule under a direction that policyTypes does not name, or for a port name that no Pod has, reads like protection and is none.',
  remedy: 'mend-network-policies',
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A rule for a port name that the next release brings.',
  needs: { network },
  parameters: {},
  messages,
  looksFor: ['NetworkPolicy.networking.k8s.io'],
  *targets({ network: model }): Generator<PolicyTarget> {
    for (const policy of policiesUnderReview(model)) yield { ref: policy.ref, object: policy.object, policy };
    for (const tier of tiersUnderReview(model)) yield { ref: tier.ref, object: tier.object, tier };
  },
  assess(target, { network: model }, say) {
    if (model.profile['no-enforcement'] === 'yes') return say.fail('unenforced', { policy: formatRef(target.ref) });
    if ('tier' in target) return judgeTier(model, target.tier, say);
    const { policy } = target;
    const { name } = policy.ref;
    const [first, ...rest] = ignoredParts(model)
      .filter((part) => part.policy.object === policy.object && isFinding(part))
      .map(({ path, reason, detail, certain }): Judgement => {
        const data = { policy: name, detail };
        const place = { at: path, key: formatPath(path) };
        if (reason === 'direction') return { ...say.fail('ignored', data), ...place };
        if (reason === 'service-addresses') return { ...say.fail('service-addresses', data), ...place };
        if (reason === 'host-bits') return { ...say.fail('host-bits', data), ...place };
        if (reason === 'invalid') return { ...say.fail('refused', data), ...place };
        return { ...(certain ? say.fail('no-port', data) : say.unknown('perhaps-no-port', data)), ...place };
      });
    if (first !== undefined) return [first, ...rest];
    const rules = policy.ingress.length + policy.egress.length;
    return say.pass('effective', { policy: name, rules: rules === 0 ? 'the denial without a rule is' : countedRules(rules) });
  },
});

const countedRules = (rules: number) => `${counted(rules, 'rule')} ${rules === 1 ? 'is' : 'are'}`;

/** What the API server refuses of a cluster-wide policy, and others that may come before it or after it. */
function judgeTier(
  model: NetworkModel,
  tier: TierPolicy,
  say: Say<typeof messages>,
): Judgement | readonly [Judgement, ...Judgement[]] {
  const policy = formatRef(tier.ref);
  const refused = tier.invalid.map(
    ({ path, problem }): Judgement => ({
      ...say.fail('tier-refused', { policy, detail: problem }),
      at: path,
      key: formatPath(path),
    }),
  );
  const conflicts = tierConflicts(model)
    .filter((conflict) => reportedOn(model, conflict) === tier)
    .map((conflict): Judgement => {
      const other = conflict.policies[0] === tier ? conflict.policies[1] : conflict.policies[0];
      const why =
        other.api === tier.api
          ? `both have priority ${tier.priority}`
          : 'they are of two generations of the API, without an order';
      const data = { policy, other: formatRef(other.ref), why, connection: connectionOf(conflict) };
      const place = { at: ['spec', 'priority'], key: formatRef(other.ref) };
      return conflict.certain
        ? { ...say.fail('tier-order', data), ...place }
        : { ...undecidable(say.unknown('perhaps-tier-order', data)), ...place };
    });
  const [first, ...rest] = [...refused, ...conflicts];
  if (first !== undefined) return [first, ...rest];
  const rules = tier.ingress.length + tier.egress.length;
  return say.pass('tier-effective', { policy, rules: rules === 0 ? 'no rule is' : countedRules(rules) });
}

/** One finding a pair: on the later of the two, or on the one that is under review. */
function reportedOn(model: NetworkModel, { policies: [first, second] }: TierConflict): TierPolicy {
  return tiersUnderReview(model).includes(second) ? second : first;
}

function connectionOf({ direction, subject, peer, port }: TierConflict): string {
  const ends = direction === 'ingress' ? [peer.id, subject.id] : [subject.id, peer.id];
  return `${ends.join(' -> ')}, ${port.protocol} ${port.port}`;
}
