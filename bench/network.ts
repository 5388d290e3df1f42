import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { generateNetwork } from './generate-network.ts';

/** One cluster in a process of its own: seconds and peak MB. `engine` and `count` are the analysis, `model` reads Pods and policies. */
interface Run {
  readonly pods: number;
  readonly policies: number;
  readonly classes: number;
  readonly rows: number;
  readonly counts: { readonly pairs: number; readonly allowed: number; readonly depends: number };
  readonly parse: number;
  readonly model: number;
  readonly engine: number;
  readonly count: number;
  readonly peak: number;
  readonly brute?: number;
  readonly same?: boolean;
}

/** Time and peak memory of the network engine by size of the cluster, beside JSON.parse of the same objects and the pairwise evaluator. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'));
  try {
    console.log(
      '| Pods | policies | MB | classes | rows | JSON.parse s | model s | engine s | all pairs s | total s | of JSON.parse | peak MB |',
    );
    console.log(`|${' --- |'.repeat(12)}`);
    const runs = [1_000, 10_000, 100_000].map((pods) => measure(folder, pods));
    const [small, middle, large] = runs;
    if (small?.brute !== undefined)
      console.log(
        `pair by pair, ${small.pods} Pods: ${small.brute.toFixed(2)} s, ${(small.brute / total(small)).toFixed(0)} x the engine, ${small.same === true ? 'same counts' : 'OTHER COUNTS'}`,
      );
    if (middle && large)
      console.log(`growth from ${middle.pods} to ${large.pods} Pods: ${(total(large) / total(middle)).toFixed(1)} x`);
    for (const { pods, counts } of runs)
      console.log(`${pods} Pods: ${counts.pairs} pairs, ${counts.allowed} with an open port, ${counts.depends} that depend`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const total = ({ model, engine, count }: Run) => model + engine + count;

function measure(folder: string, pods: number): Run {
  const path = join(folder, `${pods}.ndjson`);
  const file = openSync(path, 'w');
  for (const value of generateNetwork(pods)) writeSync(file, `${JSON.stringify(value)}\n`);
  closeSync(file);
  const script = join(import.meta.dirname, 'network-one.ts');
  const { stdout, stderr, status } = spawnSync(execPath, [script, path, ...(pods <= 1_000 ? ['brute'] : [])], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${pods} Pods: ${stderr}`);
  const found = JSON.parse(stdout) as Run;
  const megabytes = (statSync(path).size / 1e6).toFixed(1);
  const cells = [found.parse, found.model, found.engine, found.count, total(found)].map((seconds) => seconds.toFixed(2));
  console.log(
    `| ${found.pods} | ${found.policies} | ${megabytes} | ${found.classes} | ${found.rows} | ${cells.join(' | ')} | ${(total(found) / found.parse).toFixed(1)} x | ${found.peak.toFixed(0)} |`,
  );
  return found;
}
