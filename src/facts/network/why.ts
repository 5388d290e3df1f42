import type { TierPolicy, TierRule } from '../../kube/admin-network-policy.ts';
import type { NetworkPolicy, PolicyRule } from '../../kube/network-policy.ts';
import { formatRef } from '../../model/object-ref.ts';
import { type AssumptionId, type Truth, unite } from './assumptions.ts';
import { type DirectionRuling, selectionOf } from './direction.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, namedPorts } from './peers.ts';
import { type Answer, reaches, type PortQuery, type Ruling, type Step } from './reach.ts';
import { isInvalid, ruleAdmits } from './rule.ts';
import type { Direction } from './selection.ts';
import { tierPeersMatch, tierRuleMatches } from './tier-match.ts';
import { tierName, tiersOnDirection } from './tiers.ts';

/** One half of an answer with its proof, and every other rule that was looked at. */
export interface WhyDirection {
  readonly direction: Direction;
  /** The end whose policies decide: the source for egress, the destination for ingress. */
  readonly of: string;
  readonly answer: Answer;
  readonly assumptions: readonly AssumptionId[];
  /** What decides. */
  readonly because: readonly Step[];
  /** Rules of policies that select the Pods and do not decide, and why not. */
  readonly others: readonly Step[];
}

/** An answer about one flow between two ends. */
export interface Why {
  readonly from: string;
  readonly to: string;
  readonly query: PortQuery;
  readonly answer: Answer;
  readonly assumptions: readonly AssumptionId[];
  readonly directions: readonly WhyDirection[];
}

/** Asks for one flow, and says what decides on both ends. */
export function why(network: NetworkModel, from: Endpoint, to: Endpoint, query: PortQuery): Why {
  const ruling = reaches(network, from, to, query);
  return {
    from: from.id,
    to: to.id,
    query,
    answer: ruling.answer,
    assumptions: ruling.assumptions,
    directions: [
      explain(network, ruling, 'egress', from, to, to, query),
      explain(network, ruling, 'ingress', to, from, to, query),
    ],
  };
}

function explain(
  network: NetworkModel,
  ruling: Ruling,
  direction: Direction,
  subject: Endpoint,
  peer: Endpoint,
  destination: Endpoint,
  query: PortQuery,
): WhyDirection {
  const half: DirectionRuling = ruling[direction];
  const placeOf = ({ object, at }: Step) => `${formatRef(object.ref)} ${at.join('.')}`;
  const said = new Set(half.because.map(placeOf));
  const others = isPod(subject)
    ? [
        ...tiersOnDirection(network, subject, direction).flatMap(({ policy }) =>
          policy[direction].map((rule) => tierStep(policy, rule, direction, peer, destination, query)),
        ),
        ...selectionOf(network, subject)[direction].flatMap(({ policy }) =>
          policy[direction].map((rule) => stepOf(network, policy, rule, direction, peer, destination, query)),
        ),
      ]
    : [];
  return {
    direction,
    of: subject.id,
    answer: half.answer,
    assumptions: half.assumptions,
    because: half.because,
    others: others.filter((step) => !said.has(placeOf(step))),
  };
}

function stepOf(
  network: NetworkModel,
  policy: NetworkPolicy,
  rule: PolicyRule,
  direction: Direction,
  peer: Endpoint,
  destination: Endpoint,
  query: PortQuery,
): Step {
  const ask = (part: PolicyRule): Truth =>
    anyOf(
      numbersOf(destination, query).map(
        (port) => ruleAdmits(policy, part, peer, destination, { protocol: query.protocol, port }, network.profile).truth,
      ),
    );
  const [peers, ports] = [ask({ ...rule, ports: undefined }), ask({ ...rule, peers: undefined })];
  // What cannot be read matches nothing here, and may be meant to match: that is no reason of its own.
  const reason = isInvalid(policy, rule.path) ? 'the API server refuses a part of it' : reasonOf(direction, peers, ports);
  return {
    note: `${direction} rule ${rule.index + 1} of NetworkPolicy ${policy.namespace}/${policy.ref.name}: ${reason}`,
    object: policy.object,
    at: rule.path,
  };
}

/** A rule of a cluster-wide policy, which comes before the NetworkPolicies or after them. */
function tierStep(
  policy: TierPolicy,
  rule: TierRule,
  direction: Direction,
  peer: Endpoint,
  destination: Endpoint,
  query: PortQuery,
): Step {
  const peers = tierPeersMatch(rule.peers, peer).truth;
  const whole = anyOf(
    numbersOf(destination, query).map(
      (port) => tierRuleMatches(rule, peer, destination, { protocol: query.protocol, port }).truth,
    ),
  );
  // Where a peer matches and the rule does not, it is the port.
  const ports = whole === 'no' && peers !== 'no' ? 'no' : whole === 'no' ? 'yes' : whole;
  return {
    note: `${direction} rule ${rule.index + 1} of ${tierName(policy)}: ${reasonOf(direction, peers, ports)}`,
    object: policy.object,
    at: rule.path,
  };
}

function reasonOf(direction: Direction, peers: Truth, ports: Truth): string {
  if (peers === 'no' && ports === 'no') return 'neither its peers nor its ports match';
  if (peers === 'no') return `the ${direction === 'ingress' ? 'source' : 'destination'} is none of its peers`;
  if (ports === 'no') return 'the port is none of its ports';
  return peers === 'maybe' || ports === 'maybe' ? 'it may match' : 'it matches as well';
}

const anyOf = (truths: readonly Truth[]): Truth => (truths.includes('yes') ? 'yes' : truths.includes('maybe') ? 'maybe' : 'no');

/** The numbers that a port name stands for; any number where they are not known, since the name decides then. */
function numbersOf(destination: Endpoint, { port, protocol }: PortQuery): readonly number[] {
  if (typeof port === 'number') return [port];
  const numbers = namedPorts(destination, port, protocol) ?? [];
  return numbers.length === 0 ? [1] : numbers;
}

/** One answer for several pairs of ends: the same for all, or `depends` since they differ. */
export function together(whys: readonly Why[]): Pick<Why, 'answer' | 'assumptions'> {
  const answers = new Set(whys.map(({ answer }) => answer));
  const [first] = whys;
  if (first === undefined) throw new Error('an answer needs a pair of ends');
  const assumptions = unite(...whys.map((item) => item.assumptions));
  return answers.size === 1 ? { answer: first.answer, assumptions } : { answer: 'depends', assumptions };
}
