import { unite } from '../../facts/network/assumptions.ts';
import { type MonitoringReach, monitoringNamespaces, monitoringReach, scrapers } from '../../facts/network/monitoring.ts';
import { network, type NetworkModel } from '../../facts/network/network.ts';
import { onHostNetwork } from '../../facts/network/peers.ts';
import {
  formatPorts,
  isEmptyPorts,
  noPorts,
  type PortSet,
  protocols,
  subtractPorts,
  unitePorts,
} from '../../facts/network/ports.ts';
import { reaches, restsOnSilence } from '../../facts/network/reach.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { listing, passOn, proofOf, undecidable } from '../judge-traffic.ts';

export const monitoringAccess = defineCheck({
  id: 'monitoring-access',
  gate: 'network',
  level: 'high',
  title: 'Monitoring reaches the metrics ports and nothing else',
  rationale:
    'Monitoring is let in everywhere. Where its rule names no port, whoever takes over a dashboard reaches every database.',
  remedy: 'narrow-monitoring-access',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A workload that serves metrics and its interface on one port, where the metrics need a login of their own.',
  needs: { network },
  parameters: {},
  messages: {
    'no-monitoring':
      'No workload that scrapes metrics is in the sources, and no declared flow comes from one. Give the monitoring workloads, or declare their flows under spec.traffic.',
    'same-namespace': 'Every workload under review runs beside its monitoring, in {namespaces}.',
    subset: 'Monitoring ({sources}) reaches {ports} of {workload} and nothing else.',
    nothing: 'Monitoring ({sources}) reaches nothing of {workload}.',
    beyond: 'Monitoring ({sources}) may connect to {workload} on {ports}; its metrics ports are {metrics}.',
    open: 'Monitoring ({sources}) may connect to every port of {workload}: no NetworkPolicy isolates it for ingress. Its metrics ports are {metrics}.',
    depends: 'Whether monitoring ({sources}) may connect to {workload} on {ports} is not known: {assumptions}.',
    unseen:
      'Whether monitoring reaches more than the metrics ports of {workload} is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
    'host-network': '{workload} runs on the host network: its traffic is its node’s, and no NetworkPolicy acts on it.',
  },
  looksFor: [],
  *targets({ network: declared, asOf }) {
    const model = declared.at(asOf);
    for (const endpoint of model.reviewed) {
      if (model.once(reachByWorkload).has(endpoint.id))
        yield { ref: endpoint.workload.ref, object: endpoint.workload.object, endpoint };
    }
  },
  assess({ endpoint, ref: { kind, name } }, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
    const reach = model.once(reachByWorkload).get(endpoint.id) ?? [];
    const workload = `${kind} ${name}`;
    if (onHostNetwork(endpoint)) return say.notApplicable('host-network', { workload });
    const why = unseenPolicies(model);
    const sourcesOf = (some: readonly MonitoringReach[]) => listing(some.map(({ from }) => from.id));
    const metrics = nameOf(reach.map((item) => item.metrics).reduce(unitePorts, noPorts));
    const open = reach.filter(({ beyond }) => !isEmptyPorts(beyond));
    const [first] = open;
    if (first) {
      const beyond = open.map((item) => item.beyond).reduce(unitePorts, noPorts);
      const listening = open.map((item) => item.listening).reduce(unitePorts, noPorts);
      const ruling = reaches(
        model,
        first.from,
        endpoint,
        witness(isEmptyPorts(first.listening) ? first.beyond : first.listening),
      );
      const isImplicit = ruling.ingress.implicit;
      if (restsOnSilence(ruling.ingress) && why !== undefined) return say.unknown('unseen', { workload, why });
      const data = { sources: sourcesOf(open), workload, metrics };
      const because = proofOf(ruling.ingress.because);
      if (isImplicit) return { ...say.fail('open', data), because };
      const [step] = ruling.ingress.because;
      const place = step ? { in: step.object, at: step.at } : {};
      return {
        ...say.fail('beyond', { ...data, ports: formatPorts(isEmptyPorts(listening) ? beyond : listening) }),
        ...place,
        because,
      };
    }
    // Traffic of a Pod on the host network is its node's: no policy can close it to Pods of that node.
    const perhaps = reach.filter(({ perhapsBeyond, from }) => !isEmptyPorts(perhapsBeyond) && !onHostNetwork(from));
    const [doubt] = perhaps;
    if (doubt) {
      const ruling = reaches(model, doubt.from, endpoint, witness(doubt.perhapsBeyond));
      const data = {
        sources: sourcesOf(perhaps),
        workload,
        ports: formatPorts(doubt.perhapsBeyond),
        assumptions: explain(ruling.assumptions),
      };
      return { ...undecidable(say.unknown('depends', data)), because: proofOf(ruling.because) };
    }
    if (why !== undefined) return say.unknown('unseen', { workload, why });
    const reached = reach.map((item) => subtractPorts(item.metrics, item.cut)).reduce(unitePorts, noPorts);
    const sources = sourcesOf(reach);
    const pass: Judgement = isEmptyPorts(reached)
      ? say.pass('nothing', { sources, workload })
      : say.pass('subset', { sources, workload, ports: formatPorts(reached) });
    const unseen = reach.some(({ from }) => from.kind === 'unseen');
    return passOn(
      pass,
      model,
      reach.map(({ from }) => from),
      unseen ? unite(['unseen-peer']) : [],
    );
  },
  none({ network: declared, asOf }, say) {
    const model = declared.at(asOf);
    if (scrapers(model).length === 0) return say.unknown('no-monitoring');
    return say.notApplicable('same-namespace', { namespaces: listing(monitoringNamespaces(model)) });
  },
});

const reachByWorkload = (model: NetworkModel): ReadonlyMap<string, readonly MonitoringReach[]> =>
  Map.groupBy(monitoringReach(model), ({ to }) => to.id);

const nameOf = (ports: PortSet): string => (isEmptyPorts(ports) ? 'none' : formatPorts(ports));

function witness(ports: PortSet) {
  const protocol = protocols.find((name) => ports[name].length > 0) ?? 'TCP';
  return { protocol, port: ports[protocol][0]?.first ?? 1 };
}
