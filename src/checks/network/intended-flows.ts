import { declaredReview } from '../../facts/inventory.ts';
import { type DerivedFlow, isDeclared, necessaryFlows } from '../../facts/network/derived.ts';
import { type IntendedPair, type IntendedResult, intendedFlows as declaredFlows } from '../../facts/network/intended.ts';
import { network, type NetworkModel } from '../../facts/network/network.ts';
import { unite } from '../../facts/network/assumptions.ts';
import type { Endpoint, WorkloadEndpoint } from '../../facts/network/peers.ts';
import { restsOnSilence as isSilent, type Ruling } from '../../facts/network/reach.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { suggestedFlows } from '../../facts/network/suggested.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Say, type Target } from '../define-check.ts';
import { counted, listing, passOn, proofOf, undecidable } from '../judge-traffic.ts';

const nameOf = ({ flow }: IntendedResult) => `${flow.from} -> ${flow.to}:${flow.port ?? '*'}/${flow.protocol}`;

const messages = {
  undeclared:
    'Nobody declared which flows are intended. Declare them under spec.traffic, for example {example}; {suggestions} from Ingress objects and variables.',
  'none-intended': 'The review file declares that no flow is intended.',
  allowed: '{flow} is allowed for {pairs}: {because}.',
  denied: '{flow} is closed between {pair}: {because}{more}.',
  vacuous: '{flow} says nothing: {why}{suggestion}.',
  'vacuous-unseen':
    '{flow} names what is in no source: {why}{suggestion}. Give its manifests, or declare it under spec.providedElsewhere.',
  depends: 'Whether {flow} is allowed between {pair} is not known: {assumptions}.',
  unseen: 'Whether {flow} is allowed is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
  needed: '{flows} allowed, which needs no declaration: {because}.',
  'needed-denied': '{flow} is closed: {because}. It is needed, since {reason}.',
  'needed-depends': 'Whether {flow} is allowed is not known: {assumptions}. It is needed, since {reason}.',
  'needed-unseen':
    'Whether {flow} is allowed is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete. It is needed, since {reason}.',
  'perhaps-needed':
    '{flow} is closed: {because}. Whether it is needed is not known: {reason}. Give the bindings of the account, or set automountServiceAccountToken to false.',
} as const;

type FlowTarget = Target &
  ({ readonly result: IntendedResult } | { readonly needed: readonly DerivedFlow[] } | { readonly undeclared: true });

export const intendedFlows = defineCheck({
  id: 'intended-flows',
  gate: 'network',
  level: 'blocker',
  title: 'Every intended flow is possible',
  rationale: 'A policy that closes a flow which the system needs shows itself as an outage, often only when the Pod restarts.',
  remedy: 'allow-intended-flows',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A flow that starts only later, such as one to a service that is launched after this one.',
  needs: { network, review: declaredReview },
  parameters: {},
  messages,
  looksFor: [],
  *targets({ network: declared, review, asOf }): Generator<FlowTarget> {
    const model = declared.at(asOf);
    const results = new Map((declaredFlows(model) ?? []).map((result) => [nameOf(result), result]));
    for (const [name, result] of results) yield { ref: { apiVersion: ownApiVersion, kind: 'Flow', name }, result };
    const needed = neededByWorkload(model);
    for (const [{ workload }, flows] of needed) yield { ref: workload.ref, object: workload.object, needed: flows };
    // Without any target the engine asks `none`; with derived ones alone, what is missing must still be said.
    if (model.traffic === undefined && needed.size > 0)
      yield { ref: { apiVersion: ownApiVersion, kind: 'Source', name: review.environment }, undeclared: true };
  },
  assess(target, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
    if ('undeclared' in target) return judgeUndeclared(model, say);
    if ('needed' in target) return judgeNeeded(model, target.needed, say);
    const { ref, result } = target;
    const { flow, status, pairs, vacuous } = result;
    const { place } = flow;
    const at = (judgement: Judgement): Judgement =>
      place === undefined ? judgement : { ...judgement, location: { ...place, path: 'spec.traffic' } };
    const name = ref.name;
    if (status === 'vacuous') {
      const why = vacuous?.why ?? 'one end stands for nothing';
      const data = {
        flow: name,
        why,
        suggestion: (vacuous?.suggestions.length ?? 0) > 0 ? `; did you mean ${vacuous?.suggestions[0]}` : '',
      };
      return at(seesWorkloads(model) ? say.fail('vacuous', data) : say.unknown('vacuous-unseen', data));
    }
    const of = (answer: IntendedPair['answer']) => pairs.filter((pair) => pair.answer === answer);
    const unseen = unseenPolicies(model);
    const [denied, ...others] = of('denied');
    if (status === 'missing' && denied) {
      if (unseen !== undefined) return at(say.unknown('unseen', { flow: name, why: unseen }));
      const more = others.length > 0 ? `; ${counted(others.length, 'more pair')} of ${pairs.length} closed` : '';
      return at({
        ...say.fail('denied', { flow: name, pair: pairText(denied), because: reasonOf(denied), more }),
        because: proofOf(denied.ruling.because),
      });
    }
    const [open] = of('depends');
    if (status === 'depends' && open)
      return at({
        ...undecidable(
          say.unknown('depends', { flow: name, pair: pairText(open), assumptions: explain(open.ruling.assumptions) }),
        ),
        because: proofOf(open.ruling.because),
      });
    // Of `namespace/*` one is enough: the one that takes least for granted.
    const allowed = [...of('allowed')].sort((a, b) => a.ruling.assumptions.length - b.ruling.assumptions.length);
    const relied = denied || open ? allowed.slice(0, 1) : allowed;
    if (unseen !== undefined && relied.some(restsOnSilence)) return at(say.unknown('unseen', { flow: name, why: unseen }));
    const assumptions = unite(...relied.map(({ ruling }) => ruling.assumptions));
    const pass = say.pass('allowed', {
      flow: name,
      pairs: listing(relied.map(({ from, to }) => `${from.id} -> ${to.id}`)),
      because: listing(relied.flatMap(({ ruling }) => ruling.because.map(({ note }) => note))) || 'no policy stands between',
    });
    const ends = relied.flatMap(({ from, to }) => [from, to]);
    return at({ ...passOn(pass, model, ends, assumptions), because: proofOf(relied.flatMap(({ ruling }) => ruling.because)) });
  },
  none({ network: model }, say) {
    return model.traffic === undefined ? judgeUndeclared(model, say) : say.notApplicable('none-intended');
  },
});

function judgeUndeclared(model: NetworkModel, say: Say<typeof messages>): Judgement {
  const suggested = suggestedFlows(model);
  const [first] = suggested;
  const example =
    first && first.from.kind === 'workload'
      ? `{ from: ${endOf(first.from.id)}, to: ${endOf(first.to.id)}, port: ${first.port} }`
      : '{ from: backend, to: postgres, port: 5432 }';
  return say.unknown('undeclared', { example, suggestions: `${counted(suggested.length, 'flow')} can be suggested` });
}

/**
 * By the workload that stops working without them: what calls the API server, or what is called. Declared flows have their own
 * target, and of those that are only possible a closed one alone is worth a word.
 */
function neededByWorkload(model: NetworkModel): ReadonlyMap<WorkloadEndpoint, readonly DerivedFlow[]> {
  const found = new Map<WorkloadEndpoint, DerivedFlow[]>();
  for (const flow of necessaryFlows(model)) {
    const [end] = flow.kind === 'api-server' ? flow.from.ends : flow.to.ends;
    if (end?.kind !== 'workload' || isDeclared(model, flow)) continue;
    if (flow.need === 'possible' && flow.ruling.answer !== 'denied') continue;
    const list = found.get(end);
    if (list) list.push(flow);
    else found.set(end, [flow]);
  }
  return found;
}

const neededText = ({ from, to, port, protocol }: DerivedFlow) => `${from.id} -> ${to.id}:${port ?? '*'}/${protocol}`;

function judgeNeeded(
  model: NetworkModel,
  flows: readonly DerivedFlow[],
  say: Say<typeof messages>,
): Judgement | readonly [Judgement, ...Judgement[]] {
  const unseen = unseenPolicies(model);
  const [first, ...rest] = flows.flatMap((flow) => judgeNotAllowed(flow, unseen, say) ?? []);
  if (first !== undefined) return [first, ...rest];
  const because = flows.flatMap(({ ruling }) => ruling.because);
  const pass = say.pass('needed', {
    flows: `${listing(flows.map(neededText))} ${flows.length === 1 ? 'is' : 'are'}`,
    because: listing(because.map(({ note }) => note)) || 'no policy stands between',
  });
  const ends = flows.flatMap(({ from, to }) => [...from.ends, ...to.ends]);
  const assumptions = unite(...flows.map(({ ruling }) => ruling.assumptions));
  return { ...passOn(pass, model, ends, assumptions), because: proofOf(because) };
}

/** Nothing where the flow is allowed. */
function judgeNotAllowed(flow: DerivedFlow, why: string | undefined, say: Say<typeof messages>): Judgement | undefined {
  const { ruling, reason, need } = flow;
  const name = neededText(flow);
  const more = { key: name, because: proofOf(ruling.because) };
  const data = { flow: name, reason };
  const ends = { from: flow.from.ends[0], to: flow.to.ends[0], ruling };
  if (why !== undefined && need === 'certain' && (ruling.answer === 'denied' || restsOnSilence(ends)))
    return { ...say.unknown('needed-unseen', { ...data, why }), key: name };
  if (ruling.answer === 'allowed') return undefined;
  if (ruling.answer === 'depends')
    return { ...undecidable(say.unknown('needed-depends', { ...data, assumptions: explain(ruling.assumptions) })), ...more };
  const closed = { ...data, because: ruling.because[0]?.note ?? 'no rule admits it' };
  return { ...(need === 'certain' ? say.fail('needed-denied', closed) : say.unknown('perhaps-needed', closed)), ...more };
}

/** `namespace/Kind/name` as the review file calls it. */
const endOf = (id: string) => id.replace(/\/[^/]*\//, '/');
const pairText = ({ from, to }: IntendedPair) => `${from.id} and ${to.id}`;
const reasonOf = ({ ruling }: IntendedPair) => ruling.because[0]?.note ?? 'no rule admits it';

/** Allowed by nobody's rule: a policy that is in no source could close it, if something enforces it. */
const restsOnSilence = ({
  from,
  to,
  ruling,
}: {
  readonly from: Endpoint | undefined;
  readonly to: Endpoint | undefined;
  readonly ruling: Ruling;
}): boolean =>
  ruling.answer === 'allowed' &&
  !ruling.assumptions.includes('no-enforcement') &&
  ((from?.kind === 'workload' && isSilent(ruling.egress)) || (to?.kind === 'workload' && isSilent(ruling.ingress)));

/** Would a workload of that name be in the sources? */
const seesWorkloads = ({ inputs }: NetworkModel): boolean =>
  inputs.unexpanded.length === 0 &&
  ['Deployment', 'StatefulSet', 'DaemonSet'].some((kind) => inputs.completeness('apps', kind).complete);
