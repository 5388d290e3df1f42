import { z } from 'zod';
import { forms, parseLength, parseRate, parseShare } from './measures.ts';

const text = z.string().min(1).max(4096);

/** A text in one of the forms that a parser reads; the message is an example of them. */
const measure = (parse: (value: string) => number | undefined, form: string) =>
  z
    .string(form)
    .max(64, form)
    .refine((value) => parse(value) !== undefined, form);

const length = (longestMs: number, longest: string) =>
  measure(parseLength, forms.duration)
    .refine((value) => (parseLength(value) ?? 0) <= longestMs, `the longest is ${longest}`)
    .describe('A length of time: 30s, 5m, 1h30m, 500ms.');
/** `warmup: 0s` is none. */
export const isNone = (value: string | number): boolean => value === 0 || /^0(?:ms|s|m|h)?$/.test(String(value).trim());
const days = (number: number) => number * 86_400_000;

const positive = (what: string) => z.number().positive(`${what} must be above 0`);
const rate = positive('a rate').max(1_000_000).describe('Requests a second.');

const headers = z.record(z.string().max(256), z.union([z.string().max(65_536), z.number(), z.boolean()]));
const statuses = z
  .array(z.union([z.int(), z.string().max(16)]))
  .min(1, 'at least one status must count as success')
  .max(100)
  .describe('Statuses that count as success: 200, "201-204". Default: 200-399.');
const body = z
  .union([z.string().max(1 << 20), z.record(z.string(), z.unknown()), z.array(z.unknown())])
  .describe('A text as it is, or an object that is sent as JSON.');

const requestCommon = {
  name: z.string().min(1).max(200).optional().describe('Default: method and path.'),
  method: z.string().max(16).optional().describe('Default: GET.'),
  headers: headers.optional(),
  body: body.optional(),
  success: statuses.optional(),
};
const path = z.string().max(4000).describe('Appended to the target; may hold templates.');

const request = z.strictObject({
  ...requestCommon,
  path: path.optional().describe('Default: /.'),
  weight: positive('a weight').max(1_000_000).optional().describe('Share of the load, beside the other weights. Default: 1.'),
});

const setup = z.strictObject({
  ...requestCommon,
  path,
  capture: z
    .record(z.string().max(64), z.string().max(1024))
    .optional()
    .describe('Names to JSON pointers into the answer: { token: /token }. Counts as secret.'),
});

const stage = z.strictObject({
  rate: rate.describe('Requests a second; with `to`, at the start.'),
  to: rate.optional().describe('Requests a second at the end of the stage.'),
  duration: length(days(7), '7 days'),
});

export const scenarioSchema = z
  .strictObject({
    rate: rate.optional(),
    duration: length(days(7), '7 days').optional(),
    stages: z.array(stage).min(1).max(1000).optional().describe('Instead of rate and duration: one after the other.'),
    warmup: z
      .union([
        measure((value) => (isNone(value) ? 0 : parseLength(value)), forms.duration),
        z.number().refine((value) => value === 0, forms.duration),
      ])
      .optional()
      .describe('Before the first stage, at its first rate; not counted. Default: 30s.'),
    timeout: length(120_000, '2m').optional().describe('Of one request, from its intended start. Default: 10s.'),
    connections: z.int().min(1).max(20_000).optional().describe('Most connections at one time. Default: 256.'),
    protocol: z.enum(['http/1.1', 'h2']).optional(),
    tls: z
      .strictObject({
        verify: z.boolean().optional().describe('Default: true.'),
        ca: text.optional().describe('File of further certificate authorities, PEM.'),
      })
      .optional(),
    setup: z.array(setup).max(100).optional().describe('Once, in this order, before the first request: sign-in.'),
    requests: z
      .array(request)
      .min(1, 'a scenario without requests sends nothing')
      .max(10_000)
      .optional()
      .describe('Default: GET of /.'),
    data: text.optional().describe('CSV or JSON file of rows, for ${data.column}; each request takes the next row.'),
  })
  .describe(
    'What to send, and when. Templates: ${NAME} of the environment, ${data.column}, ${setup.name}, ${run.iteration}, ${run.id}.',
  );
export type ScenarioFile = z.infer<typeof scenarioSchema>;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'an image digest is sha256: and 64 hex digits');

/** `moment` is the schema of points in time that the whole review file uses. */
export const loadTestSchema = (moment: z.ZodType<string, string>) => {
  const result = z.strictObject({
    path: text.describe('File, folder or glob.'),
    startedAt: moment.optional().describe('Where the file does not say it.'),
    environment: text.optional(),
    images: z.array(digest).max(1000).optional().describe('Digests of the images that were tested.'),
    model: z.enum(['open', 'closed']).optional(),
  });
  const latency = measure(parseLength, forms.latency);
  const thresholds = z.strictObject({
    p95: latency.optional().describe('200ms or 0.2s.'),
    p99: latency.optional().describe('500ms or 0.5s.'),
    errorRate: z
      .union([z.number().positive('no test can show a rate of 0').max(1, forms.share), measure(parseShare, forms.share)])
      .optional()
      .describe('0.1% or 0.001.'),
    throughput: measure(parseRate, forms.rate).optional().describe('100/s.'),
    p95Ms: z.number().positive().optional(),
    p99Ms: z.number().positive().optional(),
    minRps: z.number().min(0).optional(),
  });
  return z.strictObject({
    script: text.optional().describe('A k6 script; k6 runs it.'),
    target: z.string().min(1).max(8192).optional().describe('URL; may hold ${NAME}.'),
    environment: text.optional().describe('What the target is: staging.'),
    engine: z.enum(['auto', 'embedded', 'k6']).optional().describe('auto: k6 for a script, else the embedded engine.'),
    images: z.literal('under-review').optional().describe('States that the target runs the images under review.'),
    scenario: scenarioSchema.optional(),
    results: z
      .array(z.union([text, result]))
      .max(1000)
      .optional()
      .describe('Evidence of load-test runs: files, folders or globs.'),
    thresholds: thresholds
      .optional()
      .describe('Each strictly. What is absent is as the standard has it; of both, the stricter holds.'),
  });
};
