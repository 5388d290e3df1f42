import type { SlotOf } from '../../evidence/bundle.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import type { Io } from '../io.ts';
import { expandGlob, isGlob } from '../manifests/walk.ts';
import { readResult } from './read-result.ts';
import { withStated } from './stated.ts';

type Spec = Extract<SourceSpec, { kind: 'load-test' }>;
type LoadTestSlot = SlotOf<'load-test'>;

const resultName = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/i;
const maxFiles = 1000;

/**
 * Results of load tests: a file, the results in a folder, or a glob; one slot a file. A file that cannot be used is a slot that says why.
 * `limitsMs`: the limits that streams are counted against.
 */
export async function gatherLoadTests(io: Io, spec: Spec, limitsMs: readonly number[]): Promise<readonly LoadTestSlot[]> {
  const paths = await pathsOf(io, spec.path);
  if (paths.length === 0)
    return [{ ...headOf(spec, spec.path), status: 'absent', reason: `${spec.path} holds no result of a load test` }];
  if (paths.length > maxFiles)
    return [failed(spec, spec.path, `${spec.path} stands for ${paths.length} files; at most ${maxFiles} results are read`)];
  const slots: LoadTestSlot[] = [];
  // One after another: a stream may be as large as the memory of several.
  for (const path of paths) slots.push(await readOne(io, spec, path, limitsMs));
  return slots;
}

async function pathsOf(io: Io, path: string): Promise<readonly string[]> {
  if (isGlob(path)) return expandGlob(io, path);
  if ((await io.kindOf(path)) !== 'directory') return [path];
  const entries = (await io.list(path)) ?? [];
  return entries
    .filter(({ name, kind }) => kind !== 'directory' && resultName.test(name))
    .map(({ name }) => (path === '.' ? name : `${path}/${name}`));
}

async function readOne(io: Io, spec: Spec, path: string, limitsMs: readonly number[]): Promise<LoadTestSlot> {
  const read = await readResult(io, path, limitsMs);
  if (!read.ok)
    return read.problem === 'missing'
      ? { ...headOf(spec, path), status: 'absent', reason: read.message }
      : failed(spec, path, read.message, read.hint);
  const record = withStated(read.record, spec.stated);
  if (!record.ok) return failed(spec, path, `${path}: ${record.problem}`);
  return {
    ...headOf(spec, path),
    status: 'collected',
    collectedAt: io.now(),
    digest: read.digest,
    data: { path, record: record.record },
  };
}

const headOf = ({ role, environment }: Spec, path: string) =>
  ({ id: `load-test:${environment}:${path}`, kind: 'load-test', source: path, role, environment }) as const;

const failed = (spec: Spec, path: string, reason: string, hint?: string): LoadTestSlot => ({
  ...headOf(spec, path),
  status: 'failed',
  code: 'SW_LOAD_RESULT',
  reason,
  ...(hint === undefined ? {} : { hint }),
});
