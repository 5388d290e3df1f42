import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { Backend } from './ingress.ts';
import { isObject, type JsonValue, listAt, numberAt, objectAt, textAt, texts, valueAt } from './json.ts';
import type { KubeObject } from './object.ts';

const gatewayGroup = 'gateway.networking.k8s.io';

/** A reference of the Gateway API, with its defaults filled in. */
export interface GatewayReference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: Path;
}

export interface Listener {
  readonly name: string;
  /** Undefined: every host. */
  readonly hostname?: string;
  readonly port: number | undefined;
  /** HTTP, HTTPS, TLS, TCP, UDP. */
  readonly protocol: string;
  /** Undefined: no TLS. */
  readonly tlsMode?: 'Terminate' | 'Passthrough';
  readonly certificates: readonly GatewayReference[];
  readonly path: Path;
}

export interface Gateway {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  readonly className: string | undefined;
  readonly listeners: readonly Listener[];
}

/** A route of the Gateway API: which listeners it binds to, for which hosts, and where it sends traffic. */
export interface GatewayRoute {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Empty: the hosts of the listeners. */
  readonly hosts: readonly string[];
  readonly parents: readonly (GatewayReference & { readonly section?: string; readonly port?: number })[];
  readonly backends: readonly Backend[];
}

/** Reads a gateway.networking.k8s.io Gateway. Undefined for other kinds (an Istio Gateway is another thing). */
export function readGateway(object: KubeObject): Gateway | undefined {
  if (object.group !== gatewayGroup || object.ref.kind !== 'Gateway') return undefined;
  const namespace = object.ref.namespace ?? 'default';
  return {
    ref: object.ref,
    object,
    namespace,
    className: textAt(object.value, 'spec', 'gatewayClassName'),
    listeners: listAt(object.value, 'spec', 'listeners').map((value, index) =>
      readListener(value, ['spec', 'listeners', index], namespace),
    ),
  };
}

function readListener(value: JsonValue, path: Path, namespace: string): Listener {
  const hostname = textAt(value, 'hostname');
  const tls = valueAt(value, 'tls');
  // `mode` defaults to Terminate where a tls section is written.
  const tlsMode = !isObject(tls) ? undefined : textAt(tls, 'mode') === 'Passthrough' ? 'Passthrough' : 'Terminate';
  return {
    name: textAt(value, 'name') ?? '',
    ...(hostname ? { hostname } : {}),
    port: numberAt(value, 'port'),
    protocol: textAt(value, 'protocol') ?? '',
    ...(tlsMode === undefined ? {} : { tlsMode }),
    certificates: listAt(tls, 'certificateRefs').flatMap(
      (item, index) =>
        reference(item, [...path, 'tls', 'certificateRefs', index], { group: '', kind: 'Secret', namespace }) ?? [],
    ),
    path,
  };
}

const routeKinds: ReadonlySet<string> = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute']);

/** Reads a route of the Gateway API (HTTP, GRPC, TLS, TCP, UDP). Undefined for other kinds. Weight-0 backends are left out. */
export function readGatewayRoute(object: KubeObject): GatewayRoute | undefined {
  if (object.group !== gatewayGroup || !routeKinds.has(object.ref.kind)) return undefined;
  const spec = objectAt(object.value, 'spec');
  const namespace = object.ref.namespace ?? 'default';
  return {
    ref: object.ref,
    object,
    namespace,
    hosts: texts(valueAt(spec, 'hostnames')),
    parents: listAt(spec, 'parentRefs').flatMap((item, index) => {
      const parent = reference(item, ['spec', 'parentRefs', index], { group: gatewayGroup, kind: 'Gateway', namespace });
      const section = textAt(item, 'sectionName');
      const port = numberAt(item, 'port');
      return parent === undefined
        ? []
        : [{ ...parent, ...(section ? { section } : {}), ...(port === undefined ? {} : { port }) }];
    }),
    backends: listAt(spec, 'rules').flatMap((rule, index) =>
      listAt(rule, 'backendRefs').flatMap((item, at): readonly Backend[] => {
        const found = reference(item, ['spec', 'rules', index, 'backendRefs', at], { group: '', kind: 'Service', namespace });
        if (found === undefined || found.kind !== 'Service' || found.group !== '' || numberAt(item, 'weight') === 0) return [];
        const port = numberAt(item, 'port');
        return [{ namespace: found.namespace, service: found.name, ...(port === undefined ? {} : { port }), path: found.path }];
      }),
    ),
  };
}

function reference(
  item: JsonValue,
  path: Path,
  defaults: { readonly group: string; readonly kind: string; readonly namespace: string },
): GatewayReference | undefined {
  const name = textAt(item, 'name');
  if (!name) return undefined;
  return {
    group: textAt(item, 'group') ?? defaults.group,
    kind: textAt(item, 'kind') ?? defaults.kind,
    namespace: textAt(item, 'namespace') ?? defaults.namespace,
    name,
    path,
  };
}
