import { textAt, texts, valueAt } from '../../kube/json.ts';
import { parseAddress } from '../../kube/address.ts';
import { type AssumptionId, unite } from './assumptions.ts';
import { type DnsTarget, dnsTargets, isLinkLocal } from './dns-targets.ts';
import type { NetworkModel } from './network.ts';
import { externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import { reaches, restsOnSilence, type Ruling, type Step } from './reach.ts';

/**
 * - explicit: a rule admits it. implicit: nothing isolates the workload for egress, so that nobody decided it.
 * - assumed: a rule admits the DNS Pods as they are by convention or declaration; they are in no source.
 * - not-applicable: the Pods ask no DNS server of the cluster.
 */
export type DnsAnswer = 'explicit' | 'implicit' | 'assumed' | 'depends' | 'denied' | 'not-applicable';

/** Whether a workload reaches the cluster's DNS, at the port where the DNS Pods really listen. */
export interface DnsAccess {
  readonly answer: DnsAnswer;
  readonly UDP: DnsAnswer;
  readonly TCP: DnsAnswer;
  /** Are the DNS Pods in the sources? */
  readonly seen: boolean;
  readonly targets: readonly DnsTarget[];
  readonly assumptions: readonly AssumptionId[];
  readonly because: readonly Step[];
  /** A NetworkPolicy for egress would decide instead of what does. */
  readonly yields: boolean;
}

/** Worst first. */
const order: readonly DnsAnswer[] = ['denied', 'depends', 'assumed', 'implicit', 'explicit', 'not-applicable'];
const worst = (answers: readonly DnsAnswer[]): DnsAnswer => order.find((answer) => answers.includes(answer)) ?? 'not-applicable';
const best = (answers: readonly DnsAnswer[]): DnsAnswer =>
  order.findLast((answer) => answers.includes(answer)) ?? 'not-applicable';

/** DNS over UDP and TCP: answers that do not fit a datagram are asked for again over TCP, so both are needed. */
export function dnsAccess(network: NetworkModel, endpoint: WorkloadEndpoint): DnsAccess {
  const targets = dnsTargetsFor(network, endpoint);
  const udp = over(network, endpoint, targets, 'UDP');
  const tcp = over(network, endpoint, targets, 'TCP');
  return {
    answer: worst([udp.answer, tcp.answer]),
    UDP: udp.answer,
    TCP: tcp.answer,
    seen: targets.every((target) => target.seen),
    targets,
    assumptions: unite(udp.assumptions, tcp.assumptions),
    because: [...udp.because, ...tcp.because],
    yields: udp.yields || tcp.yields,
  };
}

/** The DNS servers that Pods of a workload ask; none where they ask the resolver of their node. */
export function dnsTargetsFor(network: NetworkModel, { workload }: WorkloadEndpoint): readonly DnsTarget[] {
  const policy = textAt(workload.podSpec, 'dnsPolicy') ?? 'ClusterFirst';
  if (policy === 'None')
    return texts(valueAt(workload.podSpec, 'dnsConfig', 'nameservers'))
      .slice(0, 3)
      .flatMap(nameserver);
  // The resolver of the node, which no manifest names; a Pod on the host network has it too, unless it asks otherwise.
  if (policy === 'Default' || (workload.hostNetwork && policy !== 'ClusterFirstWithHostNet')) return [];
  return dnsTargets(network);
}

function nameserver(text: string): readonly DnsTarget[] {
  const address = parseAddress(text);
  if (!address) return [];
  const endpoint = externalEndpoint({ family: address.family, first: address.value, last: address.value });
  // Link-local addresses are the own node's: there the cache answers.
  const cache = isLinkLocal(endpoint.range);
  return [{ endpoint, port: 53, how: 'dnsConfig.nameservers of the Pod', seen: true, cache }];
}

interface Part {
  readonly answer: DnsAnswer;
  readonly assumptions: readonly AssumptionId[];
  readonly because: readonly Step[];
  readonly yields: boolean;
}

function over(network: NetworkModel, from: WorkloadEndpoint, targets: readonly DnsTarget[], protocol: 'UDP' | 'TCP'): Part {
  const parts = targets.map((target) => ({ ...partOf(network, from, target, protocol), cache: target.cache }));
  const cached = parts.filter(({ cache }) => cache);
  // With a cache on each node, Pods ask the cache, and only the cache asks the DNS Pods. In its transparent mode it answers at the
  // address of the Service on the Pod's own node, which is exempt: then no rule is needed, and manifests do not show the mode.
  if (cached.length > 0) {
    const answer = best(parts.map((part) => part.answer));
    const settled = answer === 'denied' ? 'depends' : answer;
    const chosen = parts.filter((part) => part.answer === answer);
    const open: readonly AssumptionId[] = settled === 'depends' ? ['host-network'] : [];
    return {
      answer: settled,
      assumptions: unite(open, ...chosen.map((part) => part.assumptions)),
      because: chosen.flatMap((part) => part.because),
      yields: chosen.some((part) => part.yields),
    };
  }
  const answer = worst(parts.map((part) => part.answer));
  const chosen = parts.filter((part) => part.answer === answer);
  return {
    answer,
    assumptions: unite(...chosen.map((part) => part.assumptions)),
    because: chosen.flatMap((part) => part.because),
    yields: chosen.some((part) => part.yields),
  };
}

function partOf(network: NetworkModel, from: WorkloadEndpoint, target: DnsTarget, protocol: 'UDP' | 'TCP'): Part {
  const ruling = reaches(network, from, target.endpoint, { protocol, port: target.port });
  return { ...answerOf(network, from, target, protocol, ruling), yields: restsOnSilence(ruling.egress) };
}

function answerOf(
  network: NetworkModel,
  from: WorkloadEndpoint,
  target: DnsTarget,
  protocol: 'UDP' | 'TCP',
  ruling: Ruling,
): Omit<Part, 'yields'> {
  const { assumptions, because } = ruling;
  if (ruling.answer === 'depends') return { answer: 'depends', assumptions, because };
  if (ruling.answer === 'denied') {
    // By convention means that another port may be the real one: OpenShift's DNS Pods listen on 5353.
    const elsewhere = target.seen
      ? ruling
      : reaches(network, from, target.endpoint, { protocol, port: target.port === 53 ? 5353 : 53 });
    if (elsewhere.answer === 'denied') return { answer: 'denied', assumptions, because };
    return { answer: 'depends', assumptions: unite(elsewhere.assumptions, ['dns-conventional']), because: elsewhere.because };
  }
  if (ruling.egress.implicit) return { answer: 'implicit', assumptions: ruling.egress.assumptions, because };
  if (target.seen && !isAssumed(ruling)) return { answer: 'explicit', assumptions, because };
  return { answer: 'assumed', assumptions: target.seen ? assumptions : unite(assumptions, ['dns-conventional']), because };
}

const isAssumed = (ruling: Ruling): boolean =>
  ruling.assumptions.includes('declared-labels') || ruling.assumptions.includes('unseen-peer');
