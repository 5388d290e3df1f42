/** What the oracle of NetworkPolicy and that of the cluster-wide policies read alike: raw values, labels, addresses. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Verdict = 'allowed' | 'denied' | 'depends';
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}
export type Labels = Readonly<Record<string, string>>;

export interface Pod {
  readonly id: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly { readonly name: Json; readonly protocol: Json; readonly number: Json }[];
  readonly host: boolean;
  /** A Pod of its own; otherwise a workload, whose replicas are told apart. */
  readonly single: boolean;
}
export type End = Pod | Address;

/** What Kubernetes leaves open, answered one way. */
/** An AdminNetworkPolicy, a BaselineAdminNetworkPolicy or a ClusterNetworkPolicy. */
export interface TierPolicy {
  readonly tier: 'admin' | 'baseline';
  readonly priority: number;
  /** The generation of the API: between the two no order is defined. */
  readonly kind: 'v1alpha1' | 'v1alpha2';
  readonly spec: Json;
}

export interface World {
  /** Do address blocks match the addresses of Pods? */
  readonly blocksMatchPods: boolean;
  /** Do they match the addresses of nodes? */
  readonly blocksMatchNodes: boolean;
  /** Are Pods on the host network told apart from their node? If not, their traffic is the node's. */
  readonly hostPodsApart: boolean;
  /** Does the Pod on the host network run on the node of the Pod at the other end? */
  readonly sameNode: boolean;
  readonly namespaceLabels: (name: string) => Labels;
  /** Is the address outside that of a node? */
  readonly outsideIsNode: boolean;
  /** Have the nodes in question the labels that a rule asks for? */
  readonly nodeHasLabels: boolean;
  /** Cluster-wide policies in the order in which they are asked. */
  readonly tiers: readonly TierPolicy[];
}
export interface Question {
  readonly direction: 'ingress' | 'egress';
  readonly subject: Pod;
  readonly peer: End;
  /** The address of the peer: its own, or the one that its Pod or node may have. */
  readonly address: Address;
  readonly protocol: string;
  readonly port: number;
}

export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((found, key) => {
    const holder = typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {};
    return Object.hasOwn(holder, key) ? (holder as { readonly [key: string]: Json })[key] : undefined;
  }, value);
export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const labelsAt = (value: Json | undefined): Labels => (value ?? {}) as Labels;
export const isPod = (end: End): end is Pod => 'labels' in end;

/** First and last address of a block: `10.1.2.77/24` has its host bits cleared. */
export function blockEnds(cidr: string): { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint } {
  const [address = '', prefix = ''] = cidr.split('/');
  const family = address.includes(':') ? 6 : 4;
  const size = 1n << BigInt((family === 4 ? 32 : 128) - Number(prefix));
  const value = family === 4 ? digits(address.split('.'), 10, 256n) : digits(groups(address), 16, 65536n);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}
const digits = (parts: readonly string[], radix: number, base: bigint): bigint =>
  parts.reduce((sum, part) => sum * base + BigInt(Number.parseInt(part, radix)), 0n);
function groups(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
}
export const inside = (address: Address, cidr: string): boolean => {
  const { family, first, last } = blockEnds(cidr);
  return family === address.family && first <= address.value && address.value <= last;
};
export const inBlock = (address: Address, block: Json): boolean =>
  inside(address, text(at(block, 'cidr'))) && !list(at(block, 'except')).some((part) => inside(address, text(part)));

export function selects(selector: Json | undefined, labels: Labels): boolean {
  const equal = Object.entries(labelsAt(at(selector, 'matchLabels'))).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
  return (
    equal &&
    list(at(selector, 'matchExpressions')).every((entry) => {
      const key = text(at(entry, 'key'));
      const has = Object.hasOwn(labels, key);
      const listed = has && list(at(entry, 'values')).includes(labels[key] ?? '');
      const operator = at(entry, 'operator');
      return operator === 'In' ? listed : operator === 'NotIn' ? !listed : operator === 'Exists' ? has : !has;
    })
  );
}
