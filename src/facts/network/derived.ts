import { contains } from '../../kube/address.ts';
import { apiServerFlows } from './api-server-flows.ts';
import { declaredPairs } from './declared-ports.ts';
import { type DerivedFlow, endOf } from './derived-flow.ts';
import { dnsTargetsFor } from './dns.ts';
import { declaredNeeds } from './egress.ts';
import { entryFlows, entryRuling } from './entry-flows.ts';
import { metricsPorts } from './metrics-ports.ts';
import { scrapers } from './monitoring.ts';
import type { NetworkModel } from './network.ts';
import type { Endpoint } from './peers.ts';
import { reaches } from './reach.ts';
import { webhookFlows } from './webhook-flows.ts';

export type { DerivedFlow, DerivedKind } from './derived-flow.ts';

/**
 * Flows that every system needs and nobody declares, with one end under review: the DNS at the real port of its Pods, the API server
 * for those who may use it, scrapes of metrics ports, entry controllers to their backends, and the API server to webhooks and
 * aggregated APIs. In this order, each sorted as the model is.
 */
export const derivedFlows = (network: NetworkModel): readonly DerivedFlow[] => network.once(findDerived);

const findDerived = (network: NetworkModel): readonly DerivedFlow[] => [
  ...dnsFlows(network),
  ...scrapeFlows(network),
  ...necessaryFlows(network),
];

/** Those that no check of their own looks after: beside the DNS and the scrapes. */
export const necessaryFlows = (network: NetworkModel): readonly DerivedFlow[] => network.once(findNecessary);

const findNecessary = (network: NetworkModel): readonly DerivedFlow[] => [
  ...apiServerFlows(network),
  ...entriesToReviewed(network),
  ...webhookFlows(network),
];

function dnsFlows(network: NetworkModel): readonly DerivedFlow[] {
  return network.reviewed.flatMap((endpoint) => {
    const all = dnsTargetsFor(network, endpoint);
    // With a cache on every node Pods ask the cache, and only the cache asks the DNS Pods.
    const targets = all.some(({ cache }) => cache) ? all.filter(({ cache }) => cache) : all;
    const { object, podPath: path } = endpoint.workload;
    return targets.flatMap((target) =>
      (['UDP', 'TCP'] as const).map((protocol): DerivedFlow => {
        const query = { protocol, port: target.port };
        return {
          kind: 'dns',
          reason: `names are resolved by ${target.how}`,
          object,
          path,
          from: endOf(endpoint),
          to: { ...endOf(target.endpoint), seen: target.seen },
          ...query,
          need: 'certain',
          ruling: reaches(network, endpoint, target.endpoint, query),
        };
      }),
    );
  });
}

function scrapeFlows(network: NetworkModel): readonly DerivedFlow[] {
  return network.reviewed.flatMap((to) =>
    metricsPorts(network, to).flatMap(({ port, protocol, how }) =>
      scrapers(network)
        .filter(({ endpoint }) => endpoint.id !== to.id)
        .map(
          ({ endpoint, seen }): DerivedFlow => ({
            kind: 'scrape',
            reason: `metrics are scraped: ${how}`,
            object: to.workload.object,
            path: to.workload.podPath,
            from: { ...endOf(endpoint), seen },
            to: endOf(to),
            protocol,
            port,
            need: 'certain',
            ruling: reaches(network, endpoint, to, { protocol, port }),
          }),
        ),
    ),
  );
}

const entriesToReviewed = (network: NetworkModel): readonly DerivedFlow[] =>
  entryFlows(network)
    .filter(({ to }) => network.inputs.underReview.has(to.id))
    .map((flow): DerivedFlow => {
      const { object, path, from, to, protocol, port } = flow;
      const { kind, namespace, name } = object.ref;
      const reason = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name} sends traffic there`;
      const ruling = entryRuling(network, flow);
      return { kind: 'entry', reason, object, path, from, to: endOf(to), protocol, port, need: 'certain', ruling };
    });

/** Does declared traffic say the same, so that its own answer is enough? Pods outside the sources are the same by their namespace. */
export function isDeclared(network: NetworkModel, { from, to, protocol, port }: DerivedFlow): boolean {
  if (port === undefined || from.ends.length === 0 || to.ends.length === 0) return false;
  return to.ends.every((destination) =>
    from.ends.every((source) =>
      source.kind === 'workload' && destination.kind === 'external'
        ? declaredNeeds(network, source).some(
            (need) =>
              need.protocol === protocol && (need.port === undefined || need.port === port) && isWithin(destination, need.to),
          )
        : (network.once(declaredByDestination).get(destination.id) ?? []).some(
            (pair) =>
              isWithin(source, pair.from) && pair.ports[protocol].some(({ first, last }) => first <= port && port <= last),
          ),
    ),
  );
}

const declaredByDestination = (network: NetworkModel) => Map.groupBy(declaredPairs(network), ({ to }) => to.id);

function isWithin(inner: Endpoint, outer: Endpoint): boolean {
  if (inner.id === outer.id) return true;
  if (inner.kind === 'external') return outer.kind === 'external' && contains(outer.range, inner.range);
  return inner.kind === 'unseen' && outer.kind === 'unseen' && inner.namespace.name === outer.namespace.name;
}
