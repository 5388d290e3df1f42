import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSource } from '../../kube/yaml/source.ts';
import { contextOf, contextReader } from './where.ts';

const text = `kind: SecretList
items:
  - {kind: Secret, data: {a: eA==}, metadata: {name: n}}
  - {data: {a: eA==}, stringData: {b: x}, type: t}
---
kind: List
items:
  - {kind: SealedSecret, spec: {encryptedData: {a: Ag}, data: x, template: {data: {a: b}, metadata: {name: n}, type: t}, other: o}}
  - {kind: ConfigMapList, items: [{data: {a: b}, binaryData: {c: d}, metadata: {name: n}}]}
  - {kind: ExternalSecret, spec: {secretKey: k, value: v}}
---
kind: ConfigMap
data: {a: b, c: d}
metadata: {name: n, annotations: {description: d, other: o}, labels: {l: m}}
---
kind: CustomResourceDefinition
spec: {versions: [{schema: {openAPIV3Schema: {description: d, properties: {p: {type: string}}}}}]}
---
spec: {schema: {openAPIV3Schema: {description: d}}, after: x}
secretGenerator: [{name: n, literals: [a=b, c=d], files: [e]}, {name: m}]
sops: {mac: "ENC[AES256_GCM,data:x]", lastmodified: t}
env: [{name: PASSWORD, value: v}, {key: TOKEN, value: w}]
args: [--password, hunter2, --flag, x]
a: {b: 1}
`;
const { documents, leaves } = readSource(`${text}a: 2\n`);
const ofDocument = (index: number) => leaves.filter(({ documentIndex }) => documentIndex === index).map(({ path }) => path);

test.each(documents.map(({ index }) => [index]))('the order in which document %i is read does not matter', (index) => {
  const root = documents[index]?.value ?? null;
  const paths = [[], ['zz', 'y'], ['items', 9, 'data', 'a'], ...ofDocument(index)];
  const alone = new Map(paths.map((path) => [path, contextOf(root, path)]));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...paths), { maxLength: 60 }), (order) => {
      const contextAt = contextReader(root);
      for (const path of order) expect(contextAt(path), path.join('.')).toEqual(alone.get(path));
    }),
    { numRuns: 200 },
  );
});

test.each<[number, (string | number)[], object]>([
  [0, ['items', 0, 'data', 'a'], { isSecret: true, isEncoded: true }],
  [0, ['items', 0, 'metadata', 'name'], { isSecret: false }],
  [0, ['items', 1, 'stringData', 'b'], { isSecret: true, isEncoded: false }],
  [0, ['items', 1, 'type'], { isSecret: false }],
  [1, ['items', 0, 'spec', 'encryptedData', 'a'], { isCiphertext: true, isSecret: false }],
  [1, ['items', 0, 'spec', 'template', 'data', 'a'], { isCiphertext: false, isSecret: true }],
  [1, ['items', 0, 'spec', 'template', 'type'], { isSecret: false }],
  [1, ['items', 0, 'spec', 'other'], { isCiphertext: false, isSecret: false }],
  [1, ['items', 1, 'items', 0, 'data', 'a'], { where: 'configuration' }],
  [1, ['items', 1, 'items', 0, 'metadata', 'name'], { where: 'label' }],
  [1, ['items', 2, 'spec', 'secretKey'], { where: 'label' }],
  [2, ['data', 'c'], { where: 'configuration' }],
  [2, ['metadata', 'annotations', 'other'], { where: 'annotation' }],
  [3, ['spec', 'versions', 0, 'schema', 'openAPIV3Schema', 'properties', 'p', 'type'], { where: 'prose' }],
  [4, ['spec', 'schema', 'openAPIV3Schema', 'description'], { where: 'prose' }],
  [4, ['spec', 'after'], { where: 'field' }],
  [4, ['secretGenerator', 0, 'literals', 1], { isSecret: true }],
  [4, ['secretGenerator', 0, 'files', 0], { isSecret: false }],
  [4, ['sops', 'lastmodified'], { isCiphertext: true }],
  [4, ['env', 0, 'value'], { key: 'PASSWORD', where: 'env' }],
  [4, ['env', 1, 'value'], { key: 'TOKEN', where: 'env' }],
  [4, ['args', 1], { key: '--password', where: 'argument' }],
])('document %i %j', (index, path, context) => {
  const contextAt = contextReader(documents[index]?.value ?? null);
  for (const before of ofDocument(index)) contextAt(before);
  expect(contextAt(path)).toMatchObject(context);
});
