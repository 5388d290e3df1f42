import { parseRange, publicIPv4, publicIPv6 } from '../../kube/address.ts';
import type { Service } from '../../kube/service.ts';
import { entryFlows } from './entry-flows.ts';
import { nearest } from './nearest.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import { presentedOf } from './presented.ts';
import { selectedBy } from './services.ts';

/** What a name on the command line stands for. `service`: the backends of a Service, whose ports are translated to those of its Pods. */
export type NamedEnd =
  | { readonly kind: 'found'; readonly id: string; readonly ends: readonly Endpoint[]; readonly service?: Service }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string; readonly suggestions: readonly string[] };

const shortKinds: Readonly<Record<string, string>> = {
  deploy: 'deployment',
  sts: 'statefulset',
  ds: 'daemonset',
  rs: 'replicaset',
  cj: 'cronjob',
  po: 'pod',
  svc: 'service',
};
const kindOf = (text: string): string => {
  const lower = text.toLowerCase();
  return (Object.hasOwn(shortKinds, lower) ? shortKinds[lower] : undefined) ?? lower;
};

interface Candidate {
  readonly id: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly ends: readonly Endpoint[];
  readonly service?: Service;
}

/**
 * Resolves `backend`, `gravl/backend`, `Deployment/backend`, `gravl/Deployment/backend`, `svc/postgres`, an address, a CIDR,
 * `internet` or a controller in braces. Workloads go before Services of the same name.
 * @param within where to look for names without a namespace; undefined is everywhere.
 */
export function namedEnd(network: NetworkModel, text: string, within?: string): NamedEnd {
  if (text === 'internet')
    return { kind: 'found', id: 'internet', ends: [...publicIPv4, ...publicIPv6].map((range) => externalEndpoint(range)) };
  const range = parseRange(text);
  if (range) return { kind: 'found', id: text, ends: [externalEndpoint(range)] };
  const entry = entryFlows(network).find(({ from }) => !from.seen && from.id === text);
  if (entry) return { kind: 'found', id: text, ends: entry.from.ends };
  const workloads = choose(network.once(workloadCandidates), text, within);
  const found = workloads.length > 0 ? workloads : choose(network.once(serviceCandidates), text, within);
  const [only] = found;
  if (only === undefined) return unknown(network, text);
  if (found.length > 1) return { kind: 'ambiguous', candidates: found.map(({ id }) => id) };
  if (only.service !== undefined && only.ends.length === 0)
    return { kind: 'unknown', why: `Service ${only.namespace}/${only.name} selects no workload of the sources`, suggestions: [] };
  return { kind: 'found', id: only.id, ends: only.ends, ...(only.service === undefined ? {} : { service: only.service }) };
}

/** Every workload, and controllers of live Pods that no source holds. A Pod of one of these goes by the controller's id. */
function workloadCandidates(network: NetworkModel): readonly Candidate[] {
  const presented = presentedOf(network);
  const own = network.endpoints.map((end) => ({ ...partsOf(end), id: presented.idOf(end.id), ends: [end] }));
  const owners = Map.groupBy(
    network.endpoints.filter(({ id }) => presented.idOf(id) !== id),
    ({ id }) => presented.idOf(id),
  );
  return [
    ...own,
    ...[...owners].map(([id, ends]): Candidate => {
      const [namespace = '', kind = '', name = ''] = id.split('/');
      return { id, namespace, kind: kind.toLowerCase(), name, ends };
    }),
  ];
}

const partsOf = ({ namespace, workload }: WorkloadEndpoint) => ({
  namespace: namespace.name,
  kind: workload.ref.kind.toLowerCase(),
  name: workload.ref.name,
});

const serviceCandidates = (network: NetworkModel): readonly Candidate[] =>
  network.services.map((service) => ({
    id: `${service.namespace}/Service/${service.ref.name}`,
    namespace: service.namespace,
    kind: 'service',
    name: service.ref.name,
    ends: selectedBy(network, service),
    service,
  }));

function choose(among: readonly Candidate[], text: string, within: string | undefined): readonly Candidate[] {
  // A Pod of a controller has the controller's id, and is no second candidate for it.
  const exact = among.filter((item) => item.id === text && item.id.endsWith(`/${item.name}`));
  if (exact.length > 0) return exact;
  const parts = text.split('/');
  const [a = '', b = '', c = ''] = parts;
  const here = (item: Candidate) => within === undefined || item.namespace === within;
  if (parts.length === 1) return among.filter((item) => here(item) && item.name === a);
  if (parts.length === 2)
    return among.filter((item) => item.name === b && (item.namespace === a || (here(item) && item.kind === kindOf(a))));
  return parts.length === 3 ? among.filter((item) => item.namespace === a && item.kind === kindOf(b) && item.name === c) : [];
}

function unknown(network: NetworkModel, text: string): NamedEnd {
  const all = [...network.once(workloadCandidates), ...network.once(serviceCandidates)];
  const parts = text.split('/').length;
  // The nearest names are looked for in the form in which the name was written.
  const forms = all.flatMap(({ id, namespace, kind, name, service }) => {
    const word = service === undefined ? (id.split('/')[1] ?? kind) : 'svc';
    if (parts === 1) return [{ form: name, id }];
    return parts === 2
      ? [
          { form: `${namespace}/${name}`, id },
          { form: `${word}/${name}`, id },
        ]
      : [{ form: id, id }];
  });
  const near = nearest(
    text,
    forms.map(({ form }) => form),
  );
  return { kind: 'unknown', why: `no workload or Service is called ${text}`, suggestions: near };
}
