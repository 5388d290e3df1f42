import {
  at,
  inside,
  isPod,
  type Json,
  list,
  type Pod,
  type Question,
  selects,
  text,
  type TierPolicy,
  type World,
} from './oracle-model.ts';

/** The cluster-wide policies of policy.networking.k8s.io, read and asked one rule after the other. */
export const readTiers = (objects: readonly Json[]): readonly TierPolicy[] =>
  objects.flatMap((object): readonly TierPolicy[] => {
    const spec = at(object, 'spec') ?? {};
    const priority = Number(at(spec, 'priority') ?? 0);
    switch (at(object, 'kind')) {
      case 'AdminNetworkPolicy':
        return [{ tier: 'admin', priority, kind: 'v1alpha1', spec }];
      case 'BaselineAdminNetworkPolicy':
        return [{ tier: 'baseline', priority, kind: 'v1alpha1', spec }];
      case 'ClusterNetworkPolicy':
        return [{ tier: at(spec, 'tier') === 'Admin' ? 'admin' : 'baseline', priority, kind: 'v1alpha2', spec }];
      default:
        return [];
    }
  });

/** Every order that keeps, in each generation of the API, lower priorities before higher ones. */
export function possibleOrders(policies: readonly TierPolicy[]): readonly (readonly TierPolicy[])[] {
  if (policies.length === 0) return [[]];
  return policies.flatMap((first) => {
    const rest = policies.filter((policy) => policy !== first);
    const mayLead = rest.every(
      (other) => other.tier !== first.tier || other.kind !== first.kind || other.priority >= first.priority,
    );
    // The tiers do not mix: one order of all of the Admin tier before all of the Baseline tier stands for the others.
    const isTurn = first.tier === 'admin' || rest.every(({ tier }) => tier === 'baseline');
    return mayLead && isTurn ? possibleOrders(rest).map((order) => [first, ...order]) : [];
  });
}

const rulesOf = (policy: TierPolicy, direction: string) => list(at(policy.spec, direction));
const peersOf = (rule: Json) => [...list(at(rule, 'from')), ...list(at(rule, 'to'))];

/** The networks that rules name. */
export const networksOf = (objects: readonly Json[]): readonly string[] =>
  readTiers(objects).flatMap((policy) =>
    rulesOf(policy, 'egress').flatMap((rule) => peersOf(rule).flatMap((peer) => list(at(peer, 'networks')).map(text))),
  );

/** What the first rule of a tier that matches says; undefined where none does. */
export function tierVerdict(
  policies: readonly TierPolicy[],
  tier: TierPolicy['tier'],
  world: World,
  question: Question,
): 'allow' | 'deny' | 'pass' | undefined {
  for (const policy of policies) {
    if (policy.tier !== tier || !isOneOf(at(policy.spec, 'subject') ?? null, question.subject, world)) continue;
    for (const rule of rulesOf(policy, question.direction)) {
      const entries = [...list(at(rule, 'ports')), ...list(at(rule, 'protocols'))];
      const matches =
        peersOf(rule).some((peer) => isTierPeer(peer, world, question)) &&
        (entries.length === 0 || entries.some((entry) => isTierPort(entry, question)));
      if (!matches) continue;
      const action = at(rule, 'action');
      return action === 'Deny' ? 'deny' : action === 'Pass' ? 'pass' : 'allow';
    }
  }
  return undefined;
}

/** `namespaces`, or `pods` with both selectors. */
function isOneOf(value: Json, pod: Pod, world: World): boolean {
  const labels = world.namespaceLabels(pod.namespace);
  const pods = at(value, 'pods');
  if (pods === undefined) return selects(at(value, 'namespaces'), labels);
  return selects(at(pods, 'namespaceSelector'), labels) && selects(at(pods, 'podSelector'), pod.labels);
}

function isTierPeer(peer: Json, world: World, { peer: end, address }: Question): boolean {
  const networks = at(peer, 'networks');
  if (networks !== undefined) return list(networks).some((network) => inside(address, text(network)));
  const nodes = at(peer, 'nodes');
  if (nodes !== undefined) {
    const isNode = isPod(end) ? end.host : world.outsideIsNode;
    const everyNode = Object.keys(at(nodes, 'matchLabels') ?? {}).length === 0;
    return isNode && (everyNode || world.nodeHasLabels);
  }
  return isPod(end) && !end.host && isOneOf(peer, end, world);
}

function isTierPort(entry: Json, { direction, subject, peer, protocol, port }: Question): boolean {
  const name = at(entry, 'namedPort') ?? at(entry, 'destinationNamedPort');
  if (name !== undefined) {
    const destination = direction === 'ingress' ? subject : peer;
    return (
      isPod(destination) &&
      destination.ports.some((item) => item.name === name && item.protocol === protocol && item.number === port)
    );
  }
  const old = at(entry, 'portNumber') ?? at(entry, 'portRange');
  const young = at(entry, protocol.toLowerCase(), 'destinationPort');
  const place = old ?? young;
  if (place === undefined || (old !== undefined && (at(old, 'protocol') ?? 'TCP') !== protocol)) return false;
  const number = at(place, 'port') ?? at(place, 'number');
  if (number !== undefined) return number === port;
  const range = at(place, 'range') ?? place;
  return Number(at(range, 'start')) <= port && port <= Number(at(range, 'end'));
}
