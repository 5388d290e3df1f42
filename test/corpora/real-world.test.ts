import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../src/evidence/bundle.ts';
import type { ReviewResult } from '../../src/model/result.ts';
import { review } from '../../src/review.ts';
import { bundleOf, canRun, components, corpus, hasHelm, hasKubectl, present, type System, systems } from './real-world.ts';

/** Of the components, those that change more than names and images; the others are read, and their snapshot would repeat the base. */
const shown = ['google-cloud-operations', 'memorystore', 'network-policies', 'service-mesh-istio'];
const hasSnapshot = (system: System) => system.components?.every((name) => shown.includes(name)) ?? true;

const gathered = new Map<System, Promise<Bundle>>();
const bundle = (system: System): Promise<Bundle> => {
  const known = gathered.get(system) ?? bundleOf(system);
  gathered.set(system, known);
  return known;
};

/** Objects by kind, then each check with how often it said what. */
function summary({ checks, inventory }: ReviewResult): string {
  const kinds = Object.entries(inventory.byKind).map(([kind, count]) => `${count} ${kind}`);
  const lines = checks.flatMap(({ id, outcome, assessments }) => {
    const counts = new Map<string, number>();
    for (const item of assessments) {
      const key = `${item.outcome} ${item.messageId}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const said = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `  ${key} x${count}`);
    return [`${id}: ${outcome}`, ...said];
  });
  return `${inventory.objects} objects: ${kinds.join(', ')}\n\n${lines.join('\n')}\n`;
}

if (!present) console.warn('real-world corpus: skipped, it is not beside this checkout');
if (present && (!hasKubectl || !hasHelm))
  console.warn('real-world corpus: kubectl or helm is missing, so rendered systems are skipped');

describe.skipIf(!present)('real-world corpus', () => {
  describe.each(systems.filter(canRun))('$name', (system) => {
    test('is read whole, and no check crashes', async () => {
      const result = review(await bundle(system));
      const said = result.checks.flatMap(({ id, assessments }) => assessments.map((item) => ({ id, ...item })));
      expect(said.filter(({ messageId }) => messageId === 'crashed').map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
      const input = said.filter(({ id, outcome }) => id === 'readable-input' && outcome !== 'pass');
      expect(input.map(({ message, location }) => `${location?.file}:${location?.line} ${message}`)).toEqual([]);
      expect(
        said.filter(({ message }) => /\{\w+\}|undefined|\[object/.test(message)).map(({ id, message }) => `${id}: ${message}`),
      ).toEqual([]);
    });

    test.skipIf(!hasSnapshot(system))('says what was reviewed', async () => {
      await expect(summary(review(await bundle(system)))).toMatchFileSnapshot(`__snapshots__/${system.name}.txt`);
    });
  });

  test('every published manifest and every component is part of a system', async () => {
    const read = new Set<string>();
    for (const system of systems.filter(({ sources }) => sources.every(({ kind }) => kind === 'manifests')))
      for (const slot of (await bundle(system)).slots)
        if (slot.kind === 'objects' && slot.status === 'collected') for (const { path } of slot.data.files) read.add(path);
    const plain = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        /\.ya?ml$/.test(name) &&
        statSync(join(corpus, name)).isFile() &&
        // What kubectl and helm read; the rendered systems cover it.
        !/kustomize\/|helm-chart\/|kustomization\.yaml$/.test(name),
    );
    expect(plain.filter((name) => !read.has(name))).toEqual([]);
    const folder = join(corpus, 'online-boutique/kustomize/components');
    expect(readdirSync(folder).sort()).toEqual([...components]);
  });
});
