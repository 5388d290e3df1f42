import { assert, asyncProperty, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBundleDecoder, encodeBundle } from '../src/evidence/codec.ts';
import type { Assessment } from '../src/model/judgement.ts';
import type { ReviewResult } from '../src/model/result.ts';
import { review } from '../src/review.ts';
import { bundleNames, changeObjects, environments, gatherAll } from './bundles.ts';
import { asOf } from './gravl.ts';
import { type Edit, gravl } from './gravl-edits.ts';

const { bundles, results } = await gatherAll();

/** A permutation of a list that a number stands for. */
function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  const rest = [...list];
  const taken: T[] = [];
  for (let state = seed >>> 0; rest.length > 0; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    taken.push(...rest.splice(state % rest.length, 1));
  }
  return taken;
}

/** Without what an order may show in: positions, and the list of evidence. */
const comparable = (result: ReviewResult): unknown => {
  const withoutPlaces = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'location' && key !== 'evidence'))
      : value;
  return JSON.parse(JSON.stringify(result, withoutPlaces)) as unknown;
};

describe('the same evidence in another order', () => {
  it.each(bundleNames)('sources and files of %s', (name) => {
    const expected = comparable(results[name]);
    assert(
      property(nat(), (seed) => {
        const bundle = changeObjects({ ...bundles[name], slots: shuffled(bundles[name].slots, seed) }, ({ files }) => ({
          files: shuffled(files, seed + 1),
        }));
        expect(comparable(review(bundle, { asOf }))).toEqual(expected);
      }),
      { numRuns: 8, seed: 20260306 },
    );
  });

  const folders = { staging: 'staging', production: 'production' } as const;
  it.each(environments)('documents within the files of %s, and items within the dump', async (name) => {
    const paths = bundles[name].slots.flatMap((slot) =>
      slot.kind === 'objects' && slot.status === 'collected' ? slot.data.files.map(({ path }) => path) : [],
    );
    expect(paths.some((path) => path.includes(`k8s/${folders[name]}/`))).toBe(true);
    await assert(
      asyncProperty(nat(), async (seed) => {
        const edits = paths.map(
          (path): Edit => ({ file: path.replace('examples/gravl/', ''), content: reordered(gravl.text(path), path, seed) }),
        );
        expect(comparable(review(await gravl.with(edits).bundle(name), { asOf }))).toEqual(comparable(results[name]));
      }),
      { numRuns: 4, seed: 20260306 },
    );
  });
});

function reordered(text: string, path: string, seed: number): string {
  if (!path.endsWith('.json'))
    return shuffled(text.split(/^---\n/m), seed)
      .map((part) => (part.endsWith('\n') ? part : `${part}\n`))
      .join('---\n');
  const list = JSON.parse(text) as { readonly items: readonly unknown[] };
  return JSON.stringify({ ...list, items: shuffled(list.items, seed) }, undefined, 2);
}

describe('objects of a namespace that has nothing to do with the system', () => {
  const unrelated = `apiVersion: v1
kind: Namespace
metadata: { name: zebra }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: zebra, namespace: zebra }
spec:
  replicas: 1
  selector: { matchLabels: { app.kubernetes.io/name: backend } }
  template:
    metadata: { labels: { app.kubernetes.io/name: backend } }
    spec:
      serviceAccountName: zebra
      containers: [{ name: backend, image: 'zebra/backend:latest', ports: [{ containerPort: 3000 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: backend, namespace: zebra }
spec: { selector: { app.kubernetes.io/name: backend }, ports: [{ port: 3000 }] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: zebra, namespace: zebra }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: gravl-deployer, namespace: zebra }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: gravl-deployer, namespace: zebra }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: gravl-deployer }
subjects: [{ kind: ServiceAccount, name: zebra, namespace: zebra }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: backend, namespace: zebra }
spec: { podSelector: { matchLabels: { app.kubernetes.io/name: backend } }, ingress: [{}] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: zebra, namespace: zebra }
data: { stripes: many }
`;
  /** `check outcome message target` of everything but what is in that namespace or about the review as a whole. */
  const others = ({ checks }: ReviewResult, about: (assessment: Assessment) => boolean) =>
    checks
      .flatMap(({ id, assessments }) =>
        assessments.filter(about).map(({ fingerprint, outcome, messageId }) => `${id} ${outcome} ${messageId} ${fingerprint}`),
      )
      .sort();
  const isElsewhere = ({ target }: Assessment) => target.namespace !== 'zebra' && !target.name.includes('zebra');

  it.each(environments)('in the platform of %s', async (name) => {
    const source = `  sources:\n    - { manifests: k8s/zebra, role: platform }\n`;
    const overlay = gravl.with([
      { file: 'k8s/zebra/zebra.yaml', content: unrelated },
      { file: `${name}.seaworthy.yaml`, replace: '  sources:\n', by: source },
    ]);
    const result = review(await overlay.bundle(name), { asOf });
    expect(result.inventory.objects).toBeGreaterThan(results[name].inventory.objects);
    expect(others(result, isElsewhere)).toEqual(others(results[name], isElsewhere));
    expect([result.verdict, result.basis, result.gates.map(({ status }) => status)]).toEqual([
      results[name].verdict,
      results[name].basis,
      results[name].gates.map(({ status }) => status),
    ]);
  });

  it.each(environments)('among the manifests of %s', async (name) => {
    const result = review(await gravl.with([{ file: `k8s/${name}/zebra.yaml`, content: unrelated }]).bundle(name), { asOf });
    const about = (assessment: Assessment) => isElsewhere(assessment) && !['Source', 'Image'].includes(assessment.target.kind);
    expect(others(result, about)).toEqual(others(results[name], about));
    expect(result.checks.some(({ assessments }) => assessments.some(({ target }) => target.namespace === 'zebra'))).toBe(true);
  });
});

describe('a saved bundle', () => {
  it.each(bundleNames)('gives the identical result (%s)', (name) => {
    const decoder = createBundleDecoder('memory');
    for (const line of encodeBundle(bundles[name])) decoder.line(line.replace(/\n$/, ''));
    const read = decoder.finish();
    expect(read).toEqual(bundles[name]);
    expect(JSON.stringify(review(read, { asOf }))).toBe(JSON.stringify(results[name]));
  });

  it('is reviewed the same twice', () => {
    expect(JSON.stringify(review(bundles.production, { asOf }))).toBe(JSON.stringify(results.production));
  });
});
