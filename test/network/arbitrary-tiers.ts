import * as fc from 'fast-check';
import type { JsonObject } from '../../src/kube/json.ts';
import { namespaceSelector, podSelector } from './arbitrary.ts';

const names = ['http', 'dns', 'admin'] as const;
const numbers = [1, 53, 80, 81, 443, 8080] as const;
const networks = ['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/8', '10.1.2.0/24', '2001:db8::/32'] as const;

const pods = fc.oneof(
  namespaceSelector.map((namespaces): JsonObject => ({ namespaces })),
  fc.record({ namespaceSelector, podSelector }).map((both): JsonObject => ({ pods: both })),
);

const outside: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.uniqueArray(fc.constantFrom(...networks), { minLength: 1, maxLength: 2 }).map((list): JsonObject => ({ networks: list })),
  fc.constantFrom<JsonObject>({}, { role: 'edge' }).map((matchLabels): JsonObject => ({ nodes: { matchLabels } })),
);

const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const range = fc
  .uniqueArray(fc.constantFrom(...numbers), { minLength: 2, maxLength: 2 })
  .map(([a = 1, b = 2]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

/** Ports of v1alpha1; port names stand for no address, so that a rule for addresses has none. */
const ports = (named: boolean): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    fc.tuple(protocol, fc.constantFrom(...numbers)).map(([protocol, port]): JsonObject => ({ portNumber: { protocol, port } })),
    fc.tuple(protocol, range).map(([protocol, range]): JsonObject => ({ portRange: { protocol, ...range } })),
    ...(named ? [fc.constantFrom(...names).map((namedPort): JsonObject => ({ namedPort }))] : []),
  );

/** Protocols of v1alpha2. */
const protocols = (named: boolean): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom('tcp', 'udp', 'sctp'), fc.constantFrom(...numbers))
      .map(([name, number]): JsonObject => ({ [name]: { destinationPort: { number } } })),
    fc
      .tuple(fc.constantFrom('tcp', 'udp', 'sctp'), range)
      .map(([name, range]): JsonObject => ({ [name]: { destinationPort: { range } } })),
    ...(named ? [fc.constantFrom(...names).map((destinationNamedPort): JsonObject => ({ destinationNamedPort }))] : []),
  );

interface Form {
  readonly allow: 'Allow' | 'Accept';
  readonly pass: boolean;
  readonly field: 'ports' | 'protocols';
}

function rule(side: 'from' | 'to', { allow, pass, field }: Form): fc.Arbitrary<JsonObject> {
  const action = fc.constantFrom(allow, 'Deny', ...(pass ? ['Pass'] : []));
  const peer = side === 'from' ? pods : fc.oneof({ weight: 3, arbitrary: pods }, { weight: 1, arbitrary: outside });
  return fc.array(peer, { minLength: 1, maxLength: 2 }).chain((peers) => {
    const named = peers.every((each) => !('networks' in each) && !('nodes' in each));
    const entries = fc.array(field === 'ports' ? ports(named) : protocols(named), { minLength: 1, maxLength: 2 });
    return fc
      .tuple(action, fc.option(entries, { nil: undefined }))
      .map(([action, list]): JsonObject => ({ action, [side]: peers, ...(list === undefined ? {} : { [field]: list }) }));
  });
}

function spec(form: Form, head: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const rules = (side: 'from' | 'to') => fc.array(rule(side, form), { maxLength: 3 });
  return fc
    .tuple(head, pods, rules('from'), rules('to'))
    .map(([head, subject, ingress, egress]): JsonObject => ({ ...head, subject, ingress, egress }));
}

const object = (kind: string, version: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion: `policy.networking.k8s.io/${version}`,
  kind,
  metadata: { name },
  spec,
});

const priority = fc.integer({ min: 0, max: 3 }).map((priority): JsonObject => ({ priority }));
const admin = spec({ allow: 'Allow', pass: true, field: 'ports' }, priority);
const baseline = spec({ allow: 'Allow', pass: false, field: 'ports' }, fc.constant({}));
const cluster = spec(
  { allow: 'Accept', pass: true, field: 'protocols' },
  fc.tuple(priority, fc.constantFrom('Admin', 'Baseline')).map(([head, tier]): JsonObject => ({ ...head, tier })),
);

/** Valid cluster-wide policies of all three kinds, now and then of equal priority. */
export const tierPolicies: fc.Arbitrary<readonly JsonObject[]> = fc
  .tuple(fc.array(admin, { maxLength: 3 }), fc.option(baseline), fc.array(cluster, { maxLength: 2 }))
  .map(([admins, base, clusters]) => [
    ...admins.map((spec, index) => object('AdminNetworkPolicy', 'v1alpha1', `a${index}`, spec)),
    ...(base === null ? [] : [object('BaselineAdminNetworkPolicy', 'v1alpha1', 'default', base)]),
    ...clusters.map((spec, index) => object('ClusterNetworkPolicy', 'v1alpha2', `c${index}`, spec)),
  ]);
