import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyAddress } from '../../src/kube/address.ts';
import { networkProfiles } from '../../src/evidence/declared.ts';
import { settledBy } from '../../src/facts/network/profiles.ts';
import { admittedPorts, type AdmittedPorts } from '../../src/facts/network/admitted-ports.ts';
import type { Profile } from '../../src/facts/network/assumptions.ts';
import { buildEngine, engineOf } from '../../src/facts/network/engine/engine.ts';
import { countPairs } from '../../src/facts/network/engine/statistics.ts';
import { flows, matrix } from '../../src/facts/network/matrix.ts';
import type { NetworkModel } from '../../src/facts/network/network.ts';
import { type Endpoint, externalEndpoint } from '../../src/facts/network/peers.ts';
import { formatPorts, isEmptyPorts } from '../../src/facts/network/ports.ts';
import { splitRange } from '../../src/kube/address.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/kube/json.ts';
import { clusters, networkFrom } from './arbitrary.ts';
import { tierPolicies } from './arbitrary-tiers.ts';

/** The evaluator's answers, pair by pair. */
function byPair(network: NetworkModel): readonly string[] {
  const outside = [everyAddress[4], everyAddress[6]].flatMap((range) => splitRange(range, network.blocks)).map(externalEndpoint);
  const found: string[] = [];
  for (const from of [...network.endpoints, ...outside]) {
    for (const to of from.kind === 'external' ? network.endpoints : [...network.endpoints, ...outside]) {
      if (from.id === to.id && from.kind === 'workload' && from.workload.ref.kind === 'Pod') continue;
      found.push(...line(from, to, admittedPorts(network, from, to)));
    }
  }
  return found.sort();
}

/** The engine's, with its ranges of addresses cut into the same parts. */
function byEngine(network: NetworkModel): readonly string[] {
  const parts = (end: Endpoint): readonly Endpoint[] =>
    end.kind === 'external' ? splitRange(end.range, network.blocks).map(externalEndpoint) : [end];
  const found: string[] = [];
  for (const { from, to, ports } of flows(network, { external: true }))
    for (const source of parts(from)) for (const destination of parts(to)) found.push(...line(source, destination, ports));
  return found.sort();
}

const line = (from: Endpoint, to: Endpoint, { allowed, depends }: AdmittedPorts): readonly string[] =>
  isEmptyPorts(allowed) && isEmptyPorts(depends)
    ? []
    : [`${from.id} -> ${to.id}: ${formatPorts(allowed)} | ${formatPorts(depends)}`];

const profiles: readonly Profile[] = [
  {},
  { 'ipblock-matches-pods': 'no' },
  { 'ipblock-matches-pods': 'no', 'namespace-labels-assumed': 'yes' },
  { 'host-network': 'yes' },
  ...networkProfiles.map(settledBy),
];

const flaws = ['none', 'unknown field', 'empty peer', 'bad port', 'label of a controller'] as const;

/** A policy with a part that the API server refuses, or a selector for labels whose values nobody knows. */
function spoil(value: JsonObject, flaw: (typeof flaws)[number] | undefined): JsonObject {
  const spec = value['spec'];
  if (value['kind'] !== 'NetworkPolicy' || !isObject(spec)) return value;
  const ingress = Array.isArray(spec['ingress']) ? (spec['ingress'] as readonly JsonValue[]) : [];
  switch (flaw) {
    case 'unknown field':
      return { ...value, spec: { ...spec, podselector: {} } };
    case 'empty peer':
      return { ...value, spec: { ...spec, ingress: [...ingress, { from: [{}] }] } };
    case 'bad port':
      return { ...value, spec: { ...spec, ingress: [...ingress, { ports: [{ port: '80' }] }] } };
    case 'label of a controller':
      return { ...value, spec: { ...spec, podSelector: { matchLabels: { 'pod-template-hash': 'abc' } } } };
    default:
      return value;
  }
}

describe('the engine equals the evaluator', () => {
  test('on random clusters', () => {
    fc.assert(
      fc.property(clusters({ unknownNamespaces: true }), fc.constantFrom(...profiles), (objects, profile) => {
        const network = networkFrom(objects, profile);
        expect(byEngine(network)).toEqual(byPair(network));
      }),
      { numRuns: 400 },
    );
  });

  test('on random clusters with admin tiers', () => {
    fc.assert(
      fc.property(
        clusters({ unknownNamespaces: true, maxPolicies: 2 }),
        tierPolicies,
        fc.constantFrom(...profiles),
        (objects, tiers, profile) => {
          const network = networkFrom([...objects, ...tiers], profile);
          expect(network.tierPolicies.flatMap(({ invalid }) => invalid)).toEqual([]);
          expect(byEngine(network)).toEqual(byPair(network));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('on policies that are perhaps in force, or perhaps select', () => {
    fc.assert(
      fc.property(
        clusters({ unknownNamespaces: true, maxPolicies: 3 }),
        tierPolicies,
        fc.array(fc.constantFrom(...flaws), { minLength: 3, maxLength: 3 }),
        (objects, tiers, spoilt) => {
          const found = [...objects, ...tiers].map((value, index) => spoil(value, spoilt[index % spoilt.length]));
          const network = networkFrom(found);
          expect(byEngine(network)).toEqual(byPair(network));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('and what depends names an assumption', () => {
    fc.assert(
      fc.property(clusters({ unknownNamespaces: true }), (objects) => {
        for (const { verdict, assumptions } of matrix(networkFrom(objects), { external: true }))
          if (verdict === 'depends') expect(assumptions).not.toEqual([]);
      }),
    );
  });

  // A profile also settles what does not match: that stands behind denials, of which the engine keeps no reasons.
  test('every assumption that the evaluator names, where no profile settles any', () => {
    const named = (flows: Iterable<readonly [string, AdmittedPorts]>) =>
      new Map([...flows].map(([pair, { open, given }]) => [pair, { open, given }]));
    fc.assert(
      fc.property(clusters({ unknownNamespaces: true }), (objects) => {
        const network = networkFrom(objects);
        const ours = named([...flows(network)].map(({ from, to, ports }) => [`${from.id} ${to.id}`, ports] as const));
        for (const from of network.endpoints)
          for (const to of network.endpoints) {
            const found = ours.get(`${from.id} ${to.id}`);
            if (found) expect(found.open).toEqual(expect.arrayContaining([...admittedPorts(network, from, to).open]));
          }
      }),
      { numRuns: 200 },
    );
  });

  test('one cell at a time as well as all that a class reaches', () => {
    fc.assert(
      fc.property(clusters(), (objects) => {
        const engine = buildEngine(networkFrom(objects));
        for (const source of engine.classes.pods.keys()) {
          const reached = new Map([...engine.destinations(source)].map(({ destination, value }) => [destination, value]));
          for (const destination of engine.classes.pods.keys()) {
            const value = engine.cell(source, destination);
            const isOpen = engine.values.valueOf(value).may !== engine.values.ports.none;
            expect(reached.get(destination)).toBe(isOpen ? value : undefined);
          }
        }
      }),
    );
  });
});

test('pairs are counted as the matrix lists them', () => {
  fc.assert(
    fc.property(clusters({ unknownNamespaces: true }), (objects) => {
      const network = networkFrom(objects);
      const found = [...flows(network)];
      const allowed = found.filter(({ ports }) => !isEmptyPorts(ports.allowed)).length;
      const singles = network.endpoints.filter(({ workload }) => workload.ref.kind === 'Pod').length;
      expect(countPairs(engineOf(network))).toEqual({
        pairs: network.endpoints.length ** 2 - singles,
        allowed,
        depends: found.length - allowed,
      });
    }),
  );
});

describe('classes', () => {
  test('workloads that no policy tells apart are one class', () => {
    const pod = (name: string, labels: Record<string, string>) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'a', labels },
      spec: { containers: [{ name: 'main', image: 'x' }] },
    });
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p', namespace: 'a' },
      spec: { podSelector: { matchLabels: { app: 'web' } } },
    };
    const pods = Array.from({ length: 50 }, (_, index) =>
      pod(`p${index}`, { app: index % 2 ? 'web' : `other-${index}`, color: `c${index}` }),
    );
    expect(engineOf(networkFrom([...pods, policy])).classes.pods.map(({ members }) => members.length)).toEqual([25, 25]);
  });
});
