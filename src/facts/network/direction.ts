import type { KubeObject } from '../../kube/object.ts';
import type { NetworkPolicy, PolicyRule } from '../../kube/network-policy.ts';
import type { Path } from '../../model/judgement.ts';
import { type AssumptionId, every, fewest, type Match, maybe, type Truth, unite } from './assumptions.ts';
import { enforced, withHostNetwork, withSctp } from './by-profile.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, isPod, type PodEndpoint } from './peers.ts';
import { type PortNumber, ruleAdmits } from './rule.ts';
import {
  type Direction,
  escapesByProfile,
  isPerhapsSelected,
  select,
  type Selection,
  type SelectingPolicy,
  toldApart,
} from './selection.ts';
import { withTiers } from './tiers.ts';
import { vendorPoliciesOn } from './vendor.ts';

export type Answer = 'allowed' | 'denied' | 'depends';

/** A step of a proof: the object that decides, where, and what it says. */
export interface Step {
  readonly note: string;
  readonly object: KubeObject;
  readonly at: Path;
}

/** The half of an answer that one end's policies give. */
export interface DirectionRuling {
  readonly direction: Direction;
  readonly answer: Answer;
  /** Allowed since no policy isolates this end, not since a rule says so. */
  readonly implicit: boolean;
  /** Decided by the Baseline tier or by nobody, where cluster-wide policies act: a NetworkPolicy on this end would decide instead. */
  readonly yields?: boolean;
  readonly isolated: Truth;
  readonly assumptions: readonly AssumptionId[];
  readonly because: readonly Step[];
}

/** Whether a connection can be opened, and what decides it. `allowed` and `denied` rest on their assumptions; `depends` is open on them. */
export interface Ruling {
  readonly answer: Answer;
  readonly assumptions: readonly AssumptionId[];
  readonly because: readonly Step[];
  readonly egress: DirectionRuling;
  readonly ingress: DirectionRuling;
}

/** The policies that select an endpoint. */
export function selectionOf(network: NetworkModel, endpoint: PodEndpoint): Selection {
  const isKnown = network.byId.get(endpoint.id) === endpoint;
  const known = isKnown ? network.selections.get(endpoint.id) : undefined;
  if (known) return known;
  const selection = select(network.policiesByNamespace.get(endpoint.namespace.name) ?? [], endpoint, network.profile);
  if (isKnown) network.selections.set(endpoint.id, selection);
  return selection;
}

interface Admission extends SelectingPolicy {
  /** Does the policy admit the flow, once it selects the Pod? */
  readonly admits: Match;
  readonly rule: PolicyRule | undefined;
}

/**
 * What the policies on `subject` say of a connection with `peer`: its ingress from it, or its egress to it.
 * @param port of the destination: the subject for ingress, the peer for egress.
 */
export function directionRuling(
  network: NetworkModel,
  direction: Direction,
  subject: Endpoint,
  peer: Endpoint,
  port: PortNumber,
): DirectionRuling {
  if (!isPod(subject)) return open(direction);
  // The Pod's own node is exempt (kubelet probes), and a Pod always reaches itself; replicas of a workload are different Pods.
  if (peer.kind === 'node') return open(direction);
  if (peer.id === subject.id && subject.kind === 'workload' && subject.workload.ref.kind === 'Pod')
    return { ...open(direction), assumptions: ['hairpin'] };
  if (network.profile['no-enforcement'] === 'yes') return withVendors(network, subject, unenforced(direction, subject));
  if (isPerhapsSelected(subject, network.profile))
    return onEitherNetwork(directionRuling(network.once(toldApart), direction, subject, peer, port));
  const selection = selectionOf(network, subject)[direction];
  const destination = direction === 'ingress' ? subject : peer;
  const admissions = selection.map((selecting) => admissionOf(network, direction, selecting, peer, destination, port));
  const policies = decide(direction, subject, admissions);
  const decided = withTiers(network, { direction, subject, peer, destination, port }, policies, admissions);
  const ruling = withSctp(
    network.profile,
    port.protocol,
    withHostNetwork(network.profile, peer, escaping(network, decided, subject)),
  );
  return withVendors(network, subject, ruling);
}

function admissionOf(
  network: NetworkModel,
  direction: Direction,
  selecting: SelectingPolicy,
  peer: Endpoint,
  destination: Endpoint,
  port: PortNumber,
): Admission {
  const { policy } = selecting;
  const rules = policy[direction].map((rule) => ({
    rule,
    match: ruleAdmits(policy, rule, peer, destination, port, network.profile),
  }));
  const of = (truth: Truth) => rules.filter(({ match }) => match.truth === truth).map(({ rule, match }) => ({ rule, ...match }));
  const certain = fewest(of('yes'));
  if (certain) return { ...selecting, rule: certain.rule, admits: certain };
  const [first, ...rest] = of('maybe');
  if (first)
    return {
      ...selecting,
      rule: first.rule,
      admits: { truth: 'maybe', assumptions: unite(first.assumptions, ...rest.map((item) => item.assumptions)) },
    };
  // A refused part may hold a peer or port that is not read here: what the policy would admit then is not known.
  if (policy.invalid.some(({ path }) => path[0] === 'spec' && path[1] === direction))
    return { ...selecting, rule: undefined, admits: maybe('invalid-policy') };
  return {
    ...selecting,
    rule: undefined,
    admits: { truth: 'no', assumptions: unite(...of('no').map((item) => item.assumptions)) },
  };
}

/**
 * Isolation is the union of the policies that select the Pod, and so is what they admit: no policy takes away from another.
 * A policy that perhaps selects can only close what no certain policy has opened, and open what one has closed.
 */
function decide(direction: Direction, subject: PodEndpoint, admissions: readonly Admission[]): DirectionRuling {
  const certain = admissions.filter(({ match }) => match.truth === 'yes');
  const perhaps = admissions.filter(({ match }) => match.truth === 'maybe');
  const isolated = certain.length > 0 ? 'yes' : perhaps.length > 0 ? 'maybe' : 'no';
  const admitting = fewest(
    certain.filter(({ admits }) => admits.truth === 'yes').map((item) => ({ item, ...every([item.match, item.admits]) })),
  );
  if (admitting) {
    return {
      direction,
      answer: 'allowed',
      implicit: false,
      isolated,
      assumptions: admitting.assumptions,
      because: ruleSteps([admitting.item], direction),
    };
  }
  if (isolated !== 'yes' && perhaps.every(({ admits }) => admits.truth === 'yes'))
    return notIsolated(direction, subject, perhaps, isolated);
  const open = [...certain, ...perhaps].filter(({ admits }) => admits.truth !== 'no');
  if (isolated === 'yes' && open.length === 0) {
    const proof = fewest(certain.map(({ match }) => match))?.assumptions ?? [];
    const assumptions = unite(proof, ...admissions.map(({ admits }) => admits.assumptions));
    return {
      direction,
      answer: 'denied',
      implicit: false,
      isolated,
      assumptions,
      because: certain.map((item) => isolationStep(item.policy, subject, direction, false)),
    };
  }
  const doubtful = isolated === 'yes' ? perhaps.filter((item) => open.includes(item)) : perhaps;
  const doubts = unite(
    ...doubtful.map(({ match }) => match.assumptions),
    ...open.map(({ admits }) => (admits.truth === 'maybe' ? admits.assumptions : [])),
  );
  const because = [
    ...ruleSteps(open, direction),
    ...admissions.map((item) => isolationStep(item.policy, subject, direction, true)),
  ];
  return { direction, answer: 'depends', implicit: false, isolated, assumptions: doubts, because };
}

function notIsolated(
  direction: Direction,
  subject: PodEndpoint,
  perhaps: readonly Admission[],
  isolated: Truth,
): DirectionRuling {
  // Pods that are in no source may have policies that are in none either.
  const assumptions: readonly AssumptionId[] = subject.kind === 'unseen' ? ['unseen-peer'] : [];
  const note =
    perhaps.length === 0
      ? `no NetworkPolicy selects ${subject.id} for ${direction}`
      : `every policy that may select ${subject.id} admits it`;
  const because =
    subject.kind === 'workload' ? [{ note, object: subject.workload.object, at: [...subject.workload.podPath] }] : [];
  return { direction, answer: 'allowed', implicit: perhaps.length === 0, isolated, assumptions, because };
}

const open = (direction: Direction): DirectionRuling => ({
  direction,
  answer: 'allowed',
  implicit: true,
  isolated: 'no',
  assumptions: [],
  because: [],
});

const ruleSteps = (admissions: readonly Admission[], direction: Direction): readonly Step[] =>
  admissions.flatMap(({ policy, rule, admits }) => {
    if (rule === undefined) return [];
    const word = admits.truth === 'yes' ? 'admits' : 'may admit';
    return [
      {
        note: `${direction} rule ${rule.index + 1} of NetworkPolicy ${nameOf(policy)} ${word} it`,
        object: policy.object,
        at: rule.path,
      },
    ];
  });

const isolationStep = (policy: NetworkPolicy, subject: PodEndpoint, direction: Direction, doubtful: boolean): Step => ({
  note: `NetworkPolicy ${nameOf(policy)} isolates ${subject.id} for ${direction}: ${silence(policy[direction].length, direction, doubtful)}`,
  object: policy.object,
  at: ['spec'],
});

function silence(rules: number, direction: Direction, doubtful: boolean): string {
  if (rules === 0) return 'it admits nothing';
  const admits = doubtful ? 'admits it for certain' : 'admits it';
  if (rules > 1) return `none of its ${rules} ${direction} rules ${admits}`;
  return `its only ${direction} rule does not ${doubtful ? 'admit it for certain' : 'admit it'}`;
}

const nameOf = (policy: NetworkPolicy) => `${policy.namespace}/${policy.ref.name}`;

/**
 * A Pod on the host network is selected by every policy that names it, or as a part of its node by none. So it is open for certain
 * where those policies would admit the flow.
 */
function onEitherNetwork(apart: DirectionRuling): DirectionRuling {
  const isolated = apart.isolated === 'no' ? 'no' : 'maybe';
  if (apart.answer === 'allowed')
    return { ...apart, isolated, assumptions: apart.assumptions.filter((id) => id !== 'host-network') };
  return { ...apart, isolated, answer: 'depends', assumptions: unite(apart.assumptions, ['host-network']) };
}

/** Names the profile where it alone keeps policies from a Pod on the host network. */
function escaping(network: NetworkModel, ruling: DirectionRuling, subject: PodEndpoint): DirectionRuling {
  const policies = network.policiesByNamespace.get(subject.namespace.name) ?? [];
  if (!escapesByProfile(policies, ruling.direction, subject, network.profile)) return ruling;
  return { ...ruling, assumptions: unite(ruling.assumptions, ['host-network']) };
}

function unenforced(direction: Direction, subject: PodEndpoint): DirectionRuling {
  const note = `no network plugin enforces policies on ${subject.id}`;
  const because =
    subject.kind === 'workload' ? [{ note, object: subject.workload.object, at: [...subject.workload.podPath] }] : [];
  return { ...open(direction), assumptions: ['no-enforcement'], because };
}

function withVendors(network: NetworkModel, subject: PodEndpoint, ruling: DirectionRuling): DirectionRuling {
  const acting = enforced(vendorPoliciesOn(network.vendor, subject.namespace.name), network.profile).filter(
    ({ effect }) => effect === 'both' || ruling.answer !== 'denied',
  );
  const [first] = acting;
  if (first === undefined) return ruling;
  const step = { note: `${first.object.ref.kind} ${first.object.ref.name} is not analysed`, object: first.object, at: [] };
  return {
    ...ruling,
    answer: 'depends',
    assumptions: unite(ruling.assumptions, ['vendor-policies']),
    because: [...ruling.because, step],
  };
}
