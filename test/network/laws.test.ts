import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admittedPorts } from '../../src/facts/network/admitted-ports.ts';
import { matrix, type MatrixRow } from '../../src/facts/network/matrix.ts';
import { type Endpoint, externalEndpoint } from '../../src/facts/network/peers.ts';
import { isEmptyPorts, type PortSet, subtractPorts, unitePorts } from '../../src/facts/network/ports.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/kube/json.ts';
import { clusters, namespaceObject, networkFrom, policy, policySpec, rule } from './arbitrary.ts';
import { blocksIn, readCluster, telling } from './oracle.ts';

/** What holds of every cluster, whatever its answers are. */
const rowsOf = (values: readonly JsonObject[]): readonly MatrixRow[] => matrix(networkFrom(values), { external: true });

const isPolicy = (value: JsonObject) => value['kind'] === 'NetworkPolicy';
const specOf = (value: JsonObject): JsonObject => (isObject(value['spec']) ? value['spec'] : {});

describe('laws', () => {
  test('answers do not depend on the order of the objects', () => {
    const shuffled = clusters({ unknownNamespaces: true }).chain((values) =>
      fc.tuple(fc.constant(values), fc.shuffledSubarray([...values], { minLength: values.length })),
    );
    fc.assert(
      fc.property(shuffled, ([values, others]) => {
        expect(rowsOf(others)).toEqual(rowsOf(values));
      }),
    );
  });

  test('a namespace that nobody speaks of changes nothing for the others', () => {
    const unrelated = fc.tuple(policySpec({ blocks: false }), policySpec({ blocks: false })).map(([first, second]) => [
      namespaceObject('other', { team: 'green' }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'w', namespace: 'other', labels: { app: 'a' } },
        spec: { containers: [] },
      },
      policy('first', 'other', first),
      policy('second', 'other', second),
    ]);
    fc.assert(
      fc.property(clusters(), unrelated, (values, more) => {
        const known = rowsOf([...values, ...more]).filter(
          ({ source, destination }) => !source.startsWith('other/') && !destination.startsWith('other/'),
        );
        expect(known).toEqual(rowsOf(values));
      }),
    );
  });

  test('a policy that selects nothing changes nothing', () => {
    const nobody = policySpec({ blocks: false }).map((spec) => ({ ...spec, podSelector: { matchLabels: { app: 'nobody' } } }));
    fc.assert(
      fc.property(clusters(), fc.constantFrom('n0', 'n1'), nobody, (values, place, spec) => {
        expect(rowsOf([...values, policy('idle', place, spec)])).toEqual(rowsOf(values));
      }),
    );
  });

  test('a further rule in a direction that is isolated already removes no flow', () => {
    const kept = (before: PortSet, after: PortSet) => isEmptyPorts(subtractPorts(before, after));
    fc.assert(
      fc.property(clusters(), rule('from'), rule('to'), fc.nat(), (values, from, to, pick) => {
        const policies = values.filter(isPolicy);
        const chosen = policies[pick % Math.max(policies.length, 1)];
        if (chosen === undefined) return;
        const spec = specOf(chosen);
        const types = (spec['policyTypes'] as readonly string[] | undefined) ?? [];
        const isolates = (type: string, byDefault: boolean) => (types.length === 0 ? byDefault : types.includes(type));
        const written = (side: 'ingress' | 'egress') => (Array.isArray(spec[side]) ? (spec[side] as readonly JsonValue[]) : []);
        const wider = {
          ...spec,
          ...(isolates('Ingress', true) ? { ingress: [...written('ingress'), from] } : {}),
          ...(isolates('Egress', written('egress').length > 0) ? { egress: [...written('egress'), to] } : {}),
        };
        const others = values.map((value) => (value === chosen ? { ...chosen, spec: wider } : value));
        const before = networkFrom(values);
        const after = networkFrom(others);
        const outside = telling(blocksIn(readCluster(others))).map(({ family, value }) =>
          externalEndpoint({ family, first: value, last: value }),
        );
        for (const source of [...before.endpoints, ...outside])
          for (const destination of [...before.endpoints, ...outside]) {
            const now = (end: Endpoint) => after.byId.get(end.id) ?? end;
            const old = admittedPorts(before, source, destination);
            const later = admittedPorts(after, now(source), now(destination));
            expect(kept(old.allowed, later.allowed)).toBe(true);
            expect(kept(unitePorts(old.allowed, old.depends), unitePorts(later.allowed, later.depends))).toBe(true);
          }
      }),
      { numRuns: 60 },
    );
  });

  test('other names for namespaces, labels and ports give the same answers under those names', () => {
    const names: Readonly<Record<string, string>> = Object.fromEntries(
      'n0=m2 n1=m0 n2=m1 a=b b=a x=y y=x red=blue blue=red app=role tier=app team=group http=dns dns=http'
        .split(' ')
        .map((pair) => pair.split('=') as [string, string]),
    );
    const renamed = (text: string) => (Object.hasOwn(names, text) ? (names[text] ?? text) : text);
    const rename = (value: JsonValue): JsonValue => {
      if (typeof value === 'string') return renamed(value);
      if (Array.isArray(value)) return (value as readonly JsonValue[]).map(rename);
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [renamed(key), rename(item)]));
    };
    const renameEnd = (id: string) => id.split('/').map(renamed).join('/');
    const sorted = (rows: readonly MatrixRow[]) => rows.map((row) => JSON.stringify(row)).sort();
    fc.assert(
      fc.property(clusters(), (values) => {
        const expected = rowsOf(values).map((row) => ({
          ...row,
          source: renameEnd(row.source),
          destination: renameEnd(row.destination),
        }));
        expect(sorted(rowsOf(values.map((value) => rename(value) as JsonObject)))).toEqual(sorted(expected));
      }),
    );
  });
});
