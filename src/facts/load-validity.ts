import type { LoadLimits } from '../evidence/declared.ts';
import { quantile } from '../evidence/load-tests/distribution.ts';
import type { LoadTestRecord } from '../evidence/load-tests/record.ts';
import { countRange, type LoadFigures } from './load-figures.ts';

export interface ValidityRules {
  readonly minSeconds: number;
  readonly minRequests: number;
}

/**
 * Why a run says nothing, as the end of a sentence; undefined where it says something. A run whose generator could not keep its plan says
 * nothing either way: what it measured may be its own doing. A short run counts where it fails too clearly for length to matter.
 */
export function invalidityOf(
  record: LoadTestRecord,
  figures: LoadFigures,
  limits: LoadLimits,
  rules: ValidityRules,
): string | undefined {
  return (
    stopOf(record) ??
    emptiness(record) ??
    contradiction(record) ??
    saturation(record, limits) ??
    omission(record) ??
    gap(figures) ??
    shortness(record, figures, rules)
  );
}

const seconds = (value: number): string => `${Number(value.toFixed(1))} s`;

/** A run that was stopped because requests failed shows that they did. Every other end leaves open what would have come. */
function stopOf({ stopped, test }: LoadTestRecord): string | undefined {
  if (test.share !== undefined && test.share < 1) return 'it is one part of a load: collect the parts of all runners';
  if (stopped === undefined || stopped.reason === 'errors') return undefined;
  const after = seconds(stopped.afterS);
  switch (stopped.reason) {
    case 'interrupted':
      return `it was interrupted after ${after}`;
    case 'aborted':
      return `it was aborted after ${after} (${stopped.message})`;
    case 'engine-failed':
      return `its engine failed after ${after} (${stopped.message})`;
    case 'runner-missing':
      return `a runner is missing (${stopped.message})`;
  }
}

function emptiness({ counts, stopped, seconds: length }: LoadTestRecord): string | undefined {
  if (counts.sent > 0 && length > 0) return undefined;
  if (stopped?.reason === 'errors') return `it was stopped for errors before anything was measured (${stopped.message})`;
  return 'it sent no requests';
}

/** Figures that no run can have. Records are checked when they are read; what a summary states is checked here alone. */
function contradiction({ counts, quantiles, response, blocks, limitsMs }: LoadTestRecord): string | undefined {
  const { sent, ok, failed } = counts;
  if (ok + failed > sent) return `its figures contradict each other: ${sent} requests were sent, and ${ok + failed} ended`;
  const known = [quantiles?.p50Ms, quantiles?.p95Ms, quantiles?.p99Ms, quantiles?.maxMs].filter((value) => value !== undefined);
  if (known.some((value, index) => value < (known[index - 1] ?? 0)))
    return 'its figures contradict each other: a higher percentile is lower';
  // A summary without any answer has zeros for latencies, and zeros keep every limit.
  if (quantiles !== undefined && response === undefined && (known.at(-1) ?? 0) <= 0) return 'its latencies are all 0';
  if (response === undefined || blocks.length === 0) return undefined;
  const wrong = limitsMs.find((limit) => {
    const { atLeast, atMost } = countRange(response, limit * 1000);
    const counted = blocks.reduce((sum, { over }) => sum + (over[String(limit)] ?? 0), 0);
    return counted < atLeast || counted > atMost;
  });
  return wrong === undefined
    ? undefined
    : `its figures contradict each other: the count above ${wrong} ms is not that of its histogram`;
}

/** Most of one core that the busiest worker may need: above it, queues grow in the generator. */
const busy = 0.8;

const saturated = 'its generator was saturated, and what it measured may be its own doing';

function saturation(record: LoadTestRecord, limits: LoadLimits): string | undefined {
  const { engine, generator, sendLag, counts } = record;
  if (generator !== undefined)
    return (
      lateness(generator.lagP99Ms, limits) ??
      (generator.cpu >= busy
        ? `${saturated}: its busiest worker used ${Math.round(generator.cpu * 100)} % of a core`
        : undefined) ??
      missingStarts(generator.startedShare, record)
    );
  if (engine.name === 'embedded') return 'it does not say whether its generator kept up with the plan';
  // A script of ours for k6 tells how late its requests started; of any other one knows how many did.
  const lagUs = sendLag === undefined ? undefined : quantile(sendLag, 0.99);
  return (
    (lagUs === undefined ? undefined : lateness(lagUs / 1000, limits)) ??
    (counts.planned === 0 ? undefined : missingStarts((counts.sent + counts.dropped) / counts.planned, record))
  );
}

function lateness(lagP99Ms: number, limits: LoadLimits): string | undefined {
  const allowed = Math.max(5, 0.05 * Math.min(limits.p95Ms, limits.p99Ms));
  if (lagP99Ms <= allowed) return undefined;
  return `${saturated}: 1 % of requests started ${ms(lagP99Ms)} late or more, and ${ms(allowed)} are allowed`;
}

/** A run that was stopped could not start what was planned for later. */
function missingStarts(share: number, { stopped }: LoadTestRecord): string | undefined {
  if (share >= 0.99 || stopped !== undefined) return undefined;
  return `${saturated}: ${Number((share * 100).toFixed(1))} % of the planned requests were started`;
}

const ms = (value: number): string => `${Number(value.toFixed(1))} ms`;

/** Requests that were planned and never sent have no latency, and would have had the worst. */
function omission({ counts, k6, stopped }: LoadTestRecord): string | undefined {
  const dropped = Math.max(counts.dropped, k6?.droppedIterations ?? 0);
  if (dropped === 0 || stopped?.reason === 'errors') return undefined;
  return `${dropped} planned ${k6 === undefined ? 'requests' : 'iterations'} were never sent, and those would have waited longest`;
}

function gap({ shares }: LoadFigures): string | undefined {
  const missing = shares.filter(({ value, over }) => value === undefined && over === undefined).map(({ id }) => id);
  return missing.length === 0 ? undefined : `it has no ${missing.join(' and no ')}`;
}

function shortness(record: LoadTestRecord, { shares }: LoadFigures, rules: ValidityRules): string | undefined {
  if (shares.some(({ clearly }) => clearly)) return undefined;
  if (record.stopped?.reason === 'errors')
    return shares.some(({ id, state }) => id === 'errors' && state === 'exceeded')
      ? undefined
      : `it was stopped for errors after ${seconds(record.stopped.afterS)}, which are not among what was measured`;
  const ended = record.counts.ok + record.counts.failed;
  if (record.seconds < rules.minSeconds) return `it measured ${seconds(record.seconds)}; ${seconds(rules.minSeconds)} are needed`;
  if (ended < rules.minRequests) return `it measured ${ended} requests; ${rules.minRequests} are needed`;
  return undefined;
}
