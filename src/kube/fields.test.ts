import { describe, expect, it } from 'vitest';
import { checkFields } from './fields.ts';
import { parseText } from './yaml/parse.ts';
import type { JsonObject } from './json.ts';

const check = (yaml: string) => {
  const value = parseText(yaml).documents[0]?.value as JsonObject;
  const apiVersion = String(value['apiVersion']);
  const kind = String(value['kind']);
  const source = {
    slot: 's',
    file: 'f',
    document: 0,
    path: [],
    rendered: false,
    live: false,
    environment: 'production',
    role: 'system',
  } as const;
  return checkFields({ ref: { apiVersion, kind, name: 'x' }, group: '', value, source, masks: {} }).map(
    ({ field, expected, suggestion }) => `${field}${expected ? `: ${expected}` : ''}${suggestion ? ` -> ${suggestion}` : ''}`,
  );
};

describe('unknown fields of built-in kinds', () => {
  it.each([
    [
      'a misspelt selector in a NetworkPolicy, which a lenient reader would take for "every Pod"',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: { podselector: {}, policyTypes: [Ingress] }',
      ['spec.podselector -> podSelector'],
    ],
    [
      'a field at the wrong level',
      'apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: a, runAsNonRoot: true }] }',
      ['spec.containers.runAsNonRoot'],
    ],
    [
      'nothing in a clean object',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { a: b } }\nspec: { containers: [{ name: a, image: b, resources: { limits: { cpu: 1, memory: 1Gi } } }] }',
      [],
    ],
    [
      'an unquoted number as an environment value',
      'apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: a, env: [{ name: PORT, value: 3000 }] }] }',
      ['spec.containers.env.value: a string (quote it)'],
    ],
    [
      'a label that YAML reads as a boolean',
      'apiVersion: v1\nkind: Pod\nmetadata: { labels: { on: y } }',
      ['metadata.labels.true: a string (quote it)'],
    ],
    [
      'a number where a port may be a name',
      'apiVersion: v1\nkind: Service\nspec: { ports: [{ port: 80, targetPort: http }, { port: "80" }] }',
      ['spec.ports.port: a number'],
    ],
    ['null is "not set"', 'apiVersion: v1\nkind: Pod\nspec: { containers: null }', []],
    ['a map where a list belongs', 'apiVersion: v1\nkind: Pod\nspec: { containers: { name: a } }', ['spec.containers: a list']],
    ['anything goes in a custom kind', 'apiVersion: example.com/v1\nkind: Thing\nspec: { what: ever }', []],
    [
      'numbers are quantities in a ResourceQuota and a LimitRange',
      'apiVersion: v1\nkind: LimitRange\nspec: { limits: [{ type: Container, default: { cpu: 1 }, max: { cpu: 2 } }] }',
      [],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(check(yaml)).toEqual(expected);
  });
});
