import { booleanAt, isObject, listAt, textAt, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { readOpenShiftRoute } from '../../kube/ingress.ts';
import { controllerOfImage } from '../../kube/ingress-controllers.ts';
import type { Inventory } from '../inventory.ts';
import type { Workload } from '../../kube/workload.ts';
import type { Exposure } from './model.ts';
import { ingressRedirect, type PlainHttp, permitsInsecure } from './redirect.ts';

const httpsOnly = (why: string): PlainHttp => ({ kind: 'https-only', why });

/** What one object does with plain HTTP to the hosts that it opens. `list` is what it opens; never empty. */
export function plainHttpOf(
  object: KubeObject,
  list: readonly Exposure[],
  known: Inventory,
  running: readonly Workload[],
): PlainHttp {
  const encrypted = list.filter(({ termination }) => termination.kind !== 'none');
  const unseen = list.find(({ termination }) => termination.kind === 'unseen');
  switch (list[0]?.via) {
    case 'Ingress':
      return encrypted.length === 0
        ? { kind: 'served', why: 'it has no TLS to redirect to' }
        : ingressRedirect(object, known, running);
    case 'Gateway':
      if (unseen?.termination.kind === 'unseen') return { kind: 'unknown', why: unseen.termination.why };
      if (encrypted.length === list.length) return httpsOnly('it is bound to HTTPS listeners alone');
      return gatewayRedirect(object);
    case 'Route':
      return openShiftRedirect(object);
    case 'IngressRoute':
      if (unseen?.termination.kind === 'unseen') return { kind: 'unknown', why: unseen.termination.why };
      return encrypted.length > 0 ? httpsOnly('its routers take TLS alone') : ingressRouteRedirect(object, known, running);
    case 'HTTPProxy': {
      if (encrypted.length === 0) return { kind: 'served', why: 'it has no TLS to redirect to' };
      const index = listAt(object.value, 'spec', 'routes').findIndex(permitsInsecure);
      return index < 0
        ? { kind: 'redirect', by: 'the default of Contour' }
        : { kind: 'served', why: 'permitInsecure is set', path: ['spec', 'routes', index, 'permitInsecure'] };
    }
    case 'IstioGateway':
      return istioRedirect(object);
    default:
      return { kind: 'unknown', why: 'its ports are not known to speak HTTP' };
  }
}

/** Each rule of a route on a plain listener has to redirect: a rule that does not serves its paths without TLS. */
function gatewayRedirect(object: KubeObject): PlainHttp {
  if (object.ref.kind === 'Gateway') return { kind: 'unknown', why: 'no route of the sources uses its plain listener' };
  const rules = listAt(object.value, 'spec', 'rules');
  const open = rules.findIndex(
    (rule) =>
      !listAt(rule, 'filters').some(
        (filter) => textAt(filter, 'type') === 'RequestRedirect' && textAt(filter, 'requestRedirect', 'scheme') === 'https',
      ),
  );
  if (rules.length > 0 && open < 0) return { kind: 'redirect', by: 'its RequestRedirect filters' };
  return {
    kind: 'served',
    why: 'it is bound to a plain listener too, and a rule of it does not redirect',
    path: ['spec', 'rules', Math.max(open, 0)],
  };
}

function openShiftRedirect(object: KubeObject): PlainHttp {
  const tls = readOpenShiftRoute(object)?.tls;
  if (tls === undefined) return { kind: 'served', why: 'it has no TLS to redirect to' };
  const path = ['spec', 'tls', 'insecureEdgeTerminationPolicy'];
  if (tls.insecure === 'Redirect') return { kind: 'redirect', by: 'insecureEdgeTerminationPolicy Redirect', path };
  return tls.insecure === 'Allow'
    ? { kind: 'served', why: 'insecureEdgeTerminationPolicy is Allow', path }
    : httpsOnly('the router refuses plain HTTP');
}

function ingressRouteRedirect(object: KubeObject, known: Inventory, running: readonly Workload[]): PlainHttp {
  const routes = listAt(object.value, 'spec', 'routes');
  const middlewares = [...known.ofKind('traefik.io', 'Middleware'), ...known.ofKind('traefik.containo.us', 'Middleware')];
  const open = routes.findIndex(
    (route) =>
      !listAt(route, 'middlewares').some((use) =>
        middlewares.some(
          ({ ref, value }) =>
            ref.name === textAt(use, 'name') &&
            ref.namespace === (textAt(use, 'namespace') ?? object.ref.namespace) &&
            textAt(value, 'spec', 'redirectScheme', 'scheme') === 'https',
        ),
      ),
  );
  if (routes.length > 0 && open < 0) return { kind: 'redirect', by: 'its redirectScheme middleware' };
  const traefik = running.filter(({ containers }) =>
    containers.some(({ image }) => image !== undefined && controllerOfImage(image)?.id === 'traefik'),
  );
  const args = traefik.flatMap(({ containers }) => containers.flatMap(({ value }) => listAt(value, 'args')));
  if (args.some((arg) => typeof arg === 'string' && arg.toLowerCase().includes('.http.redirections.entrypoint.to')))
    return { kind: 'redirect', by: "the arguments of Traefik's entry point" };
  if (traefik.length === 0)
    return { kind: 'unknown', why: 'Traefik may redirect everything, and its own configuration is not in the sources' };
  return {
    kind: 'served',
    why: 'it has no TLS, and a route of it has no redirecting middleware',
    path: ['spec', 'routes', Math.max(open, 0)],
  };
}

function istioRedirect(object: KubeObject): PlainHttp {
  const servers = listAt(object.value, 'spec', 'servers');
  const plain = servers.filter((server) => textAt(server, 'tls', 'mode') === undefined && isHttp(server));
  if (plain.length === 0) return httpsOnly('it has no plain server');
  return plain.every((server) => booleanAt(server, 'tls', 'httpsRedirect') === true)
    ? { kind: 'redirect', by: 'httpsRedirect' }
    : { kind: 'unknown', why: 'a plain server of it has no httpsRedirect, and a VirtualService may redirect' };
}

const isHttp = (server: Parameters<typeof valueAt>[0]): boolean =>
  isObject(valueAt(server, 'port')) && /^http2?$/i.test(textAt(server, 'port', 'protocol') ?? 'HTTP');
