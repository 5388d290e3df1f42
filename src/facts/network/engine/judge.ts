import { type Profile } from '../assumptions.ts';
import { portSet } from '../ports.ts';
import { type AssumptionMask, maskOf, sizeOfMask } from './assumption-mask.ts';
import type { Claim } from './claims.ts';
import type { TierClaim } from './tier-claims.ts';
import { type PolicyOutcome, type Tiers, withTiers } from './tier-judge.ts';
import type { Value, ValueId, ValueTable } from './value-table.ts';

/** Whether each policy selects the subject for certain, and on which assumptions. */
export type Policies = readonly { readonly certain: boolean; readonly on: AssumptionMask }[];

/** What is the same for every peer of a subject. */
export interface Standing {
  readonly values: ValueTable;
  readonly profile: Profile;
  readonly policies: Policies;
  /** Policies of vendors that act on the subject: they only close, or both open and close. */
  readonly vendor: 'narrows' | 'both' | undefined;
  /** What every permission takes for granted: that nothing enforces policies, or that none selects Pods on the host's network. */
  readonly granted: AssumptionMask;
  /** Either the policies select the subject, or as a Pod on the host network it is a part of its node, and none does. */
  readonly either: boolean;
  /** Cluster-wide policies on the subject; undefined where there are none, as in most clusters. */
  readonly tiers: Tiers | undefined;
}

/**
 * What one direction says of a peer, given all claims that are for it.
 * Isolation is the union of the policies that select the subject, and so is what they admit. A policy that perhaps selects can only
 * close what no certain policy has opened, and open what one has closed.
 */
export function judge(standing: Standing, claims: readonly Claim[], tierClaims: readonly TierClaim[], onHost: boolean): ValueId {
  const { values, tiers } = standing;
  const outcome = policyOutcome(standing, claims);
  const decided = tiers === undefined ? outcome.value : withTiers(values, tiers, tierClaims, outcome);
  const value = withGranted(standing, decided);
  return values.idOf(
    onEitherNetwork(standing, withVendors(standing, withSctp(standing, withHostNetwork(standing, value, onHost)))),
  );
}

function policyOutcome({ values, policies }: Standing, claims: readonly Claim[]): PolicyOutcome {
  const { ports } = values;
  if (policies.length === 0) return { value: values.valueOf(values.allowed), isolated: 'no', admitted: ports.all, doubts: 0 };
  if (policies.some(({ certain }) => certain)) {
    const value = isolatedValue(values, policies, claims);
    return { value, isolated: 'yes', admitted: value.may, doubts: value.open };
  }
  // Every policy is in doubt: certain is only what all of them admit, and nothing is certainly denied.
  let must = ports.all;
  let doubts = 0;
  for (const [index, { on }] of policies.entries()) {
    const own = claims.filter(({ policy }) => policy === index);
    const admitted = own.reduce((sum, claim) => (claim.certain ? ports.unite(sum, claim.ports) : sum), ports.none);
    must = ports.intersect(must, admitted);
    doubts |= own.reduce((sum, claim) => (claim.certain ? sum : sum | claim.on), on);
  }
  const admitted = claims.reduce((sum, claim) => ports.unite(sum, claim.ports), ports.none);
  const value = { must, may: ports.all, given: 0, open: must === ports.all ? 0 : doubts };
  return { value, isolated: 'maybe', admitted, doubts };
}

function isolatedValue({ ports }: ValueTable, policies: Policies, claims: readonly Claim[]): Value {
  const onOf = (claim: Claim) => claim.on | (policies[claim.policy]?.on ?? 0);
  const isCertain = (claim: Claim) => claim.certain && policies[claim.policy]?.certain === true;
  let must = ports.none;
  let given = 0;
  // What needs no assumption is taken first, so that others are named only for ports that need them.
  for (const claim of claims.filter(isCertain).sort((a, b) => sizeOfMask(onOf(a)) - sizeOfMask(onOf(b)))) {
    if (ports.subtract(claim.ports, must) === ports.none) continue;
    must = ports.unite(must, claim.ports);
    given |= onOf(claim);
  }
  let may = must;
  let open = 0;
  for (const claim of claims) {
    if (isCertain(claim) || ports.subtract(claim.ports, must) === ports.none) continue;
    may = ports.unite(may, claim.ports);
    open |= onOf(claim);
  }
  return { must, may, given, open };
}

/** Traffic of a Pod on the host's network is traffic of its node, and a Pod's own node is exempt from its policies. */
function withHostNetwork({ values: { ports }, profile }: Standing, value: Value, onHost: boolean): Value {
  const settled = profile['host-network'];
  if (!onHost || value.may === ports.all || settled === 'yes') return value;
  return {
    ...value,
    may: ports.all,
    open: value.open | maskOf(settled === 'no' ? ['host-network', 'own-node'] : ['host-network']),
  };
}

function onEitherNetwork({ values: { ports }, either }: Standing, value: Value): Value {
  if (!either) return value;
  const host = maskOf(['host-network']);
  const open = value.must === ports.all ? 0 : value.open | host;
  return { must: value.must, may: ports.all, given: value.given & ~host, open };
}

const withGranted = ({ values: { ports }, granted }: Standing, value: Value): Value =>
  granted === 0 || value.must === ports.none ? value : { ...value, given: value.given | granted };

/** Where a plugin supports SCTP in some versions alone, rules that admit it may not work. */
function withSctp({ values: { ports }, profile }: Standing, value: Value): Value {
  if (profile.sctp !== 'maybe') return value;
  const must = ports.subtract(value.must, ports.idOf(portSet('SCTP')));
  return must === value.must ? value : { ...value, must, open: value.open | value.given | maskOf(['sctp']) };
}

function withVendors({ values: { ports }, vendor }: Standing, value: Value): Value {
  if (vendor === undefined || (vendor === 'narrows' && value.may === ports.none)) return value;
  const open = value.open | value.given | maskOf(['vendor-policies']);
  return { must: ports.none, may: vendor === 'both' ? ports.all : value.may, given: 0, open };
}
