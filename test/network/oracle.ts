/**
 * Who may talk to whom, decided the slow and plain way: from the raw objects, one pair and one port at a time, in every world that
 * the manifests leave possible. It shares no rule and no reader with the program, so that the two can prove each other.
 */
import {
  type Address,
  at,
  blockEnds,
  type End,
  inBlock,
  isPod,
  type Json,
  type Labels,
  labelsAt,
  list,
  type Pod,
  type Question,
  selects,
  text,
  type TierPolicy,
  type Verdict,
  type World,
} from './oracle-model.ts';
import { networksOf, possibleOrders, readTiers, tierVerdict } from './oracle-tiers.ts';

interface Policy {
  readonly namespace: string;
  readonly spec: Json;
}
export interface Cluster {
  readonly pods: readonly Pod[];
  /** Undefined: there is no Namespace object. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: readonly Policy[];
  /** Each order in which the cluster-wide policies may be asked. */
  readonly tierOrders: readonly (readonly TierPolicy[])[];
  readonly networks: readonly string[];
}
/** Answers that are known: `undefined` tries both. */
export interface Settled {
  readonly blocksMatchPods?: boolean;
  readonly hostPodsApart?: boolean;
  readonly sameNode?: boolean;
  /** True: every Pod has an IPv4 address, and perhaps an IPv6 one too. Otherwise Pods may have either. */
  readonly ipv4?: true;
}

export function readCluster(objects: readonly Json[]): Cluster {
  const of = (...kinds: readonly string[]) => objects.filter((object) => kinds.includes(text(at(object, 'kind'))));
  return {
    pods: of('Pod', 'Deployment').map(readPod),
    namespaces: new Map(
      of('Namespace').map((object) => [text(at(object, 'metadata', 'name')), labelsAt(at(object, 'metadata', 'labels'))]),
    ),
    policies: of('NetworkPolicy').map((object) => ({
      namespace: text(at(object, 'metadata', 'namespace')),
      spec: at(object, 'spec') ?? {},
    })),
    tierOrders: possibleOrders(readTiers(objects)),
    networks: networksOf(objects),
  };
}

function readPod(object: Json): Pod {
  const single = at(object, 'kind') === 'Pod';
  const pod = single ? object : at(object, 'spec', 'template');
  const namespace = text(at(object, 'metadata', 'namespace'));
  const containers = [...list(at(pod, 'spec', 'containers')), ...list(at(pod, 'spec', 'initContainers'))];
  return {
    id: `${namespace}/${text(at(object, 'kind'))}/${text(at(object, 'metadata', 'name'))}`,
    namespace,
    labels: labelsAt(at(pod, 'metadata', 'labels')),
    ports: containers.flatMap((container) =>
      list(at(container, 'ports')).map((port) => ({
        name: at(port, 'name') ?? null,
        protocol: at(port, 'protocol') ?? 'TCP',
        number: at(port, 'containerPort') ?? null,
      })),
    ),
    host: at(pod, 'spec', 'hostNetwork') === true,
    single,
  };
}

/** Every block and exception that a policy names. */
export const blocksIn = (cluster: Cluster): readonly string[] => [
  ...cluster.networks,
  ...cluster.policies.flatMap(({ spec }) =>
    [...list(at(spec, 'ingress')), ...list(at(spec, 'egress'))]
      .flatMap((rule) => [...list(at(rule, 'from')), ...list(at(rule, 'to'))])
      .flatMap((peer) => {
        const block = at(peer, 'ipBlock');
        return block === undefined ? [] : [text(at(block, 'cidr')), ...list(at(block, 'except')).map(text)];
      }),
  ),
];

/** Addresses at and beside the ends of these blocks, and the first and last of each family. */
export function telling(blocks: readonly string[]): readonly Address[] {
  const found = new Map<string, Address>();
  for (const { family, first, last } of ['0.0.0.0/0', '::/0', ...blocks].map(blockEnds)) {
    const most = blockEnds(family === 4 ? '0.0.0.0/0' : '::/0').last;
    for (const value of [first - 1n, first, last, last + 1n])
      if (0n <= value && value <= most) found.set(`${family} ${value}`, { family, value });
  }
  return [...found.values()];
}

/** Is the direction isolated by this policy? Without policyTypes: ingress always, egress where it has an egress rule. */
function isolates(spec: Json, direction: 'ingress' | 'egress'): boolean {
  const types = list(at(spec, 'policyTypes'));
  if (types.length > 0) return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  return direction === 'ingress' || list(at(spec, 'egress')).length > 0;
}

/** Do the policies on one end let it happen in one world? */
function admits(cluster: Cluster, world: World, question: Question): boolean {
  const { direction, subject, peer } = question;
  if (isPod(peer) && peer === subject && peer.single) return true;
  if (subject.host && !world.hostPodsApart) return true;
  if (isPod(peer) && peer.host && !world.hostPodsApart && world.sameNode) return true;
  const acting = cluster.policies.filter(
    ({ namespace, spec }) =>
      namespace === subject.namespace && isolates(spec, direction) && selects(at(spec, 'podSelector'), subject.labels),
  );
  const tiers = subject.host ? [] : world.tiers;
  const first = tierVerdict(tiers, 'admin', world, question);
  if (first === 'allow' || first === 'deny') return first === 'allow';
  if (acting.length === 0) return tierVerdict(tiers, 'baseline', world, question) !== 'deny';
  return acting.some((policy) =>
    list(at(policy.spec, direction)).some((rule) => {
      const peers = list(at(rule, direction === 'ingress' ? 'from' : 'to'));
      const ports = list(at(rule, 'ports'));
      return (
        (peers.length === 0 || peers.some((entry) => isPeer(policy, entry, world, question))) &&
        (ports.length === 0 || ports.some((entry) => isPort(entry, world, question)))
      );
    }),
  );
}

function isPeer(policy: Policy, entry: Json, world: World, { peer, address }: Question): boolean {
  const block = at(entry, 'ipBlock');
  const asNode = isPod(peer) && peer.host && !world.hostPodsApart;
  const isSeen = !isPod(peer) || (peer.host ? world.blocksMatchNodes : world.blocksMatchPods);
  if (block !== undefined) return isSeen && inBlock(address, block);
  if (!isPod(peer) || asNode) return false;
  const place = at(entry, 'namespaceSelector');
  const here = place === undefined ? peer.namespace === policy.namespace : selects(place, world.namespaceLabels(peer.namespace));
  return here && selects(at(entry, 'podSelector'), peer.labels);
}

function isPort(entry: Json, world: World, { direction, subject, peer, protocol, port }: Question): boolean {
  if ((at(entry, 'protocol') ?? 'TCP') !== protocol) return false;
  const wanted = at(entry, 'port');
  if (wanted === undefined) return true;
  if (typeof wanted === 'number') return wanted <= port && port <= Number(at(entry, 'endPort') ?? wanted);
  const destination = direction === 'ingress' ? subject : peer;
  // Names are those of Pods: an address has none, nor has a node.
  if (!isPod(destination) || (destination.host && !world.hostPodsApart)) return false;
  return destination.ports.some((item) => item.name === wanted && item.protocol === protocol && item.number === port);
}

const both = [true, false] as const;

/** Labels that a namespace may have: those of its object, or any that a selector could tell apart. */
type SelectorKeys = Readonly<Record<string, readonly string[]>>;
function possibleLabels(cluster: Cluster, end: End, keys: SelectorKeys): readonly Labels[] {
  if (!isPod(end)) return [{}];
  const name = { 'kubernetes.io/metadata.name': end.namespace };
  const written = cluster.namespaces.get(end.namespace);
  if (written) return [{ ...written, ...name }];
  let worlds: readonly Labels[] = [name];
  for (const [key, values] of Object.entries(keys))
    worlds = worlds.flatMap((labels) => [labels, ...[...values, 'another'].map((value) => ({ ...labels, [key]: value }))]);
  return worlds;
}

/** Worlds for a pair: what is settled, or does not concern it, has one value. */
function* worldsOf(cluster: Cluster, [from, to]: readonly [End, End], settled: Settled, keys: SelectorKeys): Generator<World> {
  const pods = [from, to].filter(isPod);
  const hosts = pods.some(({ host }) => host);
  const hasTiers = cluster.tierOrders.some((order) => order.length > 0);
  const near = isPod(from) && isPod(to) && from.namespace === to.namespace;
  const values = (concerns: boolean, known: boolean | undefined) => (!concerns ? [false] : known === undefined ? both : [known]);
  for (const blocksMatchPods of values(pods.length === 2, settled.blocksMatchPods))
    for (const blocksMatchNodes of values(hosts, undefined))
      for (const hostPodsApart of values(hosts, settled.hostPodsApart))
        for (const sameNode of values(hosts && pods.length === 2, settled.sameNode))
          for (const source of possibleLabels(cluster, from, keys))
            for (const destination of near ? [source] : possibleLabels(cluster, to, keys)) {
              const namespaceLabels = (name: string) => (isPod(from) && name === from.namespace ? source : destination);
              for (const outsideIsNode of values(hasTiers && pods.length < 2, undefined))
                for (const nodeHasLabels of values(hasTiers && (hosts || pods.length < 2), undefined))
                  for (const tiers of cluster.tierOrders)
                    yield {
                      blocksMatchPods,
                      blocksMatchNodes,
                      hostPodsApart,
                      sameNode,
                      namespaceLabels,
                      outsideIsNode,
                      nodeHasLabels,
                      tiers,
                    };
            }
}

/**
 * The answer for one pair and port: the one that all worlds give, else `depends`.
 * @param keys label keys that selectors of namespaces ask for, with the values that they name.
 */
export function decide(
  cluster: Cluster,
  [from, to]: readonly [End, End],
  [protocol, port]: readonly [string, number],
  settled: Settled = {},
  keys: SelectorKeys = {},
  addresses: readonly Address[] = telling(blocksIn(cluster)),
): Verdict {
  const said = new Set<boolean>();
  for (const world of worldsOf(cluster, [from, to], settled, keys)) {
    /** What the policies of one end can say of the other, whose address is not known where it is a Pod. */
    const half = (direction: Question['direction'], subject: End, peer: End, family: 4 | 6) => {
      if (!isPod(subject)) return new Set([true]);
      const possible = isPod(peer) ? addresses.filter((item) => item.family === family) : [peer];
      return new Set(possible.map((address) => admits(cluster, world, { direction, subject, peer, address, protocol, port })));
    };
    /** Both ends must agree; their addresses are independent of each other, but for the family. */
    const by = (family: 4 | 6): ReadonlySet<boolean> => {
      const out = half('egress', from, to, family);
      const into = half('ingress', to, from, family);
      return new Set([...out].flatMap((a) => [...into].map((b) => a && b)));
    };
    const outside = [from, to].find((end): end is Address => !isPod(end));
    if (outside) for (const answer of by(outside.family)) said.add(answer);
    else {
      for (const answer of by(4)) said.add(answer);
      // Of two Pods with both families, either may serve.
      for (const answer of by(6)) for (const other of settled.ipv4 ? by(4) : [false]) said.add(answer || other);
    }
    if (said.size === 2) return 'depends';
  }
  return said.has(true) ? 'allowed' : 'denied';
}
