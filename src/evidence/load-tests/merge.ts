import { digestOf } from '../digest.ts';
import { addDistributions, type Distribution } from './distribution.ts';
import { partsOf, reasonAgainst, shareOf, skewOf } from './mergeable.ts';
import { type LoadBlock, type LoadTestRecord, sealRecord, type UnsealedRecord } from './record.ts';

export type Merged = { readonly ok: true; readonly record: LoadTestRecord } | { readonly ok: false; readonly problem: string };

/**
 * The records of runners that ran one test together, as one record. Counts, blocks and histograms add up exactly, in any order and in any
 * grouping; percentiles are never averaged. Refused: records of different tests, targets or engines, the same record twice, records that hold
 * no more than percentiles, and runners that started more than one block apart.
 *
 * Shares of the declared load (`test.share`) add up. Less than all of it, or fewer than `runners`: the result is stopped as `runner-missing`.
 * More, where each ran all of it: together they ran another test than the declared one, so the result carries another scenario's digest.
 */
export function mergeRecords(records: readonly LoadTestRecord[], { runners }: { readonly runners?: number } = {}): Merged {
  const problem = reasonAgainst(records, runners);
  if (problem !== undefined) return { ok: false, problem };
  const ordered = [...records].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const [first] = ordered;
  return first === undefined
    ? { ok: false, problem: 'there is no record' }
    : { ok: true, record: sealRecord(sum(first, ordered, runners)) };
}

function sum(first: LoadTestRecord, records: readonly LoadTestRecord[], expected: number | undefined): UnsealedRecord {
  const engine = engineOf(records);
  const share = round(total(records, shareOf));
  const { skewS, startedAt } = skewOf(records);
  const stopped = stopOf(records, share, engine.runners, expected);
  return {
    engine,
    test: testOf(first, records, share),
    target: first.target,
    ...(first.environment === undefined ? {} : { environment: first.environment }),
    ...(first.images === undefined ? {} : { images: first.images }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(stopped === undefined ? {} : { stopped }),
    counts: countsOf(records),
    seconds: Math.max(...records.map(({ seconds }) => seconds)),
    limitsMs: first.limitsMs,
    ...distributionOf('response', records),
    blocks: blocksOf(records, first.limitsMs),
    ...distributionOf('service', records),
    ...distributionOf('sendLag', records),
    ...generatorOf(records),
    ...k6Of(records),
    merged: { parts: records.flatMap(partsOf).sort(), startSkewS: skewS },
    notes: notesOf(records, engine, share, skewS),
  };
}

type Measured = 'response' | 'service' | 'sendLag';
type Engine = LoadTestRecord['engine'];

const total = (records: readonly LoadTestRecord[], of: (record: LoadTestRecord) => number): number =>
  records.reduce((number, record) => number + of(record), 0);

/** Sums of fractions are the same whatever their order only after rounding. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6;

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const joined = (texts: readonly string[]): string => distinct(texts.flatMap((text) => text.split(', '))).join(', ');

function engineOf(records: readonly LoadTestRecord[]): Engine {
  const name = records.some(({ engine }) => engine.name === 'k6-operator')
    ? 'k6-operator'
    : (records[0]?.engine.name ?? 'embedded');
  const runtimes = records.flatMap(({ engine }) => engine.runtime ?? []);
  return {
    name,
    version: joined(records.map(({ engine }) => engine.version)),
    ...(runtimes.length === 0 ? {} : { runtime: joined(runtimes) }),
    runners: total(records, ({ engine }) => engine.runners),
  };
}

function testOf({ test }: LoadTestRecord, records: readonly LoadTestRecord[], share: number): UnsealedRecord['test'] {
  const { scenario, share: _, rate: __, ...rest } = test;
  const rates = records.flatMap((record) => record.test.rate ?? []);
  return {
    // Left out, nothing would say any more that it is not the declared one.
    ...(scenario === undefined ? {} : { scenario: isMore(share) ? digestOf({ scenario, times: share }) : scenario }),
    ...rest,
    ...(rates.length < records.length ? {} : { rate: round(rates.reduce((all, rate) => all + rate, 0)) }),
    ...(isLess(share) ? { share } : {}),
  };
}

/** Shares such as a third are not exact. */
const tolerance = 1e-4;
const isLess = (share: number): boolean => share < 1 - tolerance;
const isMore = (share: number): boolean => share > 1 + tolerance;

/** The earliest stop. That runners were missing from an earlier, smaller merge says nothing once they are here. */
function stopOf(
  records: readonly LoadTestRecord[],
  share: number,
  runners: number,
  expected: number | undefined,
): NonNullable<LoadTestRecord['stopped']> | undefined {
  const stops = records.flatMap(({ stopped, test }) =>
    stopped === undefined || (stopped.reason === 'runner-missing' && test.share !== undefined) ? [] : [stopped],
  );
  const [earliest] = stops.sort(
    (a, b) => a.afterS - b.afterS || (`${a.reason} ${a.message}` < `${b.reason} ${b.message}` ? -1 : 1),
  );
  if (earliest !== undefined) return earliest;
  const afterS = Math.max(...records.map(({ seconds }) => seconds));
  if (expected !== undefined && runners < expected)
    return { reason: 'runner-missing', afterS, message: `Records of ${runners} of ${expected} runners are here.` };
  if (!isLess(share)) return undefined;
  const percent = Math.round(share * 1000) / 10;
  return { reason: 'runner-missing', afterS, message: `The runners whose records are here had ${percent} % of the load.` };
}

function countsOf(records: readonly LoadTestRecord[]): LoadTestRecord['counts'] {
  const of = (key: 'planned' | 'sent' | 'ok' | 'failed' | 'timeouts' | 'dropped' | 'retried' | 'unfinished') =>
    total(records, ({ counts }) => counts[key]);
  return {
    planned: of('planned'),
    sent: of('sent'),
    ok: of('ok'),
    failed: of('failed'),
    timeouts: of('timeouts'),
    dropped: of('dropped'),
    retried: of('retried'),
    unfinished: of('unfinished'),
    byStatus: addUp(records.map(({ counts }) => counts.byStatus)),
    byError: addUp(records.map(({ counts }) => counts.byError)),
  };
}

function addUp(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const part of parts) for (const [key, count] of Object.entries(part)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Only where every runner that had answers measured it: a part would look like the whole. */
function distributionOf(key: Measured, records: readonly LoadTestRecord[]): Partial<Record<Measured, Writable>> {
  const withAnswers = records.filter(({ counts }) => counts.ok + counts.failed > 0);
  const parts = withAnswers.flatMap((record) => record[key] ?? []);
  return parts.length === 0 || parts.length < withAnswers.length ? {} : { [key]: writable(addDistributions(parts)) };
}

type Writable = NonNullable<LoadTestRecord['response']>;
const writable = ({ buckets, ...rest }: Distribution): Writable => ({
  ...rest,
  buckets: buckets.map(([edge, count]) => [edge, count]),
});

function blocksOf(records: readonly LoadTestRecord[], limitsMs: readonly number[]): LoadBlock[] {
  const length = Math.max(...records.map(({ blocks }) => blocks.length));
  return Array.from({ length }, (_, index) =>
    blockOf(
      records.flatMap(({ blocks }) => blocks[index] ?? []),
      limitsMs,
    ),
  );
}

function blockOf(parts: readonly LoadBlock[], limitsMs: readonly number[]): LoadBlock {
  const of = (value: (block: LoadBlock) => number) => parts.reduce((number, part) => number + value(part), 0);
  const responses = parts.flatMap(({ response }) => response ?? []);
  return {
    startS: parts[0]?.startS ?? 0,
    seconds: Math.max(...parts.map(({ seconds }) => seconds)),
    n: of(({ n }) => n),
    failed: of(({ failed }) => failed),
    over: Object.fromEntries(limitsMs.map((limit) => [String(limit), of(({ over }) => over[String(limit)] ?? 0)])),
    ...(responses.length < parts.length ? {} : { response: writable(addDistributions(responses)) }),
  };
}

/** The worst of each, and the share of all planned starts that were sent. Absent where a runner does not tell. */
function generatorOf(records: readonly LoadTestRecord[]): Pick<UnsealedRecord, 'generator'> {
  const told = records.flatMap(({ generator, counts }) =>
    generator === undefined ? [] : [{ ...generator, planned: counts.planned }],
  );
  if (told.length < records.length) return {};
  const planned = told.reduce((number, item) => number + item.planned, 0);
  const worst = (key: 'lagP99Ms' | 'loopDelayP99Ms' | 'cpu') => Math.max(...told.map((item) => item[key]));
  const started = told.reduce((number, item) => number + item.startedShare * item.planned, 0);
  return {
    generator: {
      lagP99Ms: worst('lagP99Ms'),
      loopDelayP99Ms: worst('loopDelayP99Ms'),
      cpu: worst('cpu'),
      startedShare: planned === 0 ? Math.min(...told.map(({ startedShare }) => startedShare)) : round(started / planned),
    },
  };
}

/** A threshold holds where it held for every runner; each judged its own part of the load. */
function k6Of(records: readonly LoadTestRecord[]): Pick<UnsealedRecord, 'k6'> {
  const told = records.flatMap(({ k6 }) => k6 ?? []);
  if (told.length === 0) return {};
  const codes = told.flatMap(({ exitCode }) => exitCode ?? []);
  const thresholds = new Map<string, NonNullable<LoadTestRecord['k6']>['thresholds'][number]>();
  for (const item of told.flatMap((part) => part.thresholds)) {
    const key = JSON.stringify([item.metric, item.expression]);
    thresholds.set(key, { ...item, ok: item.ok && (thresholds.get(key)?.ok ?? true) });
  }
  return {
    k6: {
      ...(codes.length < records.length ? {} : { exitCode: codes.reduce(worseExit) }),
      thresholds: [...thresholds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item),
      droppedIterations: told.reduce((number, item) => number + item.droppedIterations, 0),
    },
  };
}

/** 0 is success and 99 a threshold that failed; anything else ended the run. */
const worseExit = (a: number, b: number): number => (exitRank(b) > exitRank(a) || (exitRank(a) === exitRank(b) && b > a) ? b : a);
const exitRank = (code: number): number => (code === 0 ? 0 : code === 99 ? 1 : 2);

const mark = 'Merged: ';

function notesOf(records: readonly LoadTestRecord[], engine: Engine, share: number, skewS: number): string[] {
  const own = distinct(records.flatMap(({ notes }) => notes)).filter((note) => !note.startsWith(mark));
  const about: string[] = [];
  if (engine.runners > 1)
    about.push(`${engine.runners} runners, which started ${skewS} s apart; blocks are aligned by each runner's own start.`);
  if (engine.version.includes(', ')) about.push(`the runners had different versions: ${engine.version}.`);
  if (isMore(share) && records.some(({ test }) => test.scenario !== undefined))
    about.push(
      'each runner ran the whole scenario, so that together they ran another test, with a higher rate, than the declared one.',
    );
  if (records.some(({ test }) => test.script !== undefined && test.share === undefined))
    about.push('whether each runner ran its share of the script or all of it is not in the records; rates and counts are sums.');
  return [...own.slice(0, 100 - about.length), ...about.map((text) => mark + text)];
}
