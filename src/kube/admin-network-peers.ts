import type { Path } from '../model/judgement.ts';
import { type AddressRange, formatRange, parseAddress, parseCidr } from './address.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt, valueAt } from './json.ts';
import type { Direction } from './network-policy.ts';
import { type LabelSelector, readSelector, selectorProblems } from './selector.ts';
import { checkFields, type Report } from './strict-fields.ts';

/** The two generations of the API: (Baseline)AdminNetworkPolicy, and ClusterNetworkPolicy (v1beta1 included). */
export type TierApi = 'v1alpha1' | 'v1alpha2';

/** Pods by their labels and those of their namespace; both must match. */
export interface PodSet {
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
}

/**
 * One element of `from` or `to`.
 * - pods: never Pods on the host network; `namespaces` are all Pods of them;
 * - nodes: the addresses of nodes with these labels;
 * - networks: addresses, those of Pods included;
 * - domains: addresses that the DNS gives for these names; `*.x` does not stand for `x`;
 * - unreadable: none of them, or with a part that the API refuses. The whole rule fails closed: Allow matches nothing, Deny and Pass
 *   deny everything (apis/v1alpha2 ClusterNetworkPolicyEgressPeer).
 */
export type TierPeer =
  | ({ readonly kind: 'pods'; readonly path: Path } & PodSet)
  | { readonly kind: 'nodes'; readonly path: Path; readonly selector: LabelSelector }
  | { readonly kind: 'networks'; readonly path: Path; readonly ranges: readonly AddressRange[] }
  | { readonly kind: 'domains'; readonly path: Path; readonly names: readonly string[] }
  | { readonly kind: 'unreadable'; readonly path: Path };

/** What a peer may be depends on the kind of the policy, the direction and the action. */
export interface PeerContext {
  readonly api: TierApi;
  readonly baseline: boolean;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny' | 'pass' | undefined;
  readonly most: { readonly items: number };
  readonly hostBits: boolean;
}

export const everything: LabelSelector = { requirements: [] };

/** The fields of a union that are set. */
export const parts = (value: JsonObject): readonly string[] => Object.keys(value).filter((key) => value[key] !== null);

/** The peers of a rule: never empty, since one is required. */
export function readPeers(rule: JsonObject, field: string, at: Path, context: PeerContext, report: Report): readonly TierPeer[] {
  const path = [...at, field];
  const list = listAt(rule, field);
  if (list.length === 0) {
    report(path, `${field} must be a list of at least one peer`);
    return [{ kind: 'unreadable', path }];
  }
  if (list.length > context.most.items) report(path, `at most ${context.most.items} peers are allowed`);
  return list.map((item, index) => readPeer(item, [...path, index], context, report));
}

function readPeer(value: JsonValue, path: Path, context: PeerContext, report: Report): TierPeer {
  const unreadable: TierPeer = { kind: 'unreadable', path };
  const peer = objectAt(value);
  if (!checkFields(peer, peerFields(context), path, report)) return unreadable;
  const set = parts(peer);
  if (set.length !== 1) {
    report(path, `a peer has exactly one of ${peerFields(context).join(', ')}`);
    return unreadable;
  }
  switch (set[0]) {
    case 'nodes': {
      const selector = readWhole(valueAt(peer, 'nodes'), [...path, 'nodes'], report);
      return selector ? { kind: 'nodes', path, selector } : unreadable;
    }
    case 'networks': {
      const ranges = readTexts(peer, 'networks', path, report, (text) => cidrProblem(text, context.hostBits));
      return ranges ? { kind: 'networks', path, ranges: ranges.flatMap((text) => parseCidr(text) ?? []) } : unreadable;
    }
    case 'domainNames': {
      // Not every version of the API checks it, but all document it: names cannot be denied safely.
      if (context.action !== 'allow') report([...path, 'domainNames'], 'domain names can only be accepted');
      const names = readTexts(peer, 'domainNames', path, report, domainProblem);
      return names ? { kind: 'domains', path, names } : unreadable;
    }
    default: {
      const pods = readPodSet(peer, context.api, path, report);
      return pods ? { kind: 'pods', path, ...pods } : unreadable;
    }
  }
}

/** Only egress can name what is no Pod; a baseline of v1alpha1 has no domain names, which the tier after NetworkPolicy could not allow. */
const peerFields = ({ baseline, direction }: PeerContext): readonly string[] => [
  'namespaces',
  'pods',
  ...(direction === 'egress' ? ['nodes', 'networks'] : []),
  ...(direction === 'egress' && !baseline ? ['domainNames'] : []),
];

/** `namespaces` or `pods` of a subject or peer, of which one is set; undefined where the API would refuse a part of it. */
export function readPodSet(value: JsonObject, api: TierApi, at: Path, report: Report): PodSet | undefined {
  if (parts(value)[0] === 'namespaces') {
    const namespaceSelector = readWhole(valueAt(value, 'namespaces'), [...at, 'namespaces'], report);
    return namespaceSelector && { namespaceSelector, podSelector: everything };
  }
  const path = [...at, 'pods'];
  const pods = valueAt(value, 'pods');
  if (!isObject(pods)) {
    report(path, 'pods must be an object with selectors');
    return undefined;
  }
  const known = checkFields(pods, ['namespaceSelector', 'podSelector'], path, report);
  const [namespaceSelector, podSelector] = (['namespaceSelector', 'podSelector'] as const).map((field) => {
    const written = valueAt(pods, field);
    if (written !== undefined && written !== null) return readWhole(written, [...path, field], report);
    // v1alpha2 made it optional: every namespace.
    if (field === 'namespaceSelector' && api === 'v1alpha2') return everything;
    report(path, `pods needs a ${field}; the empty one selects all`);
    return undefined;
  });
  return known && namespaceSelector && podSelector ? { namespaceSelector, podSelector } : undefined;
}

/** A selector without any part that the API refuses. */
function readWhole(value: JsonValue | undefined, path: Path, report: Report): LabelSelector | undefined {
  const problems = selectorProblems(value, path);
  for (const { path: place, problem } of problems) report(place, problem);
  return problems.length > 0 ? undefined : readSelector(value);
}

/** One to 25 different texts, all of them sound. */
function readTexts(
  peer: JsonObject,
  field: string,
  at: Path,
  report: Report,
  problemOf: (text: string) => string | undefined,
): readonly string[] | undefined {
  const path = [...at, field];
  const list = listAt(peer, field);
  if (list.length === 0 || list.length > 25 || new Set(list).size < list.length)
    report(path, `${field} must be a list of 1 to 25 different entries`);
  const problems = list.map((item) => (typeof item === 'string' ? problemOf(item) : 'an entry must be text'));
  for (const [index, problem] of problems.entries()) if (problem !== undefined) report([...path, index], problem);
  if (list.length === 0 || problems.some((problem) => problem !== undefined)) return undefined;
  return list.filter((item) => typeof item === 'string');
}

/** CIDR of apis/v1alpha1 and v1alpha2: not IPv4 inside of IPv6. */
function cidrProblem(text: string, hostBits: boolean): string | undefined {
  const range = parseCidr(text);
  if (range === undefined || text.includes(':') === text.includes('.'))
    return 'a network is a range of IPv4 or IPv6 addresses such as 10.0.0.0/8';
  const address = parseAddress(text.slice(0, text.indexOf('/')));
  return hostBits || address?.value === range.first ? undefined : `a network ends at its prefix: ${formatRange(range)}`;
}

const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?';
const domainName = new RegExp(`^(?:\\*\\.)?(?:${label}\\.)+${label}\\.?$`);
const domainProblem = (text: string): string | undefined =>
  domainName.test(text) ? undefined : 'a domain name is like example.org or *.example.org';
