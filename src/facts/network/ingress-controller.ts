import { type JsonValue, listAt, numberAt, objectAt, textAt, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import { everyAddress } from '../../kube/address.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, unseenEndpoint, type WorkloadEndpoint } from './peers.ts';
import { backendsOf, serviceNamed } from './services.ts';
import { namesOf, repositories } from './well-known.ts';

/** What sends the traffic of Ingress objects to their backends. */
export interface IngressController {
  readonly endpoint: Endpoint;
  /** `spec.controller` of its IngressClass, or the controller that a class name stands for; absent where neither is known. */
  readonly controller?: string;
  /** How it was found, for a reader. */
  readonly how: string;
  /** Are its Pods in the sources? */
  readonly seen: boolean;
}

/** A flow that an Ingress object opens: from its controller to the target port of a backend's Pods. */
export interface IngressFlow {
  readonly ingress: KubeObject;
  readonly path: Path;
  readonly from: readonly IngressController[];
  readonly to: WorkloadEndpoint;
  readonly port: number;
}

interface KnownController {
  /** `spec.controller` of IngressClass objects. */
  readonly id: string;
  /** Class names that stand for it where no IngressClass is in the sources. */
  readonly classes: readonly string[];
  readonly image: RegExp;
  readonly names: readonly string[];
  /** Where its chart or manifest installs it. */
  readonly namespace: string;
  /** Load balancers of a cloud stand outside the cluster and have no Pods. */
  readonly outside?: true;
}

const known: readonly KnownController[] = [
  {
    id: 'k8s.io/ingress-nginx',
    classes: ['nginx', 'ingress-nginx'],
    image: /(^|\/)(ingress-nginx\/controller|nginx-ingress-controller|nginx-ingress)$/,
    names: ['ingress-nginx'],
    namespace: 'ingress-nginx',
  },
  {
    id: 'nginx.org/ingress-controller',
    classes: [],
    image: /^nginx\/nginx-ingress$/,
    names: ['nginx-ingress'],
    namespace: 'nginx-ingress',
  },
  {
    id: 'traefik.io/ingress-controller',
    classes: ['traefik'],
    image: /(^|\/)traefik$/,
    names: ['traefik'],
    namespace: 'traefik',
  },
  {
    id: 'haproxy.org/ingress-controller',
    classes: ['haproxy'],
    image: /haproxy.*ingress/,
    names: ['haproxy-ingress', 'kubernetes-ingress'],
    namespace: 'haproxy-controller',
  },
  {
    id: 'projectcontour.io/ingress-controller',
    classes: ['contour'],
    image: /(^|\/)envoy$/,
    names: ['envoy'],
    namespace: 'projectcontour',
  },
  {
    id: 'ingress-controllers.konghq.com/kong',
    classes: ['kong'],
    image: /^kong(\/kong-gateway)?$/,
    names: ['kong'],
    namespace: 'kong',
  },
  {
    id: 'ingress.k8s.aws/alb',
    classes: ['alb'],
    image: /aws-load-balancer-controller$/,
    names: [],
    namespace: 'kube-system',
    outside: true,
  },
  {
    id: 'k8s.io/ingress-gce',
    classes: ['gce', 'gce-internal'],
    image: /ingress-gce/,
    names: [],
    namespace: 'kube-system',
    outside: true,
  },
  {
    id: 'azure/application-gateway',
    classes: ['azure-application-gateway', 'azure/application-gateway'],
    image: /application-gateway/,
    names: [],
    namespace: 'kube-system',
    outside: true,
  },
  {
    id: 'openshift.io/ingress-to-route',
    classes: ['openshift-default'],
    image: /haproxy-router/,
    names: ['router'],
    namespace: 'openshift-ingress',
  },
];

const group = 'networking.k8s.io';
const classAnnotation = 'kubernetes.io/ingress.class';
const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

/** Controllers of every Ingress under review, by the controller's id; of the default class where an Ingress names none. */
export function ingressControllers(network: NetworkModel): readonly IngressController[] {
  const found = ingresses(network).flatMap((ingress) => controllersOf(network, ingress));
  return [...new Map(found.map((item) => [item.endpoint.id, item])).values()];
}

const ingresses = (network: NetworkModel): readonly KubeObject[] => network.once(findIngresses);

const findIngresses = ({ inputs }: NetworkModel): readonly KubeObject[] =>
  inputs.objects.filter((object) => object.ref.kind === 'Ingress' && (object.group === group || object.group === 'extensions'));

/** The controllers that serve one Ingress: one or more workloads, or one stand-in for Pods that are in no source. */
export function controllersOf(network: NetworkModel, ingress: KubeObject): readonly IngressController[] {
  const id = controllerId(network, ingress);
  const entry = known.find((item) => item.id === id);
  if (entry?.outside === true) {
    return [
      {
        endpoint: externalEndpoint(everyAddress[4]),
        controller: entry.id,
        how: `${entry.id} is a load balancer outside the cluster`,
        seen: false,
      },
    ];
  }
  const candidates = entry ? [entry] : known.filter((item) => item.outside !== true);
  const running = network.once(runningControllers).filter((endpoint) => candidates.some((item) => runs(endpoint, item)));
  if (running.length > 0)
    return running.map((endpoint) => ({
      endpoint,
      ...(id === undefined ? {} : { controller: id }),
      how: `workload ${endpoint.id}`,
      seen: true,
    }));
  return [standIn(network, ingress, id, entry)];
}

/** Workloads that run any known controller. */
const runningControllers = ({ endpoints }: NetworkModel): readonly WorkloadEndpoint[] =>
  endpoints.filter((endpoint) => known.some((item) => runs(endpoint, item)));

const ingressClasses = ({ inputs }: NetworkModel): readonly KubeObject[] =>
  inputs.objects.filter((object) => object.ref.kind === 'IngressClass' && object.group === group);

function runs(endpoint: WorkloadEndpoint, entry: KnownController): boolean {
  if (endpoint.workload.runsToCompletion) return false;
  if (repositories(endpoint).some((repository) => entry.image.test(repository))) return true;
  return (
    endpoint.namespace.name === entry.namespace &&
    namesOf(endpoint).some((name) => entry.names.includes(name)) &&
    !namesOf(endpoint).includes('default-backend')
  );
}

function controllerId(network: NetworkModel, ingress: KubeObject): string | undefined {
  const classes = network.once(ingressClasses);
  const name = textAt(ingress.value, 'spec', 'ingressClassName') ?? annotationsOf(ingress).get(classAnnotation);
  const chosen = classes.find((object) =>
    name === undefined ? annotationsOf(object).get(defaultAnnotation) === 'true' : object.ref.name === name,
  );
  if (chosen) return textAt(chosen.value, 'spec', 'controller');
  return name === undefined ? undefined : known.find((item) => item.classes.includes(name))?.id;
}

/** Pods of a controller that is in no source: in the namespace that somebody names for it, or where it is usually installed. */
function standIn(
  network: NetworkModel,
  ingress: KubeObject,
  id: string | undefined,
  entry: KnownController | undefined,
): IngressController {
  const declared = declaredSources(network, ingress);
  const usual = entry?.namespace ?? 'ingress-nginx';
  const name = declared.includes(usual) ? usual : (declared[0] ?? usual);
  const provided = network.inputs.provided.find(
    (item) => item.namespace === name && item.labels !== undefined && item.kind !== 'Service',
  );
  const labels = new Map(Object.entries(provided?.labels ?? {}));
  const how =
    declared.length > 0
      ? `namespace ${name}, which the declared traffic names`
      : `namespace ${name}, where it is usually installed`;
  const endpoint = unseenEndpoint(network.namespace(name), provided?.name ?? '*', labels, { declared: true });
  return { endpoint, ...(id === undefined ? {} : { controller: id }), how, seen: false };
}

/** Namespaces without known workloads from which declared traffic comes to a backend of the Ingress. */
function declaredSources(network: NetworkModel, ingress: KubeObject): readonly string[] {
  const backends = new Set(backendRefs(ingress).flatMap(({ service }) => [service, `${ingress.ref.namespace}/${service}`]));
  const targets = new Set(
    backendRefs(ingress).flatMap(({ service }) => {
      const found = serviceNamed(network, ingress.ref.namespace ?? 'default', service);
      return found
        ? backendsOf(network, found).flatMap(({ endpoint }) => [
            endpoint.workload.ref.name,
            `${endpoint.namespace.name}/${endpoint.workload.ref.name}`,
          ])
        : [];
    }),
  );
  return (network.traffic ?? [])
    .filter(({ from, to }) => from.includes('/') && (backends.has(to) || targets.has(to)))
    .map(({ from }) => from.slice(0, from.indexOf('/')))
    .filter((namespace) => !network.byNamespace.has(namespace) && !/^[\d.:]+$/.test(namespace));
}

interface BackendRef {
  readonly service: string;
  readonly port: number | string | undefined;
  readonly path: Path;
}

/** Services that an Ingress sends to, with the port by number or name; also in the shape of the removed extensions API. */
function backendRefs(ingress: KubeObject): readonly BackendRef[] {
  const read = (value: JsonValue | undefined, path: Path): readonly BackendRef[] => {
    const service = textAt(value, 'service', 'name') ?? textAt(value, 'serviceName');
    const old = valueAt(value, 'servicePort');
    const port =
      numberAt(value, 'service', 'port', 'number') ??
      textAt(value, 'service', 'port', 'name') ??
      (typeof old === 'number' || typeof old === 'string' ? old : undefined);
    return service === undefined ? [] : [{ service, port, path }];
  };
  const spec = objectAt(ingress.value, 'spec');
  const rules = listAt(spec, 'rules').flatMap((rule, i) =>
    listAt(rule, 'http', 'paths').flatMap((entry, j) =>
      read(valueAt(entry, 'backend'), ['spec', 'rules', i, 'http', 'paths', j, 'backend']),
    ),
  );
  const [field] = ['defaultBackend', 'backend'].filter((name) => valueAt(spec, name) !== undefined);
  return field === undefined ? rules : [...read(valueAt(spec, field), ['spec', field]), ...rules];
}

/** What must be open for every Ingress to work. A backend whose Service or Pods are in no source opens nothing here. */
export function ingressFlows(network: NetworkModel): readonly IngressFlow[] {
  return ingresses(network).flatMap((ingress) => {
    const from = controllersOf(network, ingress);
    return backendRefs(ingress).flatMap(({ service: name, port: wanted, path }) => {
      const service = serviceNamed(network, ingress.ref.namespace ?? 'default', name);
      if (service === undefined) return [];
      const backends = backendsOf(
        network,
        service,
        (port) => wanted === undefined || port.port === wanted || port.name === wanted,
      );
      return backends.map(({ endpoint, port }) => ({ ingress, path, from, to: endpoint, port }));
    });
  });
}
