import { network } from '../../facts/network/network.ts';
import { explain } from '../../facts/network/standing.ts';
import { policiesUnderReview } from '../../facts/network/subjects.ts';
import { type PolicySelector, policySelectors } from '../../facts/network/vacuous.ts';
import { unite } from '../../facts/network/assumptions.ts';
import { formatPath } from '../../model/judgement.ts';
import { defineCheck, type Judgement, type Say } from '../define-check.ts';
import { counted, passOn, undecidable } from '../judge-traffic.ts';

const messages = {
  matching: '{selectors} of NetworkPolicy {policy} matches something.',
  everything: 'NetworkPolicy {policy} selects every Pod of its namespace and names no peer by label.',
  nothing: 'NetworkPolicy {policy} asks for {what} {selector}, and {why}{suggestion}.',
  unseen:
    'Whether anything matches {what} {selector} of NetworkPolicy {policy} is not known: {why}{suggestion}. Give its manifests, or declare it under spec.providedElsewhere.',
  depends: 'Whether anything matches {what} {selector} of NetworkPolicy {policy} is not known: {assumptions}.',
} as const;

export const vacuousSelector = defineCheck({
  id: 'vacuous-selector',
  gate: 'network',
  level: 'high',
  title: 'Every selector of a policy matches something',
  rationale: 'A misspelt label is valid: the policy then isolates nobody, or lets nobody in, and says nothing of it.',
  remedy: 'mend-network-policies',
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name',
  ],
  decidedBy: 'platform',
  attestable: false,
  whenToWaive: 'A policy for Pods that are started by hand, such as a debugging Pod.',
  needs: { network },
  parameters: {},
  messages,
  looksFor: ['NetworkPolicy.networking.k8s.io'],
  *targets({ network: model }) {
    for (const policy of policiesUnderReview(model)) yield { ref: policy.ref, object: policy.object, policy };
  },
  assess({ policy }, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
    const selectors = policySelectors(model).filter((selector) => selector.policy.object === policy.object);
    const [first, ...rest] = selectors.flatMap((selector) => judge(selector, say) ?? []);
    if (first !== undefined) return [first, ...rest];
    if (selectors.length === 0) return say.pass('everything', { policy: policy.ref.name });
    const pass = say.pass('matching', {
      policy: policy.ref.name,
      selectors: selectors.length === 1 ? 'The selector' : `Each of ${counted(selectors.length, 'selector')}`,
    });
    const ends = selectors.flatMap((selector) => selector.ends);
    return passOn(pass, model, ends, unite(...selectors.map(({ match }) => match.assumptions)));
  },
});

const parts = { podSelector: 'Pods with', 'peer-pods': 'a peer with', 'peer-namespaces': 'a namespace with' } as const;

/** Nothing where the selector matches. */
function judge(
  { policy, path, part, selector, match, certain, why, suggestions }: PolicySelector,
  say: Say<typeof messages>,
): Judgement | undefined {
  if (match.truth === 'yes') return undefined;
  const data = { policy: policy.ref.name, what: parts[part], selector };
  const place = { at: path, key: formatPath(path) };
  if (match.truth === 'maybe')
    return { ...undecidable(say.unknown('depends', { ...data, assumptions: explain(match.assumptions) })), ...place };
  const suggestion = suggestions.length > 0 ? `; did you mean ${suggestions[0]}` : '';
  return {
    ...(certain ? say.fail('nothing', { ...data, why, suggestion }) : say.unknown('unseen', { ...data, why, suggestion })),
    ...place,
  };
}
