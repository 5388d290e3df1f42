import type { NetworkPolicy } from '../../kube/network-policy.ts';
import { addressParts } from './address-parts.ts';
import { admittedPorts } from './admitted-ports.ts';
import { type AssumptionId, unite } from './assumptions.ts';
import { type Answer, type DirectionRuling, directionRuling, type Ruling, selectionOf, type Step } from './direction.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, namedPorts, type PodEndpoint } from './peers.ts';
import { intersectPorts, isEmptyPorts, type Protocol, portSet, samePorts, unitePorts } from './ports.ts';
import type { PortNumber } from './rule.ts';
import type { Direction } from './selection.ts';

export interface PortQuery {
  readonly protocol: Protocol;
  /** A number, or the name of a port of the destination's Pods. */
  readonly port: number | string;
}

/**
 * May a connection be opened? The egress policies of the source and the ingress policies of the destination must both agree;
 * replies need no rule. Services are not looked through: ask for a Pod and its target port.
 * @param from a range of addresses is answered for all of its addresses at once, or `depends` on `address-range`.
 */
export function reaches(network: NetworkModel, from: Endpoint, to: Endpoint, query: PortQuery): Ruling {
  if (typeof query.port === 'number') return reachesNumber(network, from, to, { protocol: query.protocol, port: query.port });
  const numbers = namedPorts(to, query.port, query.protocol);
  if (numbers === undefined) return reachesUnknownPort(network, from, to, query.protocol);
  const rulings = numbers.map((port) => reachesNumber(network, from, to, { protocol: query.protocol, port }));
  return combine(rulings, []) ?? unnamed(to, query);
}

function reachesNumber(network: NetworkModel, from: Endpoint, to: Endpoint, port: PortNumber): Ruling {
  const sources = from.kind === 'external' ? addressParts(network, from.range, to, 'ingress') : [from];
  const destinations = to.kind === 'external' ? addressParts(network, to.range, from, 'egress') : [to];
  const rulings = sources.flatMap((source) => destinations.map((destination) => rule(network, source, destination, port)));
  const [first] = rulings;
  if (first !== undefined && rulings.length === 1) return first;
  const uniform = combine(rulings, ['address-range']);
  if (uniform === undefined) throw new Error('an endpoint has no addresses');
  return uniform;
}

function rule(network: NetworkModel, from: Endpoint, to: Endpoint, port: PortNumber): Ruling {
  const egress = directionRuling(network, 'egress', from, to, port);
  const ingress = directionRuling(network, 'ingress', to, from, port);
  return { ...conclude(egress, ingress), egress, ingress };
}

function conclude(egress: DirectionRuling, ingress: DirectionRuling): Pick<Ruling, 'answer' | 'assumptions' | 'because'> {
  const denied = [egress, ingress]
    .filter(({ answer }) => answer === 'denied')
    .sort((a, b) => a.assumptions.length - b.assumptions.length)[0];
  if (denied) return { answer: 'denied', assumptions: denied.assumptions, because: denied.because };
  const answer = egress.answer === 'depends' || ingress.answer === 'depends' ? 'depends' : 'allowed';
  return {
    answer,
    assumptions: unite(egress.assumptions, ingress.assumptions),
    because: [...egress.because, ...ingress.because],
  };
}

/** One answer for several: where they differ it depends, on `why` and on what the parts rest on. */
function combine(rulings: readonly Ruling[], why: readonly AssumptionId[]): Ruling | undefined {
  const answers = new Set(rulings.map(({ answer }) => answer));
  const decisive =
    rulings.find(({ answer }) => answer === 'depends') ?? rulings.find(({ answer }) => answer === 'denied') ?? rulings[0];
  if (decisive === undefined || answers.size === 1) return decisive;
  // Different ports behind one name must all be open; different addresses of one range leave the question open.
  if (why.length === 0) return rulings.find(({ answer }) => answer === 'denied') ?? decisive;
  return { ...decisive, answer: 'depends', assumptions: unite(why, ...rulings.map(({ assumptions }) => assumptions)) };
}

function unnamed(to: Endpoint, query: PortQuery): Ruling {
  const object = to.kind === 'workload' ? to.workload.object : undefined;
  const note = `no container of ${to.id} has a ${query.protocol} port named ${query.port}`;
  const because = object ? [{ note, object, at: to.kind === 'workload' ? to.workload.podPath : [] }] : [];
  const open = { answer: 'allowed', implicit: true, isolated: 'no', assumptions: [], because: [] } as const;
  return {
    answer: 'denied',
    assumptions: [],
    because,
    egress: { ...open, direction: 'egress' },
    ingress: { ...open, direction: 'ingress', answer: 'denied', because },
  };
}

/** The number behind a name is not known: certain only where every number of the protocol has the same answer. */
function reachesUnknownPort(network: NetworkModel, from: Endpoint, to: Endpoint, protocol: Protocol): Ruling {
  const any = reachesNumber(network, from, to, { protocol, port: 1 });
  const { allowed, depends } = admittedPorts(network, from, to);
  if (samePorts(intersectPorts(allowed, portSet(protocol)), portSet(protocol))) return any;
  if (isEmptyPorts(intersectPorts(unitePorts(allowed, depends), portSet(protocol)))) return any;
  return { ...any, answer: 'depends', assumptions: unite(any.assumptions, ['unseen-peer']) };
}

/** Is an end open by nobody's rule, or by one that a NetworkPolicy takes the place of? One that is in no source could close it. */
export const restsOnSilence = ({ answer, implicit, yields }: DirectionRuling): boolean =>
  answer === 'allowed' && (implicit || yields === true);

/** Is an endpoint isolated in a direction, and by which policies? `perhaps`: those whose selection depends on assumptions. */
export function isolation(
  network: NetworkModel,
  endpoint: PodEndpoint,
  direction: Direction,
): { readonly isolated: boolean; readonly by: readonly NetworkPolicy[]; readonly perhaps: readonly NetworkPolicy[] } {
  const selection = selectionOf(network, endpoint)[direction];
  const by = selection.filter(({ match }) => match.truth === 'yes').map(({ policy }) => policy);
  return {
    isolated: by.length > 0,
    by,
    perhaps: selection.filter(({ match }) => match.truth === 'maybe').map(({ policy }) => policy),
  };
}

export type { Answer, Ruling, Step };
