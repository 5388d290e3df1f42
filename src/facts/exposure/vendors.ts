import { readOpenShiftRoute } from '../../kube/ingress.ts';
import { booleanAt, isObject, listAt, textAt, texts, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import { normalHost } from './hosts.ts';
import type { Exposure, Termination, Via } from './model.ts';

const exposure = (via: Via, object: KubeObject, path: Path, host: string, termination: Termination): Exposure => ({
  host,
  via,
  object,
  path,
  termination,
  annotated: object,
});

/** An OpenShift Route: one host, made up by the router where the Route names none. */
export function routeExposures(object: KubeObject): readonly Exposure[] {
  const route = readOpenShiftRoute(object);
  if (route === undefined) return [];
  const host = route.host === undefined ? '*' : normalHost(route.host);
  const path = route.host === undefined ? ['spec'] : ['spec', 'host'];
  const automated = annotationsOf(object).has('cert-manager.io/issuer-name');
  const termination = ((): Termination => {
    switch (route.tls?.certificate) {
      case undefined:
        return { kind: 'none' };
      case 'pods':
        return { kind: 'pods' };
      case 'secret':
        return { kind: 'secret', namespace: route.namespace, name: route.tls?.secretName ?? '' };
      case 'inline':
        return automated ? { kind: 'platform', by: 'cert-manager for Routes' } : { kind: 'inline' };
      case 'router':
        if (automated) return { kind: 'platform', by: 'cert-manager for Routes' };
        // The router's own certificate is a wildcard of its domain, by default apps.CLUSTER: it fits no other name.
        return route.host === undefined || host.includes('.apps.')
          ? { kind: 'platform', by: "the OpenShift router's own certificate" }
          : {
              kind: 'controller',
              why: "it is served with the OpenShift router's own certificate, which fits names of its domain only",
            };
    }
  })();
  return [exposure('Route', object, path, host, termination)];
}

const hostMatcher = /(!?)\b(?:Host|HostSNI|HostHeader)\(([^)]{0,2000})\)/g;
const quoted = /[`"']([^`"']{1,253})[`"']/g;

/** Hosts that a rule of Traefik names: ``Host(`a`) || Host(`b`, `c`)``. Empty: every host, or a pattern. */
function hostsOfRule(rule: string): readonly string[] {
  const hosts: string[] = [];
  for (const [, negated, list = ''] of rule.slice(0, 20_000).matchAll(hostMatcher)) {
    if (negated !== '!') for (const [, host = ''] of list.matchAll(quoted)) hosts.push(normalHost(host));
  }
  return [...new Set(hosts)];
}

/** Traefik's IngressRoute and IngressRouteTCP. */
export function ingressRouteExposures(object: KubeObject): readonly Exposure[] {
  if (object.group !== 'traefik.io' && object.group !== 'traefik.containo.us') return [];
  const termination = ingressRouteTermination(object);
  return listAt(object.value, 'spec', 'routes').flatMap((route, index) => {
    const hosts = hostsOfRule(textAt(route, 'match') ?? '');
    return (hosts.length === 0 ? ['*'] : hosts).map((host) =>
      exposure('IngressRoute', object, ['spec', 'routes', index, 'match'], host, termination),
    );
  });
}

function ingressRouteTermination(object: KubeObject): Termination {
  const tls = valueAt(object.value, 'spec', 'tls');
  const namespace = object.ref.namespace ?? 'default';
  if (!isObject(tls)) {
    const entryPoints = texts(valueAt(object.value, 'spec', 'entryPoints'));
    // An entry point may carry TLS for all of its routers; its configuration is Traefik's own.
    return entryPoints.length === 1 && entryPoints[0] === 'web'
      ? { kind: 'none' }
      : { kind: 'unseen', why: "Traefik's entry points decide, and its configuration is not in the sources" };
  }
  if (booleanAt(tls, 'passthrough') === true) return { kind: 'pods' };
  const secret = textAt(tls, 'secretName');
  if (secret) return { kind: 'secret', namespace, name: secret };
  const resolver = textAt(tls, 'certResolver');
  return resolver
    ? { kind: 'platform', by: `Traefik's certificate resolver ${resolver}` }
    : { kind: 'controller', why: 'it names no Secret, so Traefik serves the certificate of its store' };
}

/** Contour's HTTPProxy. One without a virtual host is included by another and opens nothing itself. */
export function httpProxyExposures(object: KubeObject): readonly Exposure[] {
  const fqdn = textAt(object.value, 'spec', 'virtualhost', 'fqdn');
  if (object.group !== 'projectcontour.io' || !fqdn) return [];
  const tls = valueAt(object.value, 'spec', 'virtualhost', 'tls');
  const secret = textAt(tls, 'secretName');
  // `namespace/name` where another namespace delegates its certificate.
  const [name = '', owner = object.ref.namespace ?? 'default'] = (secret ?? '').split('/').reverse();
  const termination: Termination =
    booleanAt(tls, 'passthrough') === true
      ? { kind: 'pods' }
      : secret
        ? { kind: 'secret', namespace: owner, name }
        : { kind: 'none' };
  return [exposure('HTTPProxy', object, ['spec', 'virtualhost', 'fqdn'], normalHost(fqdn), termination)];
}

/** An Istio Gateway: servers with hosts, and certificates in the namespace of the gateway's Pods. */
export function istioExposures(object: KubeObject): readonly Exposure[] {
  if (object.group !== 'networking.istio.io' || object.ref.kind !== 'Gateway') return [];
  return listAt(object.value, 'spec', 'servers').flatMap((server, index) => {
    const credential = textAt(server, 'tls', 'credentialName');
    const mode = textAt(server, 'tls', 'mode');
    const termination: Termination =
      mode === undefined
        ? { kind: 'none' }
        : mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH'
          ? { kind: 'pods' }
          : credential
            ? { kind: 'unseen', why: `the Secret ${credential} stands beside the gateway's Pods` }
            : { kind: 'controller', why: 'its certificate is a file in the gateway' };
    return texts(valueAt(server, 'hosts')).map((host, at) =>
      exposure(
        'IstioGateway',
        object,
        ['spec', 'servers', index, 'hosts', at],
        normalHost(host.split('/').at(-1) ?? host),
        termination,
      ),
    );
  });
}
