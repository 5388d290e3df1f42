import { type GatewayRoute, readGateway, readGatewayRoute } from '../../kube/gateway.ts';
import { type Backend, readOpenShiftRoute } from '../../kube/ingress.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Service, type ServicePort, targetPortOn } from '../../kube/service.ts';
import type { Path } from '../../model/judgement.ts';
import { unite } from './assumptions.ts';
import { ingressFlows } from './ingress-controller.ts';
import { openLabels } from './labels.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, unseenEndpoint, type WorkloadEndpoint } from './peers.ts';
import type { Protocol } from './ports.ts';
import { reaches, type Ruling } from './reach.ts';
import { selectedBy, serviceNamed } from './services.ts';

/** Pods that send the traffic of entry objects to their backends. */
export interface EntrySource {
  /** The workload's id where its Pods are in the sources; else a name in braces, which no workload can have. */
  readonly id: string;
  /** Where such a Pod may be: one place, or several where nobody knows. Policies are asked for each. */
  readonly ends: readonly Endpoint[];
  readonly seen: boolean;
  /** What it is, for a reader. */
  readonly how: string;
}

/** A flow that an Ingress, a route of the Gateway API or an OpenShift Route opens. */
export interface EntryFlow {
  readonly object: KubeObject;
  readonly path: Path;
  readonly from: EntrySource;
  readonly to: WorkloadEndpoint;
  readonly protocol: Protocol;
  readonly port: number;
}

type Draft = Omit<EntryFlow, 'from'> & { readonly from: EntrySource & { readonly key: string } };

/** Every flow of an entry object to the target port of a backend's Pods, each once; in the order of objects. */
export const entryFlows = (network: NetworkModel): readonly EntryFlow[] => network.once(findFlows);

function findFlows(network: NetworkModel): readonly EntryFlow[] {
  const drafts = [
    ...ingressDrafts(network),
    ...network.inputs.objects.flatMap((object) => routeDrafts(network, object)),
    ...network.inputs.objects.flatMap((object) => gatewayDrafts(network, object)),
  ];
  // One unseen controller needs no further name; several are told apart, since policies may treat them differently.
  const unseen = new Set(drafts.flatMap(({ from }) => (from.seen ? [] : [from.key])));
  const named = drafts.map(({ from: { key, ...from }, ...flow }): EntryFlow => {
    const id = from.seen ? from.id : unseen.size === 1 ? '{ingress-controller}' : `{ingress-controller ${key}}`;
    return { ...flow, from: { ...from, id } };
  });
  const unique = new Map<string, EntryFlow>();
  for (const flow of named) {
    const key = JSON.stringify([flow.object.ref, flow.from.id, flow.to.id, flow.protocol, flow.port]);
    if (!unique.has(key)) unique.set(key, flow);
  }
  return [...unique.values()];
}

function ingressDrafts(network: NetworkModel): readonly Draft[] {
  return ingressFlows(network).flatMap(({ ingress, path, from, to, port }) =>
    from.map(
      ({ endpoint, controller, how, seen }): Draft => ({
        object: ingress,
        path,
        from: { id: endpoint.id, key: controller ?? endpoint.id, ends: [endpoint], seen, how },
        to,
        protocol: 'TCP',
        port,
      }),
    ),
  );
}

/** The router of OpenShift runs on the host network or in openshift-ingress; a policy sees either. */
function routeDrafts(network: NetworkModel, object: KubeObject): readonly Draft[] {
  const route = readOpenShiftRoute(object);
  if (route === undefined) return [];
  const routers = (network.byNamespace.get('openshift-ingress') ?? []).filter(({ workload }) => !workload.runsToCompletion);
  const sources: readonly Draft['from'][] =
    routers.length > 0
      ? routers.map((router) => ({ id: router.id, key: router.id, ends: [router], seen: true, how: `workload ${router.id}` }))
      : [
          {
            id: '',
            key: 'openshift.io/router',
            ends: [unseenEndpoint(network.namespace('openshift-ingress'), '*', new Map(), { declared: true })],
            seen: false,
            how: 'namespace openshift-ingress, where it is usually installed',
          },
        ];
  return sources.flatMap((from) => route.backends.flatMap((backend) => toBackend(network, object, backend, from, 'TCP')));
}

const protocolOf: Readonly<Record<string, Protocol>> = { UDPRoute: 'UDP' };

function gatewayDrafts(network: NetworkModel, object: KubeObject): readonly Draft[] {
  const route = readGatewayRoute(object);
  if (route === undefined) return [];
  const sources = new Map(
    gatewaysOf(route)
      .flatMap((parent) => dataPlanes(network, parent))
      .map((from) => [from.key, from]),
  );
  return [...sources.values()].flatMap((from) =>
    route.backends.flatMap((backend) => toBackend(network, object, backend, from, protocolOf[object.ref.kind] ?? 'TCP')),
  );
}

const gatewaysOf = ({ parents }: GatewayRoute) => parents.filter(({ kind }) => kind === 'Gateway');

const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';

/**
 * The Pods behind a Gateway. Controllers that deploy them beside the Gateway label them with its name (Gateway API, GEP-1762);
 * others run shared Pods in a namespace of their own, which no manifest names.
 */
function dataPlanes(
  network: NetworkModel,
  parent: { readonly namespace: string; readonly name: string },
): readonly Draft['from'][] {
  const own = (network.byNamespace.get(parent.namespace) ?? []).filter(
    ({ labels, workload }) => labels.known.get(gatewayLabel) === parent.name && !workload.runsToCompletion,
  );
  if (own.length > 0) return own.map((end) => ({ id: end.id, key: end.id, ends: [end], seen: true, how: `workload ${end.id}` }));
  const className = network.inputs.objects
    .flatMap((object) => readGateway(object) ?? [])
    .find((gateway) => gateway.ref.name === parent.name && gateway.namespace === parent.namespace)?.className;
  const beside = unseenEndpoint(network.namespace(parent.namespace), '*', new Map([[gatewayLabel, parent.name]]), {
    declared: true,
  });
  const elsewhere = unseenEndpoint({ name: '', labels: openLabels(new Map(), 'unseen-peer') }, '*');
  return [
    {
      id: '',
      key: `${parent.namespace}/${parent.name}`,
      ends: [beside, elsewhere],
      seen: false,
      how: `Gateway ${parent.namespace}/${parent.name}${className === undefined ? '' : ` of class ${className}`}, in its own namespace or elsewhere`,
    },
  ];
}

function toBackend(
  network: NetworkModel,
  object: KubeObject,
  backend: Backend,
  from: Draft['from'],
  protocol: Protocol,
): readonly Draft[] {
  const service = serviceNamed(network, backend.namespace, backend.service);
  if (service === undefined) return [];
  const ports = portsOf(service, backend).filter((port) => port.protocol === protocol);
  return selectedBy(network, service).flatMap((to) =>
    ports.flatMap((port): readonly Draft[] => {
      const target = targetPortOn(to.workload, port);
      return target === undefined ? [] : [{ object, path: backend.path, from, to, protocol, port: target }];
    }),
  );
}

/** A Route names a port of the Pods, by number or name, or a Service port by name; a route of the Gateway API a Service port by number. */
function portsOf(service: Service, { port, portOf }: Backend): readonly ServicePort[] {
  if (port === undefined) return service.ports;
  const byTarget = portOf === 'pods' ? service.ports.filter(({ targetPort }) => targetPort === port) : [];
  return byTarget.length > 0 ? byTarget : service.ports.filter((entry) => entry.port === port || entry.name === port);
}

/** Whether the policies let an entry flow happen; where its source may be in several places and they differ, it depends. */
export function entryRuling(network: NetworkModel, flow: EntryFlow): Ruling {
  const rulings = flow.from.ends.map((end) => reaches(network, end, flow.to, { protocol: flow.protocol, port: flow.port }));
  const [first, ...rest] = rulings;
  if (first === undefined) throw new Error('an entry source is somewhere');
  if (rest.every(({ answer }) => answer === first.answer))
    return { ...first, assumptions: unite(...rulings.map(({ assumptions }) => assumptions)) };
  const decisive = rulings.find(({ answer }) => answer === 'depends') ?? first;
  return {
    ...decisive,
    answer: 'depends',
    assumptions: unite(['unseen-peer'], ...rulings.map(({ assumptions }) => assumptions)),
  };
}
