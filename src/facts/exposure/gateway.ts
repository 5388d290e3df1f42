import { type Gateway, type GatewayRoute, type Listener, readGateway, readGatewayRoute } from '../../kube/gateway.ts';
import { objectAt, textAt, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import type { Inventory } from '../inventory.ts';
import { intersectHosts, normalHost } from './hosts.ts';
import type { Exposure, Termination } from './model.ts';

const group = 'gateway.networking.k8s.io';
const served: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute'];

/**
 * Hosts of the Gateway API: what each route under review serves on each listener it binds to, and the listeners of Gateways under review
 * that no route of the sources uses. A route that no listener takes serves nothing and is left out.
 */
export function gatewayExposures(known: Inventory): readonly Exposure[] {
  const routes = served.flatMap((kind) => known.systemOfKind(group, kind)).flatMap((object) => readGatewayRoute(object) ?? []);
  const all = served.flatMap((kind) => known.ofKind(group, kind)).flatMap((object) => readGatewayRoute(object) ?? []);
  const gateways = known.systemOfKind(group, 'Gateway').flatMap((object) => readGateway(object) ?? []);
  return [
    ...routes.flatMap((route) => routeExposures(route, known)),
    ...gateways.flatMap((gateway) => idleListeners(gateway, all)),
  ];
}

function routeExposures(route: GatewayRoute, known: Inventory): readonly Exposure[] {
  const found: Exposure[] = [];
  for (const parent of route.parents) {
    if (parent.group !== group || parent.kind !== 'Gateway') continue;
    const lookup = known.lookup(group, 'Gateway', parent.namespace, parent.name);
    const gateway = lookup.status === 'found' ? readGateway(lookup.object) : undefined;
    if (gateway === undefined) {
      const termination: Termination = {
        kind: 'unseen',
        why: `Gateway ${parent.namespace}/${parent.name} is not in the sources`,
      };
      for (const [index, host] of hostsOf(route).entries())
        found.push(exposure(route.object, ['spec', 'hostnames', index], host ?? '*', termination, route.object));
      continue;
    }
    for (const listener of gateway.listeners) {
      if (!binds(parent, listener)) continue;
      for (const [index, host] of hostsOf(route).entries()) {
        const both = intersectHosts(listener.hostname === undefined ? undefined : normalHost(listener.hostname), host);
        if (both === undefined) continue;
        found.push(
          exposure(
            route.object,
            host === undefined ? ['spec'] : ['spec', 'hostnames', index],
            both,
            listenerTermination(gateway, listener),
            gateway.object,
          ),
        );
      }
    }
  }
  return found;
}

const hostsOf = ({ hosts }: GatewayRoute): readonly (string | undefined)[] =>
  hosts.length === 0 ? [undefined] : hosts.map(normalHost);
const binds = (parent: GatewayRoute['parents'][number], listener: Listener): boolean =>
  (parent.section === undefined || parent.section === listener.name) &&
  (parent.port === undefined || parent.port === listener.port);

function idleListeners(gateway: Gateway, routes: readonly GatewayRoute[]): readonly Exposure[] {
  const { object } = gateway;
  const bound = (listener: Listener) =>
    routes.some((route) =>
      route.parents.some(
        (parent) => parent.name === object.ref.name && parent.namespace === gateway.namespace && binds(parent, listener),
      ),
    );
  return gateway.listeners
    .filter((listener) => ['HTTP', 'HTTPS', 'TLS'].includes(listener.protocol) && !bound(listener))
    .map((listener) => {
      const host = listener.hostname === undefined ? '*' : normalHost(listener.hostname);
      return exposure(
        object,
        listener.hostname === undefined ? listener.path : [...listener.path, 'hostname'],
        host,
        listenerTermination(gateway, listener),
        object,
      );
    });
}

const exposure = (
  object: KubeObject,
  path: Exposure['path'],
  host: string,
  termination: Termination,
  annotated: KubeObject,
): Exposure => ({
  host,
  via: 'Gateway',
  object,
  path,
  termination,
  annotated,
});

/** HTTPS and TLS listeners have a certificate of their own, or one that their provider finds by annotation or option. */
function listenerTermination({ object, namespace }: Gateway, listener: Listener): Termination {
  if (listener.protocol !== 'HTTPS' && listener.protocol !== 'TLS') return { kind: 'none' };
  if (listener.tlsMode === 'Passthrough') return { kind: 'pods' };
  const [certificate] = listener.certificates;
  if (certificate?.kind === 'Secret' && certificate.group === '')
    return { kind: 'secret', namespace: certificate.namespace, name: certificate.name };
  if (annotationsOf(object).has('networking.gke.io/certmap')) return { kind: 'platform', by: 'Google Certificate Manager' };
  const options = objectAt(object.value, ...listener.path, 'tls', 'options');
  if (
    textAt(options, 'networking.gke.io/pre-shared-certs') !== undefined ||
    valueAt(options, 'networking.gke.io/cert-manager-certs') !== undefined
  )
    return { kind: 'controller', why: 'it names a certificate of Google, which no object shows' };
  if (certificate !== undefined)
    return { kind: 'controller', why: `its certificate is a ${certificate.kind} of ${certificate.group} in ${namespace}` };
  return { kind: 'none' };
}
