import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Bundle, Slot, SourceFile } from '../src/evidence/bundle.ts';
import { createBundleDecoder, encodeBundle } from '../src/evidence/codec.ts';
import type { Assessment, Outcome } from '../src/model/judgement.ts';
import type { ReviewResult } from '../src/model/result.ts';
import { review } from '../src/review.ts';
import { asOf } from './gravl.ts';
import { type Edit, gravl, type Overlay } from './gravl-edits.ts';
import { operationsMutations } from './mutations/operations.ts';
import { platformMutations } from './mutations/platform.ts';
import { securityMutations } from './mutations/security.ts';

const environments = ['staging', 'production'] as const;
type Name = (typeof environments)[number] | 'spoilt';
const names: readonly Name[] = [...environments, 'spoilt'];
const bundles = {} as Record<Name, Bundle>;
const results = {} as Record<Name, ReviewResult>;

/** Production with as many rows of the mutation tables at once as fit together: most checks fail or are unknown. */
function spoilt(): Overlay {
  let overlay = gravl;
  for (const { check, edits } of [...securityMutations, ...platformMutations, ...operationsMutations]) {
    // Unreadable input would leave nothing to judge; files that are gone take other rows along.
    if (check === 'readable-input' || edits.some((edit) => 'remove' in edit)) continue;
    try {
      overlay = overlay.with(edits);
    } catch {
      // Another row has changed this place already.
    }
  }
  return overlay;
}

beforeAll(async () => {
  for (const name of environments) bundles[name] = await gravl.bundle(name);
  bundles.spoilt = await spoilt().bundle('production');
  for (const name of names) results[name] = review(bundles[name], { asOf });
});

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

const changeObjects = (
  bundle: Bundle,
  change: (data: Extract<Slot, { kind: 'objects'; status: 'collected' }>['data']) => object,
): Bundle => ({
  ...bundle,
  slots: bundle.slots.map((slot) =>
    slot.kind === 'objects' && slot.status === 'collected' ? { ...slot, data: { ...slot.data, ...change(slot.data) } } : slot,
  ),
});

describe('the same evidence in another order', () => {
  it.each(names)('sources and files of %s', (name) => {
    const expected = comparable(results[name]);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
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
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
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
  it.each(names)('gives the identical result (%s)', (name) => {
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

describe('less evidence', () => {
  const isOpen = ({ outcome }: { readonly outcome: Outcome }) => outcome === 'fail' || outcome === 'unknown';
  /**
   * Checks that were open and count as settled with less. What is said of the document or source itself goes with it: who takes an
   * unfinished runbook away has none, which is the finding of the alert that links to it.
   */
  const better = (before: ReviewResult, { checks }: ReviewResult, gone?: Slot) => {
    const wasOpen = (id: string) =>
      before.checks.some(
        (check) => check.id === id && check.assessments.some((assessment) => isOpen(assessment) && !isAbout(assessment, gone)),
      );
    return checks.filter(({ id, outcome }) => outcome === 'pass' && wasOpen(id)).map(({ id }) => id);
  };
  const isAbout = ({ target }: Assessment, slot: Slot | undefined) =>
    slot !== undefined && ['Document', 'Source'].includes(target.kind) && target.name === slot.source;
  const reviewed = (bundle: Bundle): ReviewResult | undefined => {
    try {
      return review(bundle, { asOf });
    } catch {
      // Without any object there is no review at all.
      return undefined;
    }
  };
  const failed = ({ id, kind, source, role, environment }: Slot): Slot => ({
    id,
    kind,
    source,
    role,
    environment,
    status: 'failed',
    code: 'SW_SOURCE',
    reason: 'it could not be read',
  });

  it('starts from bundles in which much is open', () => {
    const openOf = (name: Name) => results[name].checks.filter(isOpen).length;
    expect(openOf('staging')).toBeGreaterThan(30);
    expect(openOf('spoilt')).toBeGreaterThan(50);
  });

  it.each(names)('a slot of %s that is gone makes nothing better', (name) => {
    const { slots } = bundles[name];
    const found = slots.map((slot) => {
      const result = reviewed({ ...bundles[name], slots: slots.filter((other) => other !== slot) });
      return [slot.id, result === undefined ? [] : better(results[name], result, slot)] as const;
    });
    expect(found.filter(([, checks]) => checks.length > 0)).toEqual([]);
  });

  it.each(names)('a source of objects of %s that failed makes nothing better', (name) => {
    const { slots } = bundles[name];
    const found = slots
      .filter(({ kind }) => kind === 'objects')
      .map((slot) => {
        const result = reviewed({ ...bundles[name], slots: slots.map((other) => (other === slot ? failed(slot) : other)) });
        return [slot.id, result === undefined ? [] : better(results[name], result)] as const;
      });
    expect(found.filter(([, checks]) => checks.length > 0)).toEqual([]);
  });

  it.each(environments)('a file of %s that cannot be read is a launch that cannot be judged', (name) => {
    const files = bundles[name].slots.flatMap((slot) =>
      slot.kind === 'objects' && slot.status === 'collected' && slot.role !== 'comparison' ? slot.data.files : [],
    );
    expect(files.length).toBeGreaterThan(10);
    const problem = {
      code: 'unreadable',
      severity: 'error',
      message: 'it may not be read',
      position: { line: 1, column: 1, offset: 0 },
    } as const;
    for (const file of files) {
      const unreadable: SourceFile = { path: file.path, masks: [], problems: [problem] };
      const result = review(
        changeObjects(bundles[name], (data) => ({
          files: data.files.map((other) => (other.path === file.path ? unreadable : other)),
        })),
        { asOf },
      );
      expect([file.path, result.verdict, result.checks.find(({ id }) => id === 'readable-input')?.outcome]).toEqual([
        file.path,
        'do-not-launch',
        'fail',
      ]);
    }
  });

  it.each(names)('sources of %s that claim to be complete for nothing make nothing better', (name) => {
    const result = review(
      changeObjects(bundles[name], () => ({ complete: [] })),
      { asOf },
    );
    expect(better(results[name], result)).toEqual([]);
  });
});
