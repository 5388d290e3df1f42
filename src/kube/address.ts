/** A range of addresses of one family, both ends included. IPv4 and IPv6 are disjoint. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const bits = { 4: 32, 6: 128 } as const;
export const everyAddress = {
  4: { family: 4, first: 0n, last: (1n << 32n) - 1n },
  6: { family: 6, first: 0n, last: (1n << 128n) - 1n },
} as const satisfies Readonly<Record<4 | 6, AddressRange>>;

/** Reads one address. Undefined for anything else; leading zeros are refused since some programs read them as octal. */
export function parseAddress(text: string): { readonly family: 4 | 6; readonly value: bigint } | undefined {
  if (text.length > 45) return undefined;
  if (text.includes(':')) {
    const value = parseIPv6(text);
    return value === undefined ? undefined : { family: 6, value };
  }
  const value = parseIPv4(text);
  return value === undefined ? undefined : { family: 4, value };
}

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groupsOf(half));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const rest = tail ?? [];
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...rest];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const [index, part] of text.split(':').entries()) {
    if (part.includes('.')) {
      const v4 = index === text.split(':').length - 1 ? parseIPv4(part) : undefined;
      if (v4 === undefined) return undefined;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** `10.1.2.3/8` -> 10.0.0.0-10.255.255.255: host bits are cleared, as the API server's users have always relied on. */
export function parseCidr(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const prefix = text.slice(slash + 1);
  if (!address || !/^(?:0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits[address.family]) return undefined;
  const host = BigInt(bits[address.family] - Number(prefix));
  const first = (address.value >> host) << host;
  return { family: address.family, first, last: first + (1n << host) - 1n };
}

/** An address or a CIDR. */
export function parseRange(text: string): AddressRange | undefined {
  const address = parseAddress(text);
  return address ? { family: address.family, first: address.value, last: address.value } : parseCidr(text);
}

const mapped = { family: 6, first: 0xffffn << 32n, last: (0x10000n << 32n) - 1n } as const;
/** IPv4 inside of IPv6, `::ffff:10.0.0.0/104`: some programs take it for IPv4, others for IPv6. */
export const isMappedIPv4 = (range: AddressRange | undefined): boolean => range !== undefined && contains(mapped, range);

export const contains = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
export const overlaps = (a: AddressRange, b: AddressRange): boolean =>
  a.family === b.family && a.first <= b.last && b.first <= a.last;

/** Cuts a range at both ends of every other range, so that each part lies wholly inside or outside each of them. In order. */
export function splitRange(range: AddressRange, by: readonly AddressRange[]): readonly AddressRange[] {
  const starts = new Set([range.first]);
  for (const other of by) {
    if (other.family !== range.family) continue;
    for (const start of [other.first, other.last + 1n]) if (range.first < start && start <= range.last) starts.add(start);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((first, index) => ({ family: range.family, first, last: (sorted[index + 1] ?? range.last + 1n) - 1n }));
}

/** Unites neighbours: the input is sorted and disjoint. */
export function joinRanges(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const joined: AddressRange[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && last.family === range.family && last.last + 1n === range.first)
      joined[joined.length - 1] = { ...last, last: range.last };
    else joined.push(range);
  }
  return joined;
}

/** Any ranges as sorted and disjoint ones that do not touch. */
export function uniteRanges(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = [...ranges].sort((a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const disjoint: AddressRange[] = [];
  for (const range of sorted) {
    const last = disjoint.at(-1);
    if (last && overlaps(last, range))
      disjoint[disjoint.length - 1] = { ...last, last: range.last > last.last ? range.last : last.last };
    else disjoint.push(range);
  }
  return joinRanges(disjoint);
}

export function formatAddress(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  // RFC 5952: the longest run of zero groups (the first of equals, two at least) becomes `::`.
  const run = groups
    .map((_, from) => groups.slice(from).findIndex((group) => group !== '0'))
    .map((length, from) => (length < 0 ? 8 - from : length));
  const longest = Math.max(...run);
  if (longest < 2) return groups.join(':');
  const at = run.indexOf(longest);
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + longest).join(':')}`;
}

/** `10.0.0.0/8` where the range is a CIDR, else `first-last`. */
export function formatRange({ family, first, last }: AddressRange): string {
  const size = last - first + 1n;
  if (size === 1n) return formatAddress(family, first);
  const host = size.toString(2).length - 1;
  const isCidr = 1n << BigInt(host) === size && first % size === 0n;
  return isCidr
    ? `${formatAddress(family, first)}/${bits[family] - host}`
    : `${formatAddress(family, first)}-${formatAddress(family, last)}`;
}

/** IPv4 that no public route leads to: private, shared, loopback, link-local, documentation, multicast and reserved (RFC 6890). */
const special = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].flatMap((text) => parseCidr(text) ?? []);

/** The public part of IPv4, as disjoint ranges. */
export const publicIPv4: readonly AddressRange[] = joinRanges(
  splitRange(everyAddress[4], special).filter((range) => !special.some((block) => overlaps(block, range))),
);
/** Global unicast IPv6. */
export const publicIPv6: readonly AddressRange[] = [parseCidr('2000::/3')].flatMap((range) => range ?? []);
