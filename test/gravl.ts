import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { loadReviewFile } from '../src/config/load.ts';
import type { Bundle } from '../src/evidence/bundle.ts';
import { gather } from '../src/gather/gather.ts';
import { nodeIo } from '../src/gather/node-io.ts';

export const root = join(import.meta.dirname, '..');
/** The moment of the hand-written review. */
export const asOf = '2026-03-06T08:50:00Z';

const io = nodeIo({ cwd: root, stdin: Readable.from([]), env: process.env, now: () => asOf });

/** The bundle of one of Gravl's review files, without git, whose state differs from machine to machine. */
export async function gravlBundle(name: 'staging' | 'production'): Promise<Bundle> {
  const system = await loadReviewFile(
    async (path) => readFileSync(join(root, path), 'utf8'),
    `examples/gravl/${name}.seaworthy.yaml`,
  );
  return gather(io, { ...system, sources: system.sources.filter(({ kind }) => kind !== 'git') });
}
