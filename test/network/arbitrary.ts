import * as fc from 'fast-check';
import type { Profile } from '../../src/facts/network/assumptions.ts';
import { buildNetwork, type NetworkModel } from '../../src/facts/network/network.ts';
import { workloadId } from '../../src/facts/network/peers.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/kube/json.ts';
import { kubeObject } from '../../src/kube/testing.ts';
import { readWorkload } from '../../src/kube/workload.ts';

/** What a random cluster may hold beside Namespaces, Pods and valid policies of networking.k8s.io/v1. */
export interface ClusterOptions {
  /** Leaves out some Namespace objects, so that their labels are not known. */
  readonly unknownNamespaces?: boolean;
  /** Pods on the host network; true unless it is said otherwise. */
  readonly hostNetwork?: boolean;
  /** Address blocks in policies; true unless it is said otherwise. */
  readonly blocks?: boolean;
  readonly maxPolicies?: number;
}

const namespaces = ['n0', 'n1', 'n2'] as const;
/** Where things live: mostly together, so that policies meet them. */
const place = fc.constantFrom('n0', 'n0', 'n1', 'n2');
const numbers = [1, 53, 80, 81, 82, 443, 8080, 65535] as const;
const names = ['http', 'dns'] as const;

/** Blocks that nest, touch and end at the ends of their family, with exceptions inside; one has host bits. */
const blocks: readonly (readonly [cidr: string, ...except: readonly string[]])[] = [
  ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '192.0.2.0/24', '255.255.255.255/32'],
  ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.0.0.0/9'],
  ['10.1.0.0/16', '10.1.2.0/24', '10.1.2.128/25'],
  ['10.1.2.77/24', '10.1.2.128/25'],
  ['192.0.2.7/32'],
  ['0.0.0.0/32'],
  ['::/0', '2001:db8::/32', '2001:db8:1::/48'],
  ['2001:db8::/32', '2001:db8:1::/48', '2001:db8::/128'],
  ['2001:db8:1::/48'],
];

const rarely = <T>(arbitrary: fc.Arbitrary<T>, weight = 1, of = 5): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary }, { weight: of - weight, arbitrary: fc.constant(undefined) });

/** Without the keys whose value is undefined: an absent key is not a null. */
const record = (fields: Readonly<Record<string, fc.Arbitrary<JsonValue | undefined>>>): fc.Arbitrary<JsonObject> =>
  fc
    .record(fields)
    .map((value) =>
      Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item]]))),
    );

const labelValues = {
  app: fc.constantFrom<JsonValue>('a', 'b'),
  tier: fc.constantFrom<JsonValue>('x', 'y', ''),
  team: fc.constantFrom<JsonValue>('red', 'blue'),
} as const;
type Key = keyof typeof labelValues;

/** Labels of a Pod or namespace; each key may be absent. */
const labels = (...keys: readonly Key[]): fc.Arbitrary<JsonObject> =>
  record(Object.fromEntries(keys.map((key) => [key, rarely(labelValues[key], 2, 3)])));

const requirement = (keys: readonly Key[]): fc.Arbitrary<JsonObject> =>
  fc.constantFrom(...keys).chain((key) =>
    fc.oneof(
      record({
        key: fc.constant(key),
        operator: fc.constantFrom('In', 'NotIn'),
        values: fc.uniqueArray(labelValues[key], { minLength: 1, maxLength: 2 }),
      }),
      record({ key: fc.constant(key), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    ),
  );

/** A selector over some of these keys; now and then the empty one. */
export function selector(keys: readonly Key[]): fc.Arbitrary<JsonObject> {
  const some = record({
    matchLabels: rarely(
      fc.constantFrom(...keys).chain((key) => labels(key)),
      2,
      3,
    ),
    matchExpressions: rarely(fc.array(requirement(keys), { maxLength: 2 }), 1, 2),
  });
  return fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: some });
}

export const podSelector = selector(['app', 'tier']);
/** Namespaces by label, or by the name that the API server writes on each. */
export const namespaceSelector: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 2, arbitrary: selector(['team', 'tier']) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...namespaces)
      .map((name): JsonObject => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
  },
);

const ipBlock: fc.Arbitrary<JsonObject> = fc
  .constantFrom(...blocks)
  .chain(([cidr, ...except]) => record({ cidr: fc.constant(cidr), except: rarely(fc.subarray([...except]), 1, 2) }));

function peer(options: ClusterOptions): fc.Arbitrary<JsonObject> {
  const selecting = fc.oneof(record({ podSelector }), record({ namespaceSelector }), record({ podSelector, namespaceSelector }));
  return options.blocks === false
    ? selecting
    : fc.oneof({ weight: 3, arbitrary: selecting }, { weight: 1, arbitrary: record({ ipBlock }) });
}

const protocol = fc.constantFrom<JsonValue>('TCP', 'UDP', 'SCTP');
const portEntry: fc.Arbitrary<JsonObject> = fc.oneof(
  record({ protocol: rarely(protocol, 1, 2), port: fc.constantFrom(...numbers, ...names) }),
  record({ protocol: rarely(protocol, 1, 3), port: rarely(fc.constantFrom(...names), 2, 3) }),
  fc
    .tuple(fc.constantFrom(...numbers), fc.constantFrom(...numbers))
    .chain(([a, b]) =>
      record({ protocol: rarely(protocol), port: fc.constant(Math.min(a, b)), endPort: fc.constant(Math.max(a, b)) }),
    ),
);

/** An absent list, null, the empty list or a list with items. */
const list = (item: fc.Arbitrary<JsonValue>, maxLength: number): fc.Arbitrary<JsonValue | undefined> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom<JsonValue | undefined>(undefined, null, []) },
    { weight: 4, arbitrary: fc.array(item, { minLength: 1, maxLength }) },
  );

export function rule(side: 'from' | 'to', options: ClusterOptions = {}): fc.Arbitrary<JsonObject> {
  return record({ [side]: list(peer(options), 3), ports: list(portEntry, 3) });
}

export function policySpec(options: ClusterOptions = {}): fc.Arbitrary<JsonObject> {
  return record({
    podSelector: fc.oneof({ weight: 4, arbitrary: podSelector }, { weight: 1, arbitrary: fc.constant(undefined) }),
    policyTypes: fc.constantFrom<JsonValue | undefined>(undefined, [], ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: list(rule('from', options), 2),
    egress: list(rule('to', options), 2),
  });
}

export const policy = (name: string, namespace: string, spec: JsonValue): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

export const namespaceObject = (name: string, labels: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const container = (name: string): fc.Arbitrary<JsonObject> =>
  record({
    name: fc.constant(name),
    image: fc.constant('x'),
    ports: rarely(
      fc.uniqueArray(
        record({
          name: rarely(fc.constantFrom(...names), 4, 5),
          containerPort: fc.constantFrom(...numbers),
          protocol: rarely(protocol, 1, 4),
        }),
        { maxLength: 2, selector: (port) => port['name'] ?? null },
      ),
      3,
      4,
    ),
  });

function podSpec(options: ClusterOptions): fc.Arbitrary<JsonObject> {
  return record({
    containers: container('main').map((value) => [value]),
    initContainers: rarely(container('init').map((value) => [{ ...value, restartPolicy: 'Always' }])),
    hostNetwork: options.hostNetwork === false ? fc.constant(undefined) : rarely(fc.constant(true), 1, 4),
  });
}

/** Single Pods, and Deployments, whose replicas are told apart from each other. */
function workload(name: string, options: ClusterOptions): fc.Arbitrary<JsonObject> {
  return fc.tuple(place, fc.boolean(), labels('app', 'tier'), podSpec(options)).map(([namespace, single, labels, spec]) =>
    single
      ? { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec }
      : {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name, namespace },
          spec: { selector: { matchLabels: {} }, template: { metadata: { labels }, spec } },
        },
  );
}

const several = (count: number, make: (index: number) => fc.Arbitrary<JsonObject>, min = 0): fc.Arbitrary<JsonObject[]> =>
  fc.integer({ min, max: count }).chain((length) => fc.tuple(...Array.from({ length }, (_, index) => make(index))));

/**
 * Raw objects of a random small cluster: Namespaces, 2 to 6 workloads and up to 5 policies, all of them valid. Everything that a
 * policy can say occurs, with few values, so that it often meets something.
 */
export function clusters(options: ClusterOptions = {}): fc.Arbitrary<readonly JsonObject[]> {
  const places = fc.tuple(
    ...namespaces.map((name) =>
      fc
        .tuple(labels('team', 'tier'), options.unknownNamespaces === true ? fc.boolean() : fc.constant(true))
        .map(([written, known]) => (known ? [namespaceObject(name, written)] : [])),
    ),
  );
  const policies = several(options.maxPolicies ?? 5, (index) =>
    fc
      .tuple(fc.constantFrom(...namespaces), policySpec(options))
      .map(([namespace, spec]) => policy(`p${index}`, namespace, spec)),
  );
  return fc
    .tuple(
      places,
      several(6, (index) => workload(`w${index}`, options), 2),
      policies,
    )
    .map(([places, workloads, policies]) => [...places.flat(), ...workloads, ...policies]);
}

/** The model of these objects, all of them under review. */
export function networkFrom(values: readonly JsonObject[], profile: Profile = {}): NetworkModel {
  const objects = values.map((value) => kubeObject(value));
  const workloads = objects.flatMap((object) => readWorkload(object) ?? []);
  return buildNetwork({
    objects,
    workloads,
    underReview: new Set(workloads.map(workloadId)),
    reviewed: [...new Set(workloads.map(({ namespace }) => namespace))].sort(),
    provided: [],
    profile,
    completeness: () => ({ complete: true }),
    unexpanded: [],
  });
}

/** Port numbers at and beside every bound that these objects name. */
export function portNumbers(values: readonly JsonValue[]): readonly number[] {
  const found = new Set([1, 65535]);
  const visit = (value: JsonValue, key: string): void => {
    if (typeof value === 'number' && ['port', 'endPort', 'containerPort', 'number', 'start', 'end'].includes(key))
      for (const port of [value - 1, value, value + 1]) if (port >= 1 && port <= 65535) found.add(port);
    if (Array.isArray(value)) for (const item of value as readonly JsonValue[]) visit(item, key);
    else if (isObject(value)) for (const [name, item] of Object.entries(value)) visit(item, name);
  };
  visit([...values], '');
  return [...found].sort((a, b) => a - b);
}
