/** A host name as it is compared: lower-case, without the root's dot. `*` stands for every host. */
export const normalHost = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/**
 * True where a name of a certificate or tls entry covers a host. A wildcard stands for exactly one label (RFC 6125; the Ingress API says
 * the same of its rules), so that `*.shop.example` covers neither `shop.example` nor `a.b.shop.example`.
 */
export function covers(name: string, host: string): boolean {
  if (name === host) return true;
  if (!name.startsWith('*.') || host.startsWith('*')) return false;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot) === name.slice(1);
}

/**
 * The host that both a listener and a route serve, or undefined. In the Gateway API a wildcard listener stands for any number of labels,
 * and the narrower of both names is what is served.
 */
export function intersectHosts(listener: string | undefined, route: string | undefined): string | undefined {
  if (listener === undefined || listener === '*') return route ?? '*';
  if (route === undefined || route === '*') return listener;
  if (listener === route) return route;
  if (listener.startsWith('*.') && route.endsWith(listener.slice(1))) return route;
  if (route.startsWith('*.') && listener.endsWith(route.slice(1))) return listener;
  return undefined;
}
