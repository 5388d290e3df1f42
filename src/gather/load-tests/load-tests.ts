import type { LoadTestData, SlotOf } from '../../evidence/bundle.ts';
import { digestOf } from '../../evidence/digest.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import { parseMoment } from '../../model/time.ts';
import type { Io } from '../io.ts';
import { isRecord, numberOf, textOf } from '../records.ts';

const maxBytes = 64 << 20;

/** The evidence of one load-test run. A file that is missing, cut or of another kind is a slot that says so. */
export async function gatherLoadTests(
  io: Io,
  spec: Extract<SourceSpec, { kind: 'load-test' }>,
): Promise<readonly SlotOf<'load-test'>[]> {
  const head = {
    id: `load-test:${spec.environment}:${spec.path}`,
    kind: 'load-test',
    source: spec.path,
    role: spec.role,
    environment: spec.environment,
  } as const;
  const read = await io.read(spec.path, maxBytes);
  if (!read.ok)
    return [
      read.problem === 'missing'
        ? { ...head, status: 'absent', reason: read.message }
        : { ...head, status: 'failed', code: 'SW_SOURCE_UNREADABLE', reason: read.message },
    ];
  const data = readLoadTest(spec.path, new TextDecoder().decode(read.bytes));
  if (data === undefined)
    return [{ ...head, status: 'failed', code: 'SW_SOURCE_UNREADABLE', reason: `${spec.path} is no load-test record` }];
  return [{ ...head, status: 'collected', collectedAt: io.now(), digest: digestOf(new TextDecoder().decode(read.bytes)), data }];
}

/**
 * Reads a record in our own format (`format: seaworthy.load-test/v1`). Latencies in ms, errorRate as a share of requests, rps
 * as requests completed per second. Undefined for anything else.
 */
export function readLoadTest(path: string, text: string): LoadTestData | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['format'] !== 'seaworthy.load-test/v1') return undefined;
  const startedAt = textOf(value['startedAt']);
  const moment = startedAt === undefined ? undefined : parseMoment(startedAt);
  const fields = {
    target: textOf(value['target']),
    environment: textOf(value['environment']),
    durationS: numberOf(value['durationS']),
    requests: numberOf(value['requests']),
    p95Ms: numberOf(value['p95Ms']),
    p99Ms: numberOf(value['p99Ms']),
    errorRate: numberOf(value['errorRate']),
    rps: numberOf(value['rps']),
  };
  const missing = ['p95Ms', 'p99Ms', 'errorRate', 'rps'].filter((name) => fields[name as keyof typeof fields] === undefined);
  const problem =
    value['valid'] === false
      ? (textOf(value['problem']) ?? 'the run says that it is not valid')
      : missing.length > 0
        ? `${missing.join(', ')} missing`
        : undefined;
  const digests = Array.isArray(value['imageDigests'])
    ? value['imageDigests'].filter((item): item is string => typeof item === 'string')
    : undefined;
  return {
    path,
    engine: textOf(value['engine']) ?? 'unknown',
    ...(moment?.ok ? { startedAt: moment.text } : {}),
    ...(Object.fromEntries(Object.entries(fields).filter(([, item]) => item !== undefined)) as Partial<LoadTestData>),
    ...(digests === undefined ? {} : { imageDigests: digests }),
    valid: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
  };
}
