import { type IgnoredPart, ignoredParts } from '../../facts/network/ignored.ts';
import { network } from '../../facts/network/network.ts';
import { policiesUnderReview } from '../../facts/network/subjects.ts';
import { formatPath } from '../../model/judgement.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { counted } from '../judge-traffic.ts';

/** A port that no container declares may still be open: containerPort only informs. */
const isFinding = ({ reason }: IgnoredPart) => reason !== 'undeclared-port';

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
  messages: {
    effective: 'NetworkPolicy {policy}: {rules} in force.',
    ignored: 'NetworkPolicy {policy}: {detail}.',
    refused: 'The API server refuses NetworkPolicy {policy}: {detail}.',
    'no-port': 'NetworkPolicy {policy}: {detail}, so the rule admits nothing there.',
    'service-addresses': 'NetworkPolicy {policy}: {detail}: there the block matches nothing.',
    'perhaps-no-port': 'NetworkPolicy {policy}: {detail}; Pods that are not in the sources may have it. Give their manifests.',
  },
  looksFor: ['NetworkPolicy.networking.k8s.io'],
  *targets({ network: model }) {
    for (const policy of policiesUnderReview(model)) yield { ref: policy.ref, object: policy.object, policy };
  },
  assess({ policy }, { network: model }, say) {
    const { name } = policy.ref;
    const [first, ...rest] = ignoredParts(model)
      .filter((part) => part.policy.object === policy.object && isFinding(part))
      .map(({ path, reason, detail, certain }): Judgement => {
        const data = { policy: name, detail };
        const place = { at: path, key: formatPath(path) };
        if (reason === 'direction') return { ...say.fail('ignored', data), ...place };
        if (reason === 'service-addresses') return { ...say.fail('service-addresses', data), ...place };
        if (reason === 'invalid') return { ...say.fail('refused', data), ...place };
        return { ...(certain ? say.fail('no-port', data) : say.unknown('perhaps-no-port', data)), ...place };
      });
    if (first !== undefined) return [first, ...rest];
    const rules = policy.ingress.length + policy.egress.length;
    return say.pass('effective', {
      policy: name,
      rules: rules === 0 ? 'the denial without a rule is' : `${counted(rules, 'rule')} ${rules === 1 ? 'is' : 'are'}`,
    });
  },
});
