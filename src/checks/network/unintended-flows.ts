import { directionRuling } from '../../facts/network/direction.ts';
import { network, type NetworkModel } from '../../facts/network/network.ts';
import { onHostNetwork, type WorkloadEndpoint } from '../../facts/network/peers.ts';
import { formatPorts, isEmptyPorts, noPorts, protocols, unitePorts } from '../../facts/network/ports.ts';
import { isolation, reaches } from '../../facts/network/reach.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { type UnexpectedFlow, unexpectedFlows } from '../../facts/network/unexpected.ts';
import { vendorPoliciesOn } from '../../facts/network/vendor.ts';
import { formatPath } from '../../model/judgement.ts';
import { refKey } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Say, type Target } from '../define-check.ts';
import { counted, listing, proofOf, undecidable } from '../judge-traffic.ts';

type FlowTarget = Target &
  ({ readonly endpoint: WorkloadEndpoint } | { readonly namespace: string; readonly open: readonly WorkloadEndpoint[] });

const messages = {
  undeclared: 'Nobody declared which flows are intended, so none can be called unintended. Declare them under spec.traffic.',
  intended: 'Nothing may connect to {workload} beyond declared flows, Ingress backends, scrapes of metrics and DNS.',
  open: 'No NetworkPolicy isolates {workloads} of namespace {namespace} for ingress: everybody may connect, whatever was declared.',
  'perhaps-open':
    'Whether {workloads} of namespace {namespace} are isolated for ingress is not known: policies there are not analysed, or the API server refuses them.',
  unintended: '{sources} may connect to {workload} on {ports}, and no declared flow says so.',
  unused: '{sources} may connect to {workload} on {ports}, where no container declares a port, and no declared flow says so.',
  depends: 'Whether {sources} may connect to {workload} on {ports}, which nobody declared, is not known: {assumptions}.',
  unseen:
    'Whether more may connect to {workload} than was declared is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
  'host-network': '{workload} runs on the host network: its traffic is its node’s, and no NetworkPolicy acts on it.',
} as const;

export const unintendedFlows = defineCheck({
  id: 'unintended-flows',
  gate: 'network',
  level: 'high',
  title: 'Nothing is open that nobody intended',
  rationale: 'Each open flow that no one needs is a way in for whoever takes over the Pod at its other end.',
  remedy: 'close-unintended-flows',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A flow that is open for a migration and has an end.',
  needs: { network },
  parameters: {},
  messages,
  looksFor: ['*'],
  *targets({ network: declared, asOf }): Generator<FlowTarget> {
    const model = declared.at(asOf);
    const unexpected = unexpectedFlows(model);
    if (unexpected === undefined) return;
    for (const { namespace, workloads } of unexpected.open) {
      const open = workloads.filter((endpoint) => !onHostNetwork(endpoint));
      const { object = open[0]?.workload.object } = model.namespace(namespace);
      if (open.length > 0)
        yield { ref: { apiVersion: 'v1', kind: 'Namespace', name: namespace }, namespace, open, ...(object ? { object } : {}) };
    }
    const bare = new Set(unexpected.open.flatMap(({ workloads }) => workloads.filter((endpoint) => !onHostNetwork(endpoint))));
    for (const endpoint of model.reviewed)
      if (!bare.has(endpoint)) yield { ref: endpoint.workload.ref, object: endpoint.workload.object, endpoint };
  },
  assess(target, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
    const why = unseenPolicies(model);
    if ('open' in target) return judgeOpen(model, target.namespace, target.open, why, say);
    const { endpoint } = target;
    const workload = `${endpoint.workload.ref.kind} ${endpoint.workload.ref.name}`;
    if (onHostNetwork(endpoint)) return say.notApplicable('host-network', { workload });
    const flows = (model.once(flowsByDestination).get(endpoint.id) ?? []).filter(
      ({ source, certain }) => certain || !onHostNetwork(source),
    );
    const groups = Map.groupBy(flows, (flow) => ruleKey(model, flow));
    const judged = [...groups].map(([key, group]) => judgeGroup(model, workload, key, group, say));
    const [first, ...rest] = judged;
    if (first !== undefined) return [first, ...rest];
    return why === undefined ? say.pass('intended', { workload }) : say.unknown('unseen', { workload, why });
  },
  none({ network: model }, say) {
    return model.traffic === undefined
      ? say.unknown('undeclared')
      : say.notApplicable('intended', { workload: 'any workload: there is none' });
  },
});

const flowsByDestination = (model: NetworkModel): ReadonlyMap<string, readonly UnexpectedFlow[]> =>
  Map.groupBy(unexpectedFlows(model)?.flows ?? [], ({ to }) => to.id);

function judgeOpen(
  model: NetworkModel,
  namespace: string,
  open: readonly WorkloadEndpoint[],
  why: string | undefined,
  say: Say<typeof messages>,
): Judgement {
  const names = listing(open.map(({ workload: { ref } }) => `${ref.kind} ${ref.name}`));
  const doubtful =
    vendorPoliciesOn(model.vendor, namespace).length > 0 ||
    open.some((endpoint) => isolation(model, endpoint, 'ingress').perhaps.length > 0);
  if (doubtful) return undecidable(say.unknown('perhaps-open', { namespace, workloads: names }));
  return why === undefined
    ? say.fail('open', { namespace, workloads: names })
    : say.unknown('unseen', { workload: `${counted(open.length, 'workload')} of namespace ${namespace}`, why });
}

/** One of the ports, to ask about. */
function witness({ ports }: UnexpectedFlow) {
  const protocol = protocols.find((name) => ports[name].length > 0) ?? 'TCP';
  return { protocol, port: ports[protocol][0]?.first ?? 1 };
}

/** The rule that opens a flow: one rule is one finding, whomever it lets in. */
function ruleKey(model: NetworkModel, flow: UnexpectedFlow): string {
  const [step] = directionRuling(model, 'ingress', flow.to, flow.source, witness(flow)).because;
  const rule = step === undefined ? '' : `${refKey(step.object.ref)} ${formatPath(step.at)}`;
  return `${flow.certain ? 'certain' : 'perhaps'} ${isEmptyPorts(flow.listening) ? 'unused' : 'used'} ${rule}`;
}

function judgeGroup(
  model: NetworkModel,
  workload: string,
  key: string,
  group: readonly UnexpectedFlow[],
  say: Say<typeof messages>,
): Judgement {
  const [flow] = group;
  if (flow === undefined) throw new Error('an empty group');
  const isCut = unexpectedFlows(model)?.cut.has(flow.to.id) === true;
  const sources = isCut
    ? `${[...new Set(group.map(({ from }) => from))].slice(0, 3).join(', ')} and more`
    : listing(group.map(({ from }) => from));
  const listening = group.map((item) => item.listening).reduce(unitePorts, noPorts);
  const isUsed = !isEmptyPorts(listening);
  const ports = formatPorts(isUsed ? listening : group.map((item) => item.ports).reduce(unitePorts, noPorts));
  const ruling = reaches(model, flow.source, flow.to, witness(flow));
  // Where it stands: the rule of the destination, if one decides.
  const [step] = ruling.ingress.because;
  const place = step !== undefined && step.object.ref.kind.endsWith('NetworkPolicy') ? { in: step.object, at: step.at } : {};
  const because = proofOf([...ruling.ingress.because, ...ruling.egress.because]);
  if (!flow.certain)
    return {
      ...undecidable(say.unknown('depends', { sources, workload, ports, assumptions: explain(ruling.assumptions) })),
      ...place,
      key,
      because,
    };
  return { ...say.fail(isUsed ? 'unintended' : 'unused', { sources, workload, ports }), ...place, key, because };
}
