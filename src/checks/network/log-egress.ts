import { unite } from '../../facts/network/assumptions.ts';
import { type LogSender, logSenders } from '../../facts/network/log-flows.ts';
import { network } from '../../facts/network/network.ts';
import { isolation, reaches, restsOnSilence } from '../../facts/network/reach.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { tiersOnDirection } from '../../facts/network/tiers.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { listing, passOn, proofOf, undecidable } from '../judge-traffic.ts';

export const logEgress = defineCheck({
  id: 'log-egress',
  gate: 'network',
  level: 'medium',
  title: 'What sends logs may do so by a rule',
  rationale: 'Logs that are cut go missing without an error that anybody reads, and are missed when they are needed most.',
  remedy: 'allow-log-egress',
  references: ['https://kubernetes.io/docs/concepts/cluster-administration/logging/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A variable that names a log endpoint which is switched off.',
  needs: { network },
  parameters: {},
  messages: {
    'no-sender': 'No workload names a log endpoint, and none is a log agent: logs go to standard output.',
    'unseen-workloads': 'No workload that names a log endpoint is in the sources, and {why}.',
    allowed: '{workload} may send its logs to {destination}: {because}.',
    implicit: 'The logs of {workload} reach {destination} only because egress is open: no NetworkPolicy isolates it.',
    denied: '{workload} may not send its logs to {destination}: {because}.',
    depends: 'Whether {workload} may send its logs to {destination} is not known: {assumptions}.',
    'unknown-destination':
      'Where {workload} sends its logs ({how}) is not seen{hosts}, so that no rule can be proven. Give the Service of the log store.',
    unseen:
      'Whether {workload} may send its logs to {destination} is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
    'host-network': '{workload} runs on the host network: its traffic is its node’s, and no NetworkPolicy acts on it.',
  },
  looksFor: [],
  *targets({ network: model }) {
    for (const sender of logSenders(model))
      yield { ref: sender.endpoint.workload.ref, object: sender.endpoint.workload.object, sender };
  },
  assess({ sender, ref: { kind, name } }, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
    const { endpoint, flows } = sender;
    const workload = `${kind} ${name}`;
    if (endpoint.workload.hostNetwork) return say.notApplicable('host-network', { workload });
    const why = unseenPolicies(model);
    const judged = flows.map((flow): Judgement => {
      const destination = `${flow.to.id}:${flow.port}`;
      const ruling = reaches(model, endpoint, flow.to, { protocol: flow.protocol, port: flow.port });
      const place = { key: destination, because: proofOf(ruling.because) };
      if (ruling.answer === 'depends')
        return {
          ...undecidable(say.unknown('depends', { workload, destination, assumptions: explain(ruling.assumptions) })),
          ...place,
        };
      const isSettled = ruling.answer === 'allowed' && ![ruling.egress, ruling.ingress].some(restsOnSilence);
      if (why !== undefined && !isSettled) return { ...say.unknown('unseen', { workload, destination, why }), ...place };
      const because = ruling.because[0]?.note ?? 'no rule admits it';
      if (ruling.answer === 'denied') return { ...say.fail('denied', { workload, destination, because }), ...place };
      if (ruling.egress.implicit) return { ...say.fail('implicit', { workload, destination }), ...place };
      return {
        ...passOn(say.pass('allowed', { workload, destination, because }), model, [endpoint, flow.to], unite(ruling.assumptions)),
        ...place,
      };
    });
    const isHidden = flows.length === 0 || sender.outside.length > 0;
    const [first, ...rest] = isHidden ? [...judged, hidden(sender)] : judged;
    if (first === undefined) throw new Error('a sender without a judgement');
    return [first, ...rest];

    /** A host outside, or a variable whose value no source shows. */
    function hidden({ how, outside }: LogSender): Judgement {
      const destination = outside.length > 0 ? listing(outside) : 'their destination';
      const { isolated, perhaps } = isolation(model, endpoint, 'egress');
      const isOpen = !isolated && perhaps.length === 0 && tiersOnDirection(model, endpoint, 'egress').length === 0;
      if (isOpen && model.vendor.length === 0 && why === undefined)
        return { ...say.fail('implicit', { workload, destination }), key: 'outside' };
      const hosts = outside.length > 0 ? `: ${listing(outside)} has addresses that no manifest shows` : '';
      return { ...undecidable(say.unknown('unknown-destination', { workload, how: listing(how), hosts })), key: 'outside' };
    }
  },
  none({ network: { inputs } }, say) {
    const unseen = ['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => inputs.completeness('apps', kind));
    // One complete kind means that whoever gave the sources gave the workloads: a DaemonSet that does not exist cannot be found.
    const [first] = unseen.filter((known) => !known.complete);
    if (first && !first.complete && unseen.every((known) => !known.complete))
      return say.unknown('unseen-workloads', { why: first.why });
    return say.notApplicable('no-sender');
  },
});
