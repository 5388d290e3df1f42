import type { SlotOf } from '../../evidence/bundle.ts';
import { digestOf } from '../../evidence/digest.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import type { Io } from '../io.ts';
import { expandGlob, isGlob } from '../manifests/walk.ts';
import { readScan } from './read-scan.ts';

const maxReportBytes = 256 << 20;

/** Scanner reports of images: a file or a glob, one slot a report. */
export async function gatherImageScans(
  io: Io,
  spec: Extract<SourceSpec, { kind: 'image-scan' }>,
): Promise<readonly SlotOf<'image-scan'>[]> {
  const paths = isGlob(spec.path) ? await expandGlob(io, spec.path) : [spec.path];
  if (paths.length === 0) return [{ ...head(spec, spec.path), status: 'absent', reason: `no file matches ${spec.path}` }];
  return Promise.all(paths.map((path) => readOne(io, spec, path)));
}

const head = (spec: Extract<SourceSpec, { kind: 'image-scan' }>, path: string) =>
  ({
    id: `image-scan:${spec.environment}:${path}`,
    kind: 'image-scan',
    source: path,
    role: spec.role,
    environment: spec.environment,
  }) as const;

async function readOne(io: Io, spec: Extract<SourceSpec, { kind: 'image-scan' }>, path: string): Promise<SlotOf<'image-scan'>> {
  const read = await io.read(path, maxReportBytes);
  if (!read.ok) {
    return read.problem === 'missing'
      ? { ...head(spec, path), status: 'absent', reason: read.message }
      : { ...head(spec, path), status: 'failed', code: 'SW_SOURCE_UNREADABLE', reason: read.message };
  }
  const text = new TextDecoder().decode(read.bytes);
  const data = readScan(path, text);
  if (data === undefined)
    return {
      ...head(spec, path),
      status: 'failed',
      code: 'SW_SOURCE_UNREADABLE',
      reason: `${path} is no scanner report that we know (Trivy or Grype JSON)`,
    };
  return { ...head(spec, path), status: 'collected', collectedAt: io.now(), digest: digestOf(text), data };
}
