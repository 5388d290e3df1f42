import { type IntendedPair, type IntendedResult, intendedFlows as declaredFlows } from '../../facts/network/intended.ts';
import { network, type NetworkModel } from '../../facts/network/network.ts';
import { unite } from '../../facts/network/assumptions.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { suggestedFlows } from '../../facts/network/suggested.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { counted, listing, passOn, proofOf, undecidable } from '../judge-traffic.ts';

const nameOf = ({ flow }: IntendedResult) => `${flow.from} -> ${flow.to}:${flow.port ?? '*'}/${flow.protocol}`;

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
  needs: { network },
  parameters: {},
  messages: {
    undeclared:
      'Nobody declared which flows are intended. Declare them under spec.traffic, for example {example}; {suggestions} from Ingress objects and variables.',
    'none-intended': 'The review file declares that no flow is intended.',
    allowed: '{flow} is allowed: {because}.',
    denied: '{flow} is closed between {pair}: {because}{more}.',
    vacuous: '{flow} says nothing: {why}{suggestion}.',
    'vacuous-unseen':
      '{flow} names what is in no source: {why}{suggestion}. Give its manifests, or declare it under spec.providedElsewhere.',
    depends: 'Whether {flow} is allowed between {pair} is not known: {assumptions}.',
    unseen: 'Whether {flow} is allowed is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
  },
  looksFor: [],
  *targets({ network: model, asOf }) {
    const results = new Map((declaredFlows(model.at(asOf)) ?? []).map((result) => [nameOf(result), result]));
    for (const [name, result] of results) yield { ref: { apiVersion: ownApiVersion, kind: 'Flow', name }, result };
  },
  assess({ ref, result }, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
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
      because: listing(relied.flatMap(({ ruling }) => ruling.because.map(({ note }) => note))) || 'no policy stands between',
    });
    const ends = relied.flatMap(({ from, to }) => [from, to]);
    return at({ ...passOn(pass, model, ends, assumptions), because: proofOf(relied.flatMap(({ ruling }) => ruling.because)) });
  },
  none({ network: model }, say) {
    if (model.traffic !== undefined) return say.notApplicable('none-intended');
    const suggested = suggestedFlows(model);
    const [first] = suggested;
    const example =
      first && first.from.kind === 'workload'
        ? `{ from: ${endOf(first.from.id)}, to: ${endOf(first.to.id)}, port: ${first.port} }`
        : '{ from: backend, to: postgres, port: 5432 }';
    return say.unknown('undeclared', { example, suggestions: `${counted(suggested.length, 'flow')} can be suggested` });
  },
});

/** `namespace/Kind/name` as the review file calls it. */
const endOf = (id: string) => id.replace(/\/[^/]*\//, '/');
const pairText = ({ from, to }: IntendedPair) => `${from.id} and ${to.id}`;
const reasonOf = ({ ruling }: IntendedPair) => ruling.because[0]?.note ?? 'no rule admits it';

/** Allowed by nobody's rule: a policy that is in no source could close it. */
const restsOnSilence = ({ from, to, ruling }: IntendedPair): boolean =>
  (from.kind === 'workload' && ruling.egress.implicit) || (to.kind === 'workload' && ruling.ingress.implicit);

/** Would a workload of that name be in the sources? */
const seesWorkloads = ({ inputs }: NetworkModel): boolean =>
  inputs.unexpanded.length === 0 &&
  ['Deployment', 'StatefulSet', 'DaemonSet'].some((kind) => inputs.completeness('apps', kind).complete);
