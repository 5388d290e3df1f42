import { z } from 'zod';
import { parseMoment } from '../../model/time.ts';
import { digestOf } from '../digest.ts';
import { addDistributions, totalOf } from './distribution.ts';

/** The evidence of one load-test run: the same shape for every engine. It holds what was measured and no verdict: that is the gate's. */
export const loadTestFormat = 'seaworthy.load-test/v2';

const text = z.string().min(1).max(4096);
const count = z.int().min(0);
const seconds = z.number().min(0);
const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 hex digits');
const moment = z.string().refine((value) => parseMoment(value).ok, 'a moment is RFC 3339 with a zone');
const counts = z.record(z.string().max(128), count);

const distribution = z
  .strictObject({
    buckets: z.array(z.tuple([z.number().min(0), z.int().min(1)])).max(200_000),
    minUs: z.number().min(0),
    maxUs: z.number().min(0),
    sumUs: z.number().min(0),
  })
  .describe('Sparse histogram: pairs of (highest value of the bucket in µs, count), ascending; exact extremes and sum.');

const block = z
  .strictObject({
    startS: seconds.describe('From the start of the steady window.'),
    seconds: z.number().positive(),
    n: count.describe('Requests whose intended start lies in this block.'),
    failed: count,
    over: z
      .record(z.string().regex(/^\d+(\.\d+)?$/), count)
      .describe('By limit in ms: how many responses took that long or longer.'),
    response: distribution.optional(),
  })
  .describe('One stretch of the steady window. Requests close to each other are not independent; blocks nearly are.');

/** Where a run ended before its plan did. */
export const stopReasons = ['interrupted', 'errors', 'aborted', 'engine-failed', 'runner-missing'] as const;

export const loadTestSchema = z.strictObject({
  format: z.literal(loadTestFormat),
  engine: z.strictObject({
    name: z.enum(['embedded', 'k6', 'k6-operator']),
    version: text,
    runtime: text.optional().describe('What the engine ran on: node and undici, or the platform that k6 names.'),
    runners: z.int().min(1),
  }),
  test: z.strictObject({
    scenario: sha256
      .optional()
      .describe('Digest of the scenario of the review file that was run; another one where several runners each ran all of it.'),
    script: z.strictObject({ path: text, sha256 }).optional().describe('The k6 script that was run.'),
    substituteFor: text.optional().describe('The script that was declared as the test and did not run.'),
    model: z.enum(['open', 'closed', 'unknown']).describe('open: requests start by a plan, whatever the server does.'),
    rate: z.number().min(0).optional().describe('Planned requests a second, mean over the steady window.'),
    share: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('The share of the declared load that was planned here; absent: all of it.'),
    warmupS: seconds,
    steadyS: seconds.describe('Planned length of the steady window.'),
    requests: z.array(z.strictObject({ name: text, method: text, path: text, weight: z.number().positive() })).max(10_000),
    variables: z.array(text).describe('Names of environment variables that the test used. Values are never kept.'),
  }),
  target: text.describe('URL without user, password, query and fragment.'),
  environment: text.optional(),
  images: z
    .strictObject({
      digests: z.array(sha256),
      basis: z
        .enum(['objects', 'stated'])
        .describe('objects: read off objects of the tested environment. stated: said by who ran it.'),
    })
    .optional(),
  startedAt: moment.optional(),
  stopped: z.strictObject({ reason: z.enum(stopReasons), afterS: seconds, message: text }).optional(),
  counts: z
    .strictObject({
      planned: count,
      sent: count,
      ok: count,
      failed: count,
      timeouts: count,
      dropped: count.describe('Planned and never sent.'),
      retried: count.describe('Sent again after the server closed an idle connection.'),
      unfinished: count.describe('Without an answer when the run ended.'),
      byStatus: counts,
      byError: counts,
    })
    .describe('Of the steady window.'),
  seconds: seconds.describe('Measured length of the steady window.'),
  limitsMs: z.array(z.number().positive()).describe('Limits for which the counts in `over` are exact.'),
  response: distribution.optional().describe('Last byte minus intended start (embedded), or what k6 calls http_req_duration.'),
  quantiles: z
    .strictObject({ p50Ms: seconds.optional(), p95Ms: seconds.optional(), p99Ms: seconds.optional(), maxMs: seconds.optional() })
    .optional()
    .describe('Instead of a histogram, where the engine printed no more than a summary.'),
  blocks: z.array(block).max(100_000),
  service: distribution.optional().describe('Last byte minus the moment of sending.'),
  sendLag: distribution.optional().describe('Sending minus intended start: how late the generator was.'),
  generator: z
    .strictObject({
      lagP99Ms: seconds,
      loopDelayP99Ms: seconds,
      cpu: z.number().min(0).describe('Busiest worker: share of one core.'),
      startedShare: z.number().min(0).describe('Share of planned starts that were sent in the steady window.'),
    })
    .optional(),
  k6: z
    .strictObject({
      exitCode: z.int().optional(),
      thresholds: z.array(z.strictObject({ metric: text, expression: text, ok: z.boolean() })),
      droppedIterations: count,
    })
    .optional(),
  merged: z
    .strictObject({ parts: z.array(sha256).max(10_000), startSkewS: seconds })
    .optional()
    .describe('Where records were merged: their digests, sorted, and how far apart their runners started.'),
  notes: z.array(text).max(100).describe('What a reader of the figures should know.'),
  digest: sha256.describe('Of the canonical JSON of everything else.'),
});

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
export type LoadTestRecord = DeepReadonly<z.infer<typeof loadTestSchema>>;
export type UnsealedRecord = Omit<LoadTestRecord, 'digest' | 'format'>;
export type LoadBlock = LoadTestRecord['blocks'][number];

/** The record with its format and the digest of its content. */
export function sealRecord(record: UnsealedRecord): LoadTestRecord {
  const content = { format: loadTestFormat, ...record } as const;
  return { ...content, digest: digestOf(content) };
}

export type ReadRecord =
  | { readonly ok: true; readonly record: LoadTestRecord }
  | { readonly ok: false; readonly problem: string };

/** Reads a record from parsed JSON. Refuses what is incomplete, what was edited after the run, and figures that contradict each other. */
export function readRecord(value: unknown): ReadRecord {
  const parsed = loadTestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      ok: false,
      problem: `it is no complete record (${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'})`,
    };
  }
  const record = parsed.data;
  const { digest, ...content } = record;
  if (digestOf(content) !== digest) return { ok: false, problem: 'it was changed after the run: its digest is another' };
  const problem = contradiction(record);
  return problem === undefined ? { ok: true, record } : { ok: false, problem };
}

/** Whether a value says that it is a record of ours, of whatever version. */
export const isRecordFormat = (format: unknown): boolean =>
  typeof format === 'string' && format.startsWith('seaworthy.load-test/');

function contradiction({ blocks, response, counts, limitsMs, seconds: length }: LoadTestRecord): string | undefined {
  const ended = counts.ok + counts.failed;
  if (counts.sent > 0 && length <= 0) return 'requests in a window without length contradict each other';
  if (response !== undefined && totalOf(response) !== ended)
    return `${totalOf(response)} latencies and ${ended} requests contradict each other`;
  if (response !== undefined && !isAscending(response.buckets)) return 'its histogram is not in order';
  if (blocks.length === 0) return undefined;
  const sum = (of: (block: LoadBlock) => number) => blocks.reduce((total, item) => total + of(item), 0);
  if (sum(({ n }) => n) !== ended || sum(({ failed }) => failed) !== counts.failed)
    return 'its blocks do not add up to the whole';
  for (const { n, failed, over } of blocks) {
    if (failed > n || Object.values(over).some((number) => number > n))
      return 'a block holds more failures or slow responses than requests';
    if (limitsMs.some((limit) => over[String(limit)] === undefined)) return 'a block lacks the count of a limit';
  }
  const parts = blocks.flatMap((item) => item.response ?? []);
  if (response !== undefined && parts.length === blocks.length) {
    const whole = addDistributions(parts);
    if (JSON.stringify(whole.buckets) !== JSON.stringify(response.buckets)) return 'its blocks do not add up to the histogram';
  }
  return undefined;
}

const isAscending = (buckets: readonly (readonly [number, number])[]): boolean =>
  buckets.every(([edge], index) => index === 0 || edge > (buckets[index - 1]?.[0] ?? 0));
