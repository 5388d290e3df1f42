import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Bundle, bundleFormat } from './bundle.ts';
import { emptyReview } from './declared.ts';
import { canonicalJson, digestOf, fingerprintOf } from './digest.ts';
import { loadBundle, saveBundle } from './store.ts';

const bundle: Bundle = {
  format: bundleFormat,
  tool: { version: '0.1.0' },
  collectedAt: '2026-03-06T08:50:00Z',
  declared: { review: emptyReview('gravl'), standard: { base: 'recommended', overlays: [] } },
  slots: [
    {
      id: 'objects:k8s',
      kind: 'objects',
      source: 'k8s',
      role: 'system',
      environment: 'production',
      status: 'collected',
      collectedAt: '2026-03-06T08:50:00Z',
      digest: 'sha256:0',
      data: {
        form: 'manifests',
        defaultNamespace: 'default',
        files: ['a', 'ü\u2028'].map((text) => ({ path: text, text, masks: [], problems: [] })),
      },
    },
    {
      id: 'git',
      kind: 'git',
      source: 'git',
      role: 'system',
      environment: 'production',
      status: 'absent',
      reason: 'no repository',
    },
  ],
};

const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
const path = join(folder, 'a.bundle');
const lines = async () =>
  gunzipSync(await readFile(path))
    .toString('utf8')
    .trimEnd()
    .split('\n');
const failure = async (content: Buffer | string, limits?: { line: number; total: number }) => {
  const file = join(folder, 'b.bundle');
  await writeFile(file, typeof content === 'string' ? gzipSync(content) : content);
  return loadBundle(file, limits).then(
    () => 'loaded',
    (error: { code: string; message: string }) => `${error.code} ${error.message}`,
  );
};

test('a bundle that is saved and loaded is the same, and saving it again gives the same bytes', async () => {
  await saveBundle(bundle, path);
  const first = await readFile(path);
  const loaded = await loadBundle(path);
  expect(loaded).toEqual(bundle);
  await saveBundle(loaded, path);
  expect((await readFile(path)).equals(first)).toBe(true);
});

test('a file that is cut, changed, of another format or no bundle is refused', async () => {
  await saveBundle(bundle, path);
  const all = await lines();
  const whole = await readFile(path);
  const text = (rows: readonly string[]) => `${rows.join('\n')}\n`;
  expect(await failure(text(all))).toBe('loaded');
  expect(await failure(whole.subarray(0, whole.length - 20))).toBe('SW_BUNDLE The bundle is cut.');
  expect(await failure(text(all.slice(0, -1)))).toBe('SW_BUNDLE The bundle ends too early.');
  expect(await failure(text(all.toSpliced(2, 1)))).toMatch('SW_BUNDLE');
  expect(await failure(text(all).replace('no repository', 'no repositorY'))).toBe(
    'SW_BUNDLE The bundle was changed after it was saved.',
  );
  expect(await failure(text(all).replace('bundle/v1', 'bundle/v2'))).toMatch('this version reads seaworthy.bundle/v1');
  expect(await failure(text([...all, '{}']))).toMatch('goes on after its end');
  expect(await failure('{"a":1}\n')).toBe('SW_BUNDLE The file is no bundle.');
  expect(await failure(Buffer.from('plain'))).toBe('SW_BUNDLE The file is no bundle, or it is damaged.');
  expect(await failure('')).toMatch('SW_BUNDLE');
  expect(await failure(text(all), { line: 40, total: 1e9 })).toBe('SW_BUNDLE The bundle is too large.');
  expect(await failure('a'.repeat(1e6), { line: 1e9, total: 1000 })).toBe('SW_BUNDLE The bundle is too large.');
});

test('a digest depends on the content and not on the order of keys; a fingerprint keeps its parts apart', () => {
  expect(digestOf({ b: 1, a: [undefined, 'ä'] })).toBe(digestOf({ a: [null, 'ä'], b: 1, c: undefined }));
  expect(canonicalJson({ b: 1, a: 2, B: 3 })).toBe('{"B":3,"a":2,"b":1}');
  expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
  expect(fingerprintOf(['ab'])).not.toBe(fingerprintOf(['a', 'b']));
  expect(fingerprintOf(['a'])).toMatch(/^[0-9a-f]{16}$/);
});
