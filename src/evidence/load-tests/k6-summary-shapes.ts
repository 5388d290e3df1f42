import { isObject } from '../../kube/json.ts';

/** Statistics of one metric, named as `--summary-export` names them: count, rate, passes, fails, min, med, max, p(95). */
export type SummaryMetric = Readonly<Record<string, number | undefined>>;

/** The three shapes of a k6 summary, made one. */
export interface Summary {
  readonly shape: 'export' | 'handle-summary' | 'machine-readable';
  readonly metrics: ReadonlyMap<string, SummaryMetric>;
  readonly thresholds: readonly { metric: string; expression: string; ok: boolean }[];
  /** Of the whole run, with setup and drain. */
  readonly durationS?: number;
  readonly endedAt?: string;
  readonly version?: string;
}

/** Each run of k6 has some of these; a file without any of them is of another program. */
const builtIn = [
  'http_reqs',
  'http_req_duration',
  'http_req_failed',
  'iterations',
  'iteration_duration',
  'data_sent',
  'data_received',
  'vus',
];
const maxMetrics = 20_000;

/** Reads whichever shape it is, told apart by keys. Undefined for anything else. */
export function normaliseSummary(value: unknown): Summary | undefined {
  if (!isObject(value)) return undefined;
  const { results, metrics } = value;
  if (isObject(results) && Array.isArray(results['metrics']))
    return machineReadable(value, results['metrics'] as readonly unknown[]);
  if (!isObject(metrics)) return undefined;
  const entries = Object.entries(metrics).slice(0, maxMetrics);
  const isOfK6 = entries.some(([name]) => builtIn.includes(name)) || (entries.length === 0 && isObject(value['root_group']));
  if (!isOfK6) return undefined;
  const isHandleSummary =
    isObject(value['state']) || entries.some(([, metric]) => isObject(metric) && isObject(metric['values']));
  return isHandleSummary ? handleSummary(value, entries) : legacyExport(entries);
}

type Entries = readonly (readonly [string, unknown])[];

/** `--summary-export`: statistics beside each other, and thresholds whose `true` means that they were crossed. */
function legacyExport(entries: Entries): Summary {
  const metrics = new Map<string, SummaryMetric>();
  const thresholds: Summary['thresholds'][number][] = [];
  for (const [name, metric] of entries) {
    if (!isObject(metric)) continue;
    const numbers = numbersOf(metric);
    // The share of a Rate is called value here, which elsewhere is that of a Gauge.
    metrics.set(name, numbers['passes'] === undefined ? numbers : { ...numbers, rate: numbers['value'] });
    for (const [expression, crossed] of Object.entries(objectOf(metric['thresholds'])))
      if (typeof crossed === 'boolean') thresholds.push({ metric: name, expression, ok: !crossed });
  }
  return { shape: 'export', metrics, thresholds };
}

/** What `handleSummary(data)` receives: statistics under `values`, thresholds as `{ ok }`. */
function handleSummary(value: Readonly<Record<string, unknown>>, entries: Entries): Summary {
  const metrics = new Map<string, SummaryMetric>();
  const thresholds: Summary['thresholds'][number][] = [];
  for (const [name, metric] of entries) {
    if (!isObject(metric)) continue;
    metrics.set(name, numbersOf(objectOf(metric['values'])));
    for (const [expression, outcome] of Object.entries(objectOf(metric['thresholds'])))
      if (isObject(outcome) && typeof outcome['ok'] === 'boolean')
        thresholds.push({ metric: name, expression, ok: outcome['ok'] });
  }
  const durationMs = objectOf(value['state'])['testRunDurationMs'];
  return {
    shape: 'handle-summary',
    metrics,
    thresholds,
    ...(isNumber(durationMs) ? { durationS: durationMs / 1000 } : {}),
  };
}

/** The opt-in summary of k6 1.5 and later: a list of metrics, `matches` of a Rate, `p95` without parentheses, and no thresholds. */
function machineReadable(value: Readonly<Record<string, unknown>>, list: readonly unknown[]): Summary | undefined {
  const metrics = new Map<string, SummaryMetric>();
  for (const metric of list.slice(0, maxMetrics)) {
    if (!isObject(metric) || typeof metric['name'] !== 'string') continue;
    const numbers = numbersOf(objectOf(metric['values']));
    const { matches, total } = numbers;
    metrics.set(metric['name'], {
      ...Object.fromEntries(
        Object.entries(numbers).map(([name, number]) => [name.replace(/^p(\d+(?:\.\d+)?)$/, 'p($1)'), number]),
      ),
      ...(matches === undefined || total === undefined ? {} : { passes: matches, fails: total - matches }),
    });
  }
  if (!builtIn.some((name) => metrics.has(name))) return undefined;
  const { duration } = objectOf(value['config']);
  const metadata = objectOf(value['metadata']);
  // The schema calls them generatedAt and k6Version; k6 1.8 writes generated_at and k6_version.
  const endedAt = textOf(metadata['generated_at']) ?? textOf(metadata['generatedAt']);
  const version = textOf(metadata['k6_version']) ?? textOf(metadata['k6Version']);
  return {
    shape: 'machine-readable',
    metrics,
    thresholds: [],
    ...(isNumber(duration) ? { durationS: duration } : {}),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(version === undefined ? {} : { version }),
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 100) : undefined;
const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

const numbersOf = (metric: Readonly<Record<string, unknown>>): SummaryMetric =>
  Object.fromEntries(Object.entries(metric).filter((entry): entry is [string, number] => isNumber(entry[1])));
