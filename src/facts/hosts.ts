/** A host in a text, and the scheme of the URL that names it. */
export interface NamedHost {
  readonly host: string;
  readonly scheme?: string;
}

const mostHosts = 200;
const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/;
const urls = /([A-Za-z][A-Za-z0-9+.:-]{0,40}):\/\/([^\s"'<>`/?#;)]{1,1000})/g;
/** Options and connection words that are followed by a host: `-h db`, `--host=db`, `host=db port=5432`, `Server=db;`. */
const options =
  /(?:^|[\s;"'])(?:-h|--host|--hostname|--server|host|server|data source)(?:\s{1,4}|\s{0,4}=\s{0,4})["']?(?:tcp:)?([A-Za-z0-9_.$-]{1,253})/gi;
const goAddress = /@tcp[46]?\(([A-Za-z0-9_.-]{1,253})(?::\d{1,5})?\)/g;

/**
 * Hosts that a text names in URLs, options and connection strings. `localhost` and variables are left out: they say nothing of where
 * data is kept.
 * @param plain whether the whole text may itself be a host, or a list of them with ports: `db:5432,db2:5432`.
 */
export function hostsIn(text: string, plain: boolean): readonly NamedHost[] {
  const found: NamedHost[] = [];
  for (const [, scheme = '', authority = ''] of text.matchAll(urls)) {
    const hosts = authority.slice(authority.lastIndexOf('@') + 1);
    for (const host of hosts.split(',')) found.push({ host: withoutPort(host), scheme: lastScheme(scheme) });
  }
  const inUrl = found.length > 0;
  for (const [, host = ''] of text.matchAll(goAddress)) found.push({ host });
  for (const [, host = ''] of text.matchAll(options)) found.push({ host });
  if (plain && found.length === 0 && !inUrl)
    for (const part of text.split(/[,\s]/).slice(0, mostHosts)) found.push({ host: withoutPort(part) });
  return found.filter(({ host }) => isHost(host)).slice(0, mostHosts);
}

/** `jdbc:postgresql` -> `postgresql`. */
const lastScheme = (scheme: string) => scheme.slice(scheme.lastIndexOf(':') + 1);
const withoutPort = (host: string) => host.replace(/:\d{1,5}$/, '');

function isHost(host: string): boolean {
  return hostName.test(host) && !/^(?:localhost|127\.[\d.]{1,20}|0\.0\.0\.0|true|false|none|null|\d{1,6})$/i.test(host);
}

/** The Service that a host means, seen from a namespace: its name and namespace; undefined where it is outside the cluster for certain. */
export function serviceOfHost(
  host: string,
  namespace: string,
): { readonly name: string; readonly namespace: string; readonly certain: boolean } | undefined {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const [first = '', second] = labels;
  if (second === undefined) return { name: first, namespace, certain: true };
  const svc = labels.indexOf('svc');
  const [name, inNamespace] = svc >= 2 ? [labels[svc - 2], labels[svc - 1]] : [undefined, undefined];
  if (name !== undefined && inNamespace !== undefined && (svc === labels.length - 1 || labels.at(-1) === 'local'))
    return { name, namespace: inNamespace, certain: true };
  // Two labels are `service.namespace` or a public name: only a Service of that name tells.
  return labels.length === 2 ? { name: first, namespace: second, certain: false } : undefined;
}
