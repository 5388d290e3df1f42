import { spawnSync } from 'node:child_process';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';

const root = join(import.meta.dirname, '..');

/** Cold start of `--version` and of a small review, as ratios to an empty program. */
export async function run(): Promise<void> {
  const empty = join(mkdtempSync(join(tmpdir(), 'seaworthy-start-')), 'empty.mjs');
  writeFileSync(empty, '');
  const cli = join(root, 'dist/cli.js');
  const best = (args: readonly string[]) => Math.min(...Array.from({ length: 15 }, () => time(args)));
  const base = best([empty]);
  const version = best([cli, '--version']);
  const gravl = best([cli, 'review', join(root, 'examples/gravl/production.seaworthy.yaml'), '--as-of', '2026-03-06T08:50:00Z']);
  console.log(`empty program ${base.toFixed(0)} ms`);
  console.log(`--version ${version.toFixed(0)} ms, ratio ${(version / base).toFixed(2)}`);
  console.log(`review of Gravl production ${gravl.toFixed(0)} ms, ratio ${(gravl / base).toFixed(1)}`);
}

function time(args: readonly string[]): number {
  const started = performance.now();
  spawnSync(execPath, args, { cwd: root, stdio: 'ignore' });
  return performance.now() - started;
}
