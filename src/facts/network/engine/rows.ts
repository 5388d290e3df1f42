import type { NetworkModel } from '../network.ts';
import { onHostNetwork, type WorkloadEndpoint } from '../peers.ts';
import { enforced } from '../by-profile.ts';
import { type Direction, escapesByProfile, isPerhapsSelected, select, type SelectingPolicy } from '../selection.ts';
import { vendorPoliciesOn } from '../vendor.ts';
import { type Claim, type ClaimContext, type Claims, claimsOf } from './claims.ts';
import { maskOf } from './assumption-mask.ts';
import type { ClassSet } from './class-set.ts';
import { portsOf } from './classes.ts';
import { judge, type Policies, type Standing } from './judge.ts';
import { hasPortNames } from './rule-ports.ts';
import { tiersOnDirection } from '../tiers.ts';
import { type TierClaim, tierClaimsOf } from './tier-claims.ts';
import type { TierSets } from './tier-sets.ts';
import type { ValueId, ValueTable } from './value-table.ts';

/** What the policies on a class say of everybody, in one direction. Classes with the same answers share one row. */
export interface Row {
  /** What they say of every class that is not listed. */
  readonly background: ValueId;
  /** Classes with another value, in order, and beside each its value. */
  readonly classes: Int32Array;
  readonly values: Int32Array;
  /** All atoms of addresses, in order; neighbours differ in value. */
  readonly addresses: readonly AddressValue[];
}

export interface AddressValue {
  readonly first: number;
  readonly last: number;
  readonly value: ValueId;
}

export interface RowContext extends ClaimContext {
  readonly values: ValueTable;
  readonly host: ClassSet;
  readonly tiers: TierSets;
  /** The same for a plugin that tells Pods on the host network apart from their nodes. */
  apart(): RowContext;
}

/** The rows of one direction. */
export interface Rows {
  readonly rows: readonly Row[];
  /** Number of its row, by class. */
  readonly rowOf: Int32Array;
}

export function buildRows(context: RowContext, direction: Direction): Rows {
  const { classes, network } = context;
  const rows: Row[] = [];
  const byContent = new Map<string, number>();
  const bySelection = new Map<string, number>();
  const rowOf = new Int32Array(classes.pods.length);
  for (const [id, { representative }] of classes.pods.entries()) {
    const place = representative.namespace.name;
    const either = isPerhapsSelected(representative, network.profile);
    const known = either ? context.apart() : context;
    const selecting = select(network.policiesByNamespace.get(place) ?? [], representative, known.network.profile)[direction];
    const key = selectionKey(known, direction, selecting, representative);
    let row = bySelection.get(key);
    if (row === undefined) {
      row = intern(rows, byContent, buildRow(known, direction, selecting, representative, either));
      bySelection.set(key, row);
    }
    rowOf[id] = row;
  }
  return { rows, rowOf };
}

function intern(rows: Row[], byContent: Map<string, number>, row: Row): number {
  const key = `${row.background} ${row.classes.join()} ${row.values.join()} ${row.addresses.map(({ last, value }) => `${last}:${value}`).join()}`;
  let id = byContent.get(key);
  if (id === undefined) {
    id = rows.length;
    rows.push(row);
    byContent.set(key, id);
  }
  return id;
}

/** Two subjects with equal keys have equal rows. */
function selectionKey(
  { network }: RowContext,
  direction: Direction,
  selecting: readonly SelectingPolicy[],
  subject: WorkloadEndpoint,
): string {
  const named = new Set<string>();
  const parts = selecting.map(({ policy, match }) => {
    for (const rule of policy[direction])
      if (hasPortNames(rule)) for (const { port } of rule.ports ?? []) if (typeof port === 'string') named.add(port);
    return `${policy.namespace}/${policy.ref.name} ${match.truth} ${match.assumptions.join()}`;
  });
  const tiers = tiersOnDirection(network, subject, direction).map(({ policy, match }) => {
    for (const rule of policy[direction]) for (const port of rule.ports ?? []) if (port.kind === 'named') named.add(port.name);
    return `${policy.ref.kind}/${policy.ref.name} ${match.truth} ${match.assumptions.join()}`;
  });
  // At a Pod on the host's network a name stands for no port for certain.
  const ports = direction === 'ingress' && named.size > 0 ? `${onHostNetwork(subject)} ${portsOf(subject, named)}` : '';
  const vendor = vendorsOn(network, subject).map(({ effect }) => effect);
  return `${parts.join(';')}|${tiers.join(';')}|${ports}|${[...new Set(vendor)].sort().join()}|${grantedTo(network, direction, subject)}`;
}

function buildRow(
  context: RowContext,
  direction: Direction,
  selecting: readonly SelectingPolicy[],
  subject: WorkloadEndpoint,
  either: boolean,
): Row {
  const policies: Policies = selecting.map(({ match }) => ({ certain: match.truth === 'yes', on: maskOf(match.assumptions) }));
  const vendor = vendorsOn(context.network, subject);
  const tiers = tiersOnDirection(context.network, subject, direction);
  const standing: Standing = {
    values: context.values,
    profile: context.network.profile,
    policies,
    vendor: vendor.some(({ effect }) => effect === 'both') ? 'both' : vendor.length > 0 ? 'narrows' : undefined,
    granted: grantedTo(context.network, direction, subject),
    either,
    tiers: tiers.length === 0 ? undefined : { direction, selecting: tiers },
  };
  const claims: readonly Claims<Claim | TierClaim>[] = [
    ...selecting.map(({ policy }, index) => claimsOf(context, direction, policy, index, subject)),
    ...(tiers.length === 0 ? [] : [tierClaimsOf(context, direction, tiers, subject)]),
  ];
  return { ...podValues(context, standing, claims), addresses: addressValues(context, standing, claims) };
}

const vendorsOn = ({ vendor, profile }: NetworkModel, { namespace }: WorkloadEndpoint) =>
  enforced(vendorPoliciesOn(vendor, namespace.name), profile);

function grantedTo({ policiesByNamespace, profile }: NetworkModel, direction: Direction, subject: WorkloadEndpoint): number {
  if (profile['no-enforcement'] === 'yes') return maskOf(['no-enforcement']);
  const policies = policiesByNamespace.get(subject.namespace.name) ?? [];
  return escapesByProfile(policies, direction, subject, profile) ? maskOf(['host-network']) : 0;
}

/** Every class's value: classes that the same claims are for have the same. */
function podValues(context: RowContext, standing: Standing, lists: readonly Claims<Claim | TierClaim>[]): Omit<Row, 'addresses'> {
  const entries = lists.flatMap(({ pods }) => pods);
  const claims = entries.map(({ claim }) => claim);
  // The last number stands for being on the host's network, which no claim does.
  const sets = [...entries.map(({ set }) => set), context.host];
  const usual = sets.flatMap(({ negated }, index) => (negated ? [index] : []));
  const listed = new Map<number, number[]>();
  for (const [index, { ids }] of sets.entries())
    for (const id of ids) {
      const known = listed.get(id);
      if (known === undefined) listed.set(id, [index]);
      else known.push(index);
    }
  const memo = new Map<string, ValueId>();
  const valueOf = (covering: readonly number[]): ValueId => {
    const key = covering.join();
    let value = memo.get(key);
    if (value === undefined) {
      const some = covering.flatMap((index) => claims[index] ?? []);
      value = judgeAll(standing, some, covering.includes(claims.length));
      memo.set(key, value);
    }
    return value;
  };
  const background = valueOf(usual);
  const found: (readonly [number, ValueId])[] = [];
  for (const [id, toggled] of listed) {
    const value = valueOf(symmetricDifference(usual, toggled));
    if (value !== background) found.push([id, value]);
  }
  found.sort(([a], [b]) => a - b);
  return {
    background,
    classes: Int32Array.from(found, ([id]) => id),
    values: Int32Array.from(found, ([, value]) => value),
  };
}

const judgeAll = (standing: Standing, claims: readonly (Claim | TierClaim)[], onHost: boolean): ValueId =>
  judge(
    standing,
    claims.filter((claim) => 'policy' in claim),
    claims.filter((claim) => 'rule' in claim),
    onHost,
  );

/** Sorted lists: what is in one of them and not in the other. A class that a negated set lists is not in it. */
function symmetricDifference(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  const result: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    if (left !== right) result.push(Math.min(left, right));
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return result;
}

function addressValues(
  context: RowContext,
  standing: Standing,
  lists: readonly Claims<Claim | TierClaim>[],
): readonly AddressValue[] {
  const { whole } = context.atoms;
  const entries = lists.flatMap(({ addresses }) => addresses);
  const starts = new Set([whole.first]);
  for (const { runs } of entries)
    for (const { first, last } of runs) {
      starts.add(first);
      if (last < whole.last) starts.add(last + 1);
    }
  const sorted = [...starts].sort((a, b) => a - b);
  const result: AddressValue[] = [];
  for (const [index, first] of sorted.entries()) {
    const last = (sorted[index + 1] ?? whole.last + 1) - 1;
    const covering = entries.flatMap(({ runs, claim }) =>
      runs.some((run) => run.first <= first && first <= run.last) ? [claim] : [],
    );
    const value = judgeAll(standing, covering, false);
    const before = result.at(-1);
    if (before !== undefined && before.value === value) result[result.length - 1] = { ...before, last };
    else result.push({ first, last, value });
  }
  return result;
}
