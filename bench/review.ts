import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { generateManifests } from './generate.ts';

const root = join(import.meta.dirname, '..');

/** One measured run in a process of its own: seconds, peak MB, and what was looked at. */
interface Run {
  readonly label: string;
  readonly objects: number;
  readonly megabytes: number;
  readonly gather: number;
  readonly review: number;
  readonly parse: number;
  readonly peak: number;
}

/** Time and peak memory of whole reviews, beside parsing the same bytes alone. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'));
  try {
    const cases: { label: string; path: string }[] = [
      { label: 'Gravl production', path: join(root, 'examples/gravl/k8s/production') },
    ];
    for (const count of [1_000, 10_000]) {
      const path = join(folder, String(count));
      for (const file of generateManifests(count)) {
        mkdirSync(dirname(join(path, file.path)), { recursive: true });
        writeFileSync(join(path, file.path), file.text);
      }
      cases.push({ label: `${count} objects`, path });
    }
    for (const name of ['kube-prometheus/manifests', 'online-boutique/kubernetes-manifests']) {
      const path = join(root, '../shared/corpora/real-world', name);
      if (existsSync(path)) cases.push({ label: name, path });
    }
    const runs = cases.map(({ label, path }) => measure(label, path));
    console.log(
      '| case | objects | MB | gather s | review s | parse alone s | ratio | peak MB |\n| --- | --- | --- | --- | --- | --- | --- | --- |',
    );
    for (const { label, objects, megabytes, gather, review, parse, peak } of runs) {
      console.log(
        `| ${label} | ${objects} | ${megabytes.toFixed(1)} | ${gather.toFixed(2)} | ${review.toFixed(2)} | ${parse.toFixed(2)} | ${((gather + review) / parse).toFixed(1)} | ${peak.toFixed(0)} |`,
      );
    }
    const [, small, large] = runs;
    if (small && large)
      console.log(
        `growth from ${small.objects} to ${large.objects} objects: ${((large.gather + large.review) / (small.gather + small.review)).toFixed(1)} x`,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(label: string, path: string): Run {
  const { stdout, stderr, status } = spawnSync(execPath, ['--expose-gc', join(import.meta.dirname, 'review-one.ts'), path], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${label}: ${stderr}`);
  return { label, megabytes: bytesOf(path) / 1e6, ...(JSON.parse(stdout) as Omit<Run, 'label' | 'megabytes'>) };
}

function bytesOf(path: string): number {
  const info = statSync(path);
  return info.isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
    : /\.(ya?ml|json)$/.test(path)
      ? readFileSync(path).length
      : 0;
}
