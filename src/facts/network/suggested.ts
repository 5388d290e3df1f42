import { objectAt } from '../../kube/json.ts';
import { type KubeObject, maskOf } from '../../kube/object.ts';
import { compareText } from '../../model/object-ref.ts';
import { ingressFlows } from './ingress-controller.ts';
import type { NetworkModel } from './network.ts';
import type { Endpoint, WorkloadEndpoint } from './peers.ts';
import type { Protocol } from './ports.ts';
import { backendsOf, serviceNamed } from './services.ts';

/** A flow that the manifests hint at. A suggestion for a declaration, never a judgement. */
export interface SuggestedFlow {
  readonly from: Endpoint;
  readonly to: WorkloadEndpoint;
  readonly protocol: Protocol;
  /** The target port on the Pods. */
  readonly port: number;
  readonly how: string;
}

/** Flows that follow from Ingress objects, and from names of Services in the environment of containers; sorted. */
export const suggestedFlows = (network: NetworkModel): readonly SuggestedFlow[] => network.once(findSuggested);

function findSuggested(network: NetworkModel): readonly SuggestedFlow[] {
  const backends = ingressFlows(network).flatMap(({ ingress, from, to, port }) =>
    from.map(
      ({ endpoint }): SuggestedFlow => ({
        from: endpoint,
        to,
        protocol: 'TCP',
        port,
        how: `Ingress ${ingress.ref.namespace}/${ingress.ref.name}`,
      }),
    ),
  );
  const references = network.reviewed.flatMap((from) =>
    referencesOf(network, from).flatMap((reference) => flowsTo(network, from, reference)),
  );
  const all = [...backends, ...references].filter(({ from, to }) => from.id !== to.id);
  const unique = new Map(all.reverse().map((flow) => [`${flow.from.id} ${flow.to.id} ${flow.protocol} ${flow.port}`, flow]));
  return [...unique.values()].sort(
    (a, b) => compareText(a.from.id, b.from.id) || compareText(a.to.id, b.to.id) || a.port - b.port,
  );
}

/** A host that a variable of a workload names. */
export interface Reference {
  /** Name of the variable. */
  readonly variable: string;
  readonly host: string;
  readonly port?: number;
  readonly how: string;
}

const longestValue = 10_000;

/** Host names in values of variables: literals, the structure that stays known of masked URLs, and entries of ConfigMaps. */
export function referencesOf(network: NetworkModel, { workload }: WorkloadEndpoint): readonly Reference[] {
  const configMaps = (name: string | undefined) => network.once(configMapsByName).get(`${workload.namespace}/${name}`) ?? [];
  const entries = (object: KubeObject, only: string | undefined, variable: (key: string) => string) =>
    Object.entries(objectAt(object.value, 'data'))
      .filter(([key]) => only === undefined || key === only)
      .flatMap(([key, value]) =>
        typeof value === 'string'
          ? hostsIn(object, ['data', key], value, `${key} of ConfigMap ${object.ref.name}`, variable(key))
          : [],
      );
  const variables = workload.containers.flatMap(({ env }) =>
    env.flatMap((variable) => {
      if (variable.value !== undefined)
        return hostsIn(workload.object, [...variable.path, 'value'], variable.value, `variable ${variable.name}`, variable.name);
      return variable.from?.kind === 'ConfigMap'
        ? configMaps(variable.from.name).flatMap((object) => entries(object, variable.from?.key, () => variable.name))
        : [];
    }),
  );
  const whole = workload.envFrom
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ name, prefix }) => configMaps(name).flatMap((object) => entries(object, undefined, (key) => `${prefix}${key}`)));
  return [...variables, ...whole];
}

const configMapsByName = ({ inputs }: NetworkModel): ReadonlyMap<string, readonly KubeObject[]> =>
  Map.groupBy(
    inputs.objects.filter(({ group, ref }) => group === '' && ref.kind === 'ConfigMap'),
    ({ ref }) => `${ref.namespace}/${ref.name}`,
  );

/** `scheme://user@host:port/path`, `host:port` or a host alone, lists of them by comma. */
const hostPort =
  /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/)?(?:[^@/\s]{0,200}@)?([a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?)(?::(\d{1,5}))?(?:[/?].{0,2000})?$/i;

function hostsIn(
  object: KubeObject,
  path: readonly (string | number)[],
  value: string,
  how: string,
  variable: string,
): readonly Reference[] {
  const mask = maskOf(object, path)?.contains;
  if (mask?.kind === 'url') return [{ variable, host: mask.host, ...(mask.port === undefined ? {} : { port: mask.port }), how }];
  return value
    .slice(0, longestValue)
    .split(',')
    .slice(0, 50)
    .flatMap((part) => {
      const [, host, , port] = hostPort.exec(part.trim()) ?? [];
      return host === undefined ? [] : [{ variable, host, ...(port === undefined ? {} : { port: Number(port) }), how }];
    });
}

/** Flows to the Pods behind the Service that a reference names; none where it names no Service that is known. */
export function flowsTo(
  network: NetworkModel,
  from: WorkloadEndpoint,
  { host, port, how }: Omit<Reference, 'variable'>,
): readonly SuggestedFlow[] {
  const [name = '', namespace = from.namespace.name, third] = host.split('.');
  // `db.example.com` is a name outside the cluster; `db.namespace`, `db.namespace.svc` and `db.namespace.svc.cluster.local` are not.
  if (third !== undefined && third !== 'svc') return [];
  const service = serviceNamed(network, namespace, name);
  if (service === undefined) return [];
  const backends = backendsOf(network, service, (entry) => port === undefined || entry.port === port);
  return backends.map((backend) => ({
    from,
    to: backend.endpoint,
    protocol: backend.protocol,
    port: backend.port,
    how: `${how} names Service ${service.namespace}/${name}`,
  }));
}
