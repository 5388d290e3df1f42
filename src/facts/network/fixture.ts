import { loadAll } from 'js-yaml';
import type { IntendedFlow, ProvidedObject } from '../../evidence/declared.ts';
import type { JsonValue } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { kubeObject } from '../../kube/testing.ts';
import { readWorkload } from '../../kube/workload.ts';
import type { Profile } from './assumptions.ts';
import { parseRange } from '../../kube/address.ts';
import { buildNetwork, type NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, unseenEndpoint, type WorkloadEndpoint, workloadId } from './peers.ts';
import type { Protocol } from './ports.ts';
import { reaches, type Ruling } from './reach.ts';

export interface FixtureOptions {
  readonly traffic?: readonly (Omit<IntendedFlow, 'protocol'> & { readonly protocol?: Protocol })[];
  readonly provided?: readonly Partial<ProvidedObject>[];
  readonly profile?: Profile;
  /** Namespaces of the platform: what lives there is not under review. */
  readonly platform?: readonly string[];
  readonly unexpanded?: readonly KubeObject[];
  /** Kinds of which the sources hold all. */
  readonly complete?: readonly string[];
}

/** A network from YAML documents, for tests. */
export function networkOf(yaml: string, options: FixtureOptions = {}): NetworkModel {
  const values = (loadAll(yaml) as (JsonValue | undefined)[]).filter((value) => value !== undefined && value !== null);
  const platform = new Set(options.platform ?? []);
  const objects = values.map((value) => {
    const object = kubeObject(value as never);
    const place = object.ref.namespace ?? object.ref.name;
    return platform.has(place) ? { ...object, source: { ...object.source, role: 'platform' as const } } : object;
  });
  const workloads = objects.flatMap((object) => readWorkload(object) ?? []);
  const reviewed = workloads.filter(({ namespace }) => !platform.has(namespace));
  const { traffic } = options;
  return buildNetwork({
    objects,
    workloads,
    underReview: new Set(reviewed.map(workloadId)),
    reviewed: [
      ...new Set(objects.filter(({ source }) => source.role === 'system').flatMap(({ ref }) => ref.namespace ?? [])),
    ].sort(),
    provided: (options.provided ?? []).map((item) => ({
      kind: 'Namespace',
      name: 'x',
      owner: 'platform',
      reason: 'add-on',
      expires: '2027-01-01T00:00:00Z',
      ...item,
    })),
    ...(traffic === undefined ? {} : { traffic: traffic.map((flow) => ({ protocol: 'TCP' as const, ...flow })) }),
    profile: options.profile ?? {},
    completeness: (_, kind) =>
      options.complete?.includes(kind) === true
        ? { complete: true }
        : { complete: false, why: `no source is complete for ${kind}` },
    unexpanded: options.unexpanded ?? [],
  });
}

/** A Pod `namespace/name` with labels `app: name` and more, and ports `name:number/protocol`. */
export function pod(id: string, labels: string = '', extra = ''): string {
  const [namespace = '', name = ''] = id.split('/');
  return `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}${labels === '' ? '' : `, ${labels}`} } }
    spec: ${extra === '' ? `{ containers: [{ name: main, image: ${name}:1 }] }` : extra}
`;
}

/** A NetworkPolicy `namespace/name` with this spec, in flow style. */
export function policy(id: string, spec: string): string {
  const [namespace = '', name = ''] = id.split('/');
  return `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
}

/** Cluster-wide policies of policy.networking.k8s.io with this spec, in flow style. */
export const adminPolicy = (name: string, spec: string): string => clusterWide('v1alpha1', 'AdminNetworkPolicy', name, spec);
export const baselinePolicy = (spec: string, name = 'default'): string =>
  clusterWide('v1alpha1', 'BaselineAdminNetworkPolicy', name, spec);
export const clusterPolicy = (name: string, spec: string): string => clusterWide('v1alpha2', 'ClusterNetworkPolicy', name, spec);

const clusterWide = (version: string, kind: string, name: string, spec: string): string => `
---
apiVersion: policy.networking.k8s.io/${version}
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`;

export const namespace = (name: string, labels = '{}'): string => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: ${labels} }
`;

/** `a/web` (a Deployment), `a/Pod/web`, an address or CIDR, or `?a/web`: Pods of namespace a that are in no source. */
export function end(network: NetworkModel, text: string): Endpoint {
  const range = parseRange(text);
  if (range) return externalEndpoint(range);
  if (text.startsWith('?')) {
    const [name = '', pods = ''] = text.slice(1).split('/');
    return unseenEndpoint(network.namespace(name), pods);
  }
  return workload(network, text);
}

export function workload(network: NetworkModel, text: string): WorkloadEndpoint {
  const parts = text.split('/');
  const found = network.byId.get(parts.length === 3 ? text : `${parts[0]}/Deployment/${parts[1]}`);
  if (!found) throw new Error(`the fixture holds no ${text}`);
  return found;
}

/** Asks `a/web -> a/db : TCP 5432`. */
export function ask(network: NetworkModel, question: string): Ruling {
  const match = /^(\S+) -> (\S+) : (TCP|UDP|SCTP) (\S+)$/.exec(question);
  if (!match) throw new Error(`not a question: ${question}`);
  const [, from = '', to = '', protocol = '', port = ''] = match;
  return reaches(network, end(network, from), end(network, to), {
    protocol: protocol as Protocol,
    port: /^\d+$/.test(port) ? Number(port) : port,
  });
}

/** The answer as text: `allowed`, `depends on host-network`, `denied given declared-labels`. */
export function answer(network: NetworkModel, question: string): string {
  const { answer: said, assumptions } = ask(network, question);
  return assumptions.length === 0 ? said : `${said} ${said === 'depends' ? 'on' : 'given'} ${assumptions.join(', ')}`;
}

/** A rule with a network, questions and their answers as `answer` writes them. */
export type RuleRow = readonly [
  rule: string,
  yaml: string,
  questions: Readonly<Record<string, string>>,
  options?: FixtureOptions,
];

/** What the network answers to the questions of a row. */
export function answersTo([, yaml, questions, options]: RuleRow): Readonly<Record<string, string>> {
  const network = networkOf(yaml, options);
  return Object.fromEntries(Object.keys(questions).map((question) => [question, answer(network, question)]));
}
