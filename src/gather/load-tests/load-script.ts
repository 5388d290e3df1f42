import type { SlotOf } from '../../evidence/bundle.ts';
import { digestOfBytes } from '../../evidence/digest.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import type { Io } from '../io.ts';

/** A script is written by hand. */
const maxScriptBytes = 16 << 20;

/** The script of the load test as it stands now: its digest tells whether a result is of this script. */
export async function gatherLoadScript(
  io: Io,
  spec: Extract<SourceSpec, { kind: 'load-script' }>,
): Promise<SlotOf<'load-script'>> {
  const { path, role, environment } = spec;
  const head = { id: `load-script:${environment}:${path}`, kind: 'load-script', source: path, role, environment } as const;
  const read = await io.read(path, maxScriptBytes);
  if (!read.ok)
    return read.problem === 'missing'
      ? { ...head, status: 'absent', reason: read.message }
      : { ...head, status: 'failed', code: 'SW_SOURCE_UNREADABLE', reason: read.message };
  const sha256 = digestOfBytes(read.bytes);
  return { ...head, status: 'collected', collectedAt: io.now(), digest: sha256, data: { path, sha256 } };
}
