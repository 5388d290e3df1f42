import { derivedFlows } from '../../facts/network/derived.ts';
import { entryFlows, entryRuling, type EntryFlow } from '../../facts/network/entry-flows.ts';
import type { NetworkModel } from '../../facts/network/network.ts';
import { type Endpoint, isPod } from '../../facts/network/peers.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { reaches } from '../../facts/network/reach.ts';
import { suggestedFlows } from '../../facts/network/suggested.ts';
import { unseenPeers } from '../../facts/network/unseen-peers.ts';
import type { PolicyPort } from '../../kube/network-policy.ts';
import { compareText } from '../../model/object-ref.ts';
import { count, row } from '../columns.ts';
import { endsText, listed, shortId, withoutKind } from './words.ts';

/** Which workloads the reader asked for. */
export type Shown = (id: string) => boolean;

/** Groups that a page shows of one section: more are told by their number. */
export const mostGroups = 24;

/** How many more there are, and how to see them. */
export const moreLine = (more: number): readonly string[] =>
  more <= 0
    ? []
    : [`  ... and ${count(more, 'more group')}: narrow with --namespace, --from or --to, or take all rows with --format csv`];

const mostUnseen = 8;

/** Rules that are open to Pods of which the sources hold none, put together by these Pods. */
export function unseenLines(network: NetworkModel, shown: Shown, width: number): readonly string[] {
  const peers = unseenPeers(network)
    .map((peer) => ({ ...peer, of: peer.of.map(({ id }) => presentedOf(network).idOf(id)).filter(shown) }))
    .filter(({ of }) => of.length > 0);
  const groups = [...Map.groupBy(peers, ({ direction, peer }) => `${direction} ${peer}`).values()];
  if (groups.length === 0) return [];
  return [
    '',
    'Rules for Pods that are in no source',
    ...groups.slice(0, mostUnseen).flatMap((list) => {
      const [first] = list;
      if (first === undefined) return [];
      const byPorts = Map.groupBy(list, ({ rule }) => (rule.ports === undefined ? 'every port' : formatRulePorts(rule.ports)));
      const ends = [...byPorts].map(([ports, same]) => ({
        ids: endsText(network, [...new Set(same.flatMap(({ of }) => of))].sort(compareText)),
        ports,
      }));
      const texts =
        first.direction === 'ingress'
          ? [`${first.peer} may connect to ${listed(ends.map(({ ids, ports }) => `${ids} ${ports}`))}`]
          : ends.map(({ ids, ports }) => `${ids} may connect to ${first.peer} ${ports}`);
      return texts.flatMap((text) => row(2, [], text, width - 2).map(hang));
    }),
    ...moreLine(groups.length - mostUnseen),
  ];
}

/** Lines after the first hang under it. */
export const hang = (line: string, index: number): string => (index === 0 ? line : `  ${line}`);

const formatRulePorts = (ports: readonly PolicyPort[]): string =>
  ports
    .map(({ protocol, port, endPort }) =>
      port === undefined ? `every ${protocol} port` : `${protocol} ${port}${endPort === undefined ? '' : `-${endPort}`}`,
    )
    .join(', ');

/** Where traffic from outside enters, and backends that the policies keep it from. */
export function entryLines(network: NetworkModel, shown: Shown, width: number): readonly string[] {
  const flows = entries(network).filter(({ to }) => shown(to));
  if (flows.length === 0) return [];
  const controllers = [...Map.groupBy(flows, ({ from }) => from.id)];
  return [
    '',
    'Where traffic from outside enters',
    ...controllers.slice(0, mostGroups).flatMap(([id, list]) => {
      const [first] = list;
      const how = first === undefined || first.from.seen ? '' : `: its Pods are in no source (${first.from.how})`;
      const objects = [...Map.groupBy(list, ({ object }) => `${object.ref.kind} ${object.ref.namespace}/${object.ref.name}`)];
      const denied = list.filter((flow) => flow.denied);
      return [
        ...row(2, [], `${withoutKind(network, id)}${how}`, width - 2).map(hang),
        ...objects
          .slice(0, mostGroups)
          .flatMap(([name, of]) => row(4, [], `${name} to ${backendsText(network, of)}`, width - 2).map(hang)),
        ...moreLine(objects.length - mostGroups),
        ...denied
          .slice(0, mostDenied)
          .flatMap(({ to, protocol, port }) =>
            row(4, [], `denied by a policy: ${withoutKind(network, to)} ${protocol} ${port}`, width - 2).map(hang),
          ),
        ...moreLine(denied.length - mostDenied),
      ];
    }),
  ];
}

interface Entry extends Pick<EntryFlow, 'object' | 'from' | 'protocol' | 'port'> {
  readonly to: string;
  readonly denied: boolean;
}

/** Entry flows to workloads as they are presented, each once. */
function entries(network: NetworkModel): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const flow of entryFlows(network)) {
    const { object, from, protocol, port } = flow;
    const to = presentedOf(network).idOf(flow.to.id);
    const key = JSON.stringify([object.ref, from.id, to, protocol, port]);
    if (!found.has(key))
      found.set(key, { object, from, to, protocol, port, denied: entryRuling(network, flow).answer === 'denied' });
  }
  return [...found.values()];
}

const backendsText = (network: NetworkModel, flows: readonly Entry[]): string =>
  listed(
    flows.map(
      ({ object, to, protocol, port }) => `${shortId(withoutKind(network, to), object.ref.namespace)} ${protocol} ${port}`,
    ),
  );

const mostDenied = 10;

/** Connections that somebody will miss: those that the settings of workloads name or that every system needs, and that policies deny. */
export function deniedLines(network: NetworkModel, shown: Shown, width: number): readonly string[] {
  const { idOf } = presentedOf(network);
  const isShown = (id: string) => shown(idOf(id));
  const named = (id: string) => withoutKind(network, idOf(id));
  const wanted = suggestedFlows(network).filter(
    ({ from, to }) => from.kind === 'workload' && (isShown(from.id) || isShown(to.id)),
  );
  // A setting that names no port means one of the Service's ports: it is missed where none of them is open.
  const missed = [...Map.groupBy(wanted, ({ from, to, how }) => JSON.stringify([from.id, to.id, how])).values()]
    .filter((flows) =>
      flows.every(({ from, to, protocol, port }) => reaches(network, from, to, { protocol, port }).answer === 'denied'),
    )
    .flat()
    .map(
      ({ from, to, protocol, port, how }) =>
        `${named(from.id)} to ${shortId(named(to.id), namespaceOf(from))} ${protocol} ${port} (${how})`,
    );
  const needed = derivedFlows(network)
    .filter(
      ({ kind, need, from, to, ruling }) =>
        kind !== 'entry' && need === 'certain' && ruling.answer === 'denied' && (isShown(from.id) || isShown(to.id)),
    )
    .map(
      ({ from, to, protocol, port, reason }) =>
        `${named(from.id)} to ${named(to.id)} ${protocol}${port === undefined ? '' : ` ${port}`} (${reason})`,
    );
  const texts = [...new Set([...missed, ...needed])];
  if (texts.length === 0) return [];
  return [
    '',
    'Needed, and denied by a policy',
    ...texts.slice(0, mostDenied).flatMap((text) => row(2, [], text, width - 2).map(hang)),
    ...moreLine(texts.length - mostDenied),
  ];
}

const namespaceOf = (end: Endpoint): string | undefined => (isPod(end) ? end.namespace.name : undefined);
