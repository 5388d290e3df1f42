import { momentMs } from '../../model/time.ts';
import { canonicalJson } from '../digest.ts';
import type { LoadTestRecord } from './record.ts';

/** Why records cannot be added up; undefined where they can. */
export function reasonAgainst(records: readonly LoadTestRecord[], runners: number | undefined): string | undefined {
  const [first] = records;
  if (first === undefined) return 'there is no record';
  const given = records.reduce((count, { engine }) => count + engine.runners, 0);
  if (runners !== undefined && given > runners) return `there are records of ${given} runners, and only ${runners} ran`;
  if (records.some(holdsOnlyQuantiles))
    return 'one of them holds percentiles and no histogram, and percentiles of runners cannot be added';
  return (
    duplicate(records) ?? difference(first, records) ?? unevenBlocks(first, records) ?? unevenBuckets(records) ?? apart(records)
  );
}

/** Digests of the records of single runners that a record is made of. */
export const partsOf = ({ merged, digest }: LoadTestRecord): readonly string[] => merged?.parts ?? [digest];

export const shareOf = ({ test }: LoadTestRecord): number => test.share ?? 1;

/** The earliest start, as it was written, and how many seconds later the last runner started. */
export function skewOf(records: readonly LoadTestRecord[]): { readonly skewS: number; readonly startedAt?: string } {
  const starts = records.flatMap(({ startedAt, merged }) =>
    startedAt === undefined
      ? []
      : [{ startedAt, ms: momentMs(startedAt), lastMs: momentMs(startedAt) + (merged?.startSkewS ?? 0) * 1000 }],
  );
  const [earliest] = starts.sort((a, b) => a.ms - b.ms || (a.startedAt < b.startedAt ? -1 : 1));
  if (earliest === undefined) return { skewS: 0 };
  const skewMs = Math.max(...starts.map(({ lastMs }) => lastMs)) - earliest.ms;
  return { skewS: Math.round(skewMs) / 1000, startedAt: earliest.startedAt };
}

const answers = ({ counts }: LoadTestRecord): number => counts.ok + counts.failed;

const holdsOnlyQuantiles = (record: LoadTestRecord): boolean =>
  record.quantiles !== undefined || (record.response === undefined && answers(record) > 0);

function duplicate(records: readonly LoadTestRecord[]): string | undefined {
  const parts = records.flatMap(partsOf);
  if (new Set(parts).size < parts.length) return 'the same record is there twice';
  // Two runners never measure the same sum of microseconds: such a record was saved twice, with other notes.
  const content = records.flatMap(({ startedAt, counts, response }) =>
    response === undefined || response.sumUs === 0 ? [] : [canonicalJson([startedAt ?? null, counts, response])],
  );
  return new Set(content).size < content.length ? 'two of them hold the same measurement' : undefined;
}

type Said = readonly [what: string, of: (record: LoadTestRecord) => unknown];

/** What has to be the same for all runners of one test. */
const same: readonly Said[] = [
  ['engines', ({ engine }) => (engine.name === 'k6-operator' ? 'k6' : engine.name)],
  // Another release may count in other buckets. Versions of k6 do not matter: its latencies are counted here.
  ['versions of the engine', ({ engine }) => (engine.name === 'embedded' ? engine.version : null)],
  ['scenarios', ({ test }) => test.scenario],
  ['scripts', ({ test }) => test.script?.sha256],
  ['tests that they stand in for', ({ test }) => test.substituteFor],
  ['models', ({ test }) => test.model],
  ['requests', ({ test }) => test.requests],
  ['variables', ({ test }) => test.variables],
  ['lengths', ({ test }) => [test.warmupS, test.steadyS]],
  ['limits', ({ limitsMs }) => limitsMs],
  ['targets', ({ target }) => target],
  ['environments', ({ environment }) => environment],
  ['images', ({ images }) => (images === undefined ? null : [images.basis, [...images.digests].sort()])],
];

function difference(first: LoadTestRecord, records: readonly LoadTestRecord[]): string | undefined {
  for (const [what, of] of same) {
    const expected = canonicalJson(of(first) ?? null);
    if (records.some((record) => canonicalJson(of(record) ?? null) !== expected)) return `they are of different ${what}`;
  }
  return undefined;
}

/** Blocks add up by their place in the run, so they must be cut alike; a run that stopped may have fewer. */
function unevenBlocks(first: LoadTestRecord, records: readonly LoadTestRecord[]): string | undefined {
  const withAnswers = records.filter((record) => answers(record) > 0);
  const withBlocks = withAnswers.filter(({ blocks }) => blocks.length > 0);
  if (withBlocks.length > 0 && withBlocks.length < withAnswers.length)
    return 'some of them have blocks of time and some have none';
  const longest = withBlocks.reduce((most, record) => (record.blocks.length > most.blocks.length ? record : most), first);
  for (const record of withBlocks) {
    const uneven = record.blocks.some((block, index) => {
      const other = longest.blocks[index];
      const isLast = index === record.blocks.length - 1 && record.stopped !== undefined;
      return other?.startS !== block.startS || (other.seconds !== block.seconds && !isLast);
    });
    if (uneven || (record.blocks.length < longest.blocks.length && record.stopped === undefined))
      return 'their blocks of time do not match';
  }
  return undefined;
}

/**
 * The bucket edges of the two ways to count that there are: whole microseconds with 3 significant digits, and the coarse buckets of a k6
 * script, which end just below a limit.
 */
function unevenBuckets(records: readonly LoadTestRecord[]): string | undefined {
  const kinds = new Set<string>();
  for (const { response } of records) {
    if (response === undefined || response.buckets.length === 0) continue;
    kinds.add(response.buckets.every(([edge]) => Number.isInteger(edge)) ? 'fine' : 'coarse');
  }
  return kinds.size > 1 ? 'their histograms have different buckets' : undefined;
}

/**
 * Runners that start far apart never offered the whole load together, and one stall of the target would be counted in two neighbouring
 * blocks, which would then look steadier than the target was. Within one block the difference is small and told.
 */
function apart(records: readonly LoadTestRecord[]): string | undefined {
  if (records.length < 2) return undefined;
  if (records.some(({ startedAt }) => startedAt === undefined)) return 'one of them does not say when it started';
  const { skewS } = skewOf(records);
  const blockS = records.reduce((least, { blocks }) => Math.min(least, blocks[0]?.seconds ?? least), Number.POSITIVE_INFINITY);
  const mostS = Number.isFinite(blockS) ? blockS : shortestBlockS;
  return skewS > mostS ? `their runners started ${skewS} s apart, which is more than one block of time (${mostS} s)` : undefined;
}

/** Where nothing was cut into blocks. */
const shortestBlockS = 5;
