import type { LoadTestData } from '../../evidence/bundle.ts';
import { declaredReview } from '../../facts/inventory.ts';
import { loadTests } from '../../facts/load-tests.ts';
import { servingImages } from '../../facts/serving-images.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { addDays } from '../../model/time.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

export const loadTest = defineCheck({
  id: 'load-test',
  gate: 'performance',
  level: 'blocker',
  title: 'A load test of these images keeps within the limits',
  rationale: 'The first busy hour is a load test too, with users in it.',
  remedy: 'run-load-test',
  references: ['https://grafana.com/docs/k6/latest/using-k6/thresholds/'],
  decidedBy: 'evidence',
  attestable: false,
  whenToWaive: 'A launch to a known, small number of users.',
  needs: { loadTests, declaredReview, servingImages },
  parameters: {
    p95Ms: 200,
    p99Ms: 500,
    errorRate: 0.001,
    minRps: 100,
    maxAgeDays: 14,
    acceptEnvironments: ['staging', 'production'] as readonly string[],
  },
  stricter: { p95Ms: 'lower', p99Ms: 'lower', errorRate: 'lower', minRps: 'higher', maxAgeDays: 'lower' },
  messages: {
    'not-run': 'No result of a load test is in the sources{unread}. Run one, and declare its result under spec.loadTest.results.',
    invalid: 'The run {path} says nothing: {problem}.',
    undated: 'The run {path} does not say when it began.',
    future: 'The run {path} is dated {startedAt}, after this review.',
    'no-environment': 'The run {path} does not say in which environment it ran.',
    environment: 'The run {path} was in {environment}; accepted are {accepted}.',
    'no-digests': 'The run {path} does not say which images it was against.',
    tags: 'Whether the run {path} was of these images is not known: {image} is named by tag. Pin it by digest.',
    'other-images': 'The run {path} was not of {image}.',
    foreign: 'The run {path} was of an image that is not under review: {digest}.',
    p95: '{path}: 95 % of requests took up to {value} ms; the limit is below {limit} ms.',
    p99: '{path}: 99 % of requests took up to {value} ms; the limit is below {limit} ms.',
    errors: '{path}: {value} of requests failed; the limit is below {limit}.',
    throughput: '{path}: {value} requests a second; more than {limit} are asked for.',
    stale: 'The run {path} is of {startedAt}; it may be {days} days old.',
    within:
      '{path} ({startedAt}, {engine}, in {environment}): p95 {p95} ms, p99 {p99} ms, {errors} failed, {rps} requests a second; limits {limits}.',
  },
  looksFor: [],
  *targets({ declaredReview }): Generator<Target> {
    yield { ref: { apiVersion: ownApiVersion, kind: 'LoadTest', name: declaredReview.loadTest?.script ?? 'load-test' } };
  },
  assess(_, { loadTests, declaredReview, servingImages, asOf, parameters }, say) {
    const limits = limitsOf(parameters, declaredReview.loadTest?.thresholds);
    const accepted = [...new Set([...parameters.acceptEnvironments, declaredReview.environment])];
    const [newest] = loadTests.runs;
    if (newest === undefined) {
      const [unread] = loadTests.unread;
      return say.unknown('not-run', {
        unread: unread === undefined ? '' : `; ${unread.source} could not be used (${unread.reason})`,
      });
    }
    // A newer run of other images, or one that says nothing, does not hide an older one of these.
    const run = loadTests.runs.find((candidate) => doubtOf(candidate) === undefined);
    if (run === undefined) {
      // Which images it was of may be open; that a limit was exceeded is not.
      const doubt = doubtOf(newest);
      const [first, ...rest] = doubt?.message === 'tags' || doubt?.message === 'no-digests' ? excess(newest) : [];
      return first === undefined ? (doubt ?? say.unknown('not-run', { unread: '' })) : [first, ...rest];
    }
    const [first, ...rest] = excess(run);
    if (first !== undefined) return [first, ...rest];
    const { path, startedAt = '', engine, environment = '' } = run;
    const until = addDays(startedAt, parameters.maxAgeDays);
    if (until <= asOf) return { ...say.unknown('stale', { path, startedAt, days: parameters.maxAgeDays }), reason: 'stale' };
    const passed = say.pass('within', {
      path,
      startedAt,
      engine,
      environment,
      p95: run.p95Ms ?? '',
      p99: run.p99Ms ?? '',
      errors: percent(run.errorRate ?? 0),
      rps: run.rps ?? '',
      limits: `${limits.p95Ms} ms, ${limits.p99Ms} ms, ${percent(limits.errorRate)}, ${limits.minRps}/s`,
    });
    return { ...passed, until };

    /** Why a run cannot be judged; undefined where it can. */
    function doubtOf(candidate: LoadTestData): Judgement | undefined {
      const { path, startedAt, environment, imageDigests } = candidate;
      const problem = invalidity(candidate);
      if (problem !== undefined) return say.unknown('invalid', { path, problem });
      if (startedAt === undefined) return say.unknown('undated', { path });
      if (startedAt > asOf) return say.unknown('future', { path, startedAt });
      if (environment === undefined) return say.unknown('no-environment', { path });
      if (!accepted.includes(environment))
        return say.unknown('environment', { path, environment, accepted: accepted.join(', ') });
      if (imageDigests === undefined || imageDigests.length === 0) return say.unknown('no-digests', { path });
      const tested = new Set(imageDigests.flatMap((text) => /(?:^|@)(sha\d{3}:[0-9a-f]+)$/.exec(text)?.[1] ?? []));
      const { entry, digests } = servingImages;
      const tagged = entry.find(({ image }) => image?.digest === undefined);
      if (tagged !== undefined) return say.unknown('tags', { path, image: tagged.written });
      const untested = entry.find(({ image }) => !tested.has(image?.digest ?? ''));
      if (untested !== undefined) return say.unknown('other-images', { path, image: untested.written });
      // Without a workload in the sources nothing says what the run should have been of.
      if (entry.length === 0) return say.unknown('other-images', { path, image: 'any image in the sources' });
      const foreign = [...tested].find((digest) => !digests.has(digest));
      return foreign === undefined ? undefined : say.unknown('foreign', { path, digest: foreign });
    }

    /** Each limit that a run exceeds. Limits are strict: 200 ms are not below 200 ms. */
    function excess({ path, p95Ms = 0, p99Ms = 0, errorRate = 0, rps = 0 }: LoadTestData): readonly Judgement[] {
      const found: Judgement[] = [];
      if (p95Ms >= limits.p95Ms) found.push(say.fail('p95', { path, value: p95Ms, limit: limits.p95Ms }));
      if (p99Ms >= limits.p99Ms) found.push(say.fail('p99', { path, value: p99Ms, limit: limits.p99Ms }));
      if (errorRate >= limits.errorRate && errorRate > 0)
        found.push(say.fail('errors', { path, value: percent(errorRate), limit: percent(limits.errorRate) }));
      if (rps <= limits.minRps) found.push(say.fail('throughput', { path, value: rps, limit: limits.minRps }));
      return found.map((judgement) => ({ ...judgement, location: { file: path, path: '' } }));
    }
  },
});

interface Limits {
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly errorRate: number;
  readonly minRps: number;
}

/** The stricter of what the standard and the review file ask. */
const limitsOf = (standard: Limits, declared: Limits | undefined): Limits => ({
  p95Ms: Math.min(standard.p95Ms, declared?.p95Ms ?? standard.p95Ms),
  p99Ms: Math.min(standard.p99Ms, declared?.p99Ms ?? standard.p99Ms),
  errorRate: Math.min(standard.errorRate, declared?.errorRate ?? standard.errorRate),
  minRps: Math.max(standard.minRps, declared?.minRps ?? standard.minRps),
});

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;

/** Why the numbers of a run mean nothing; undefined where they do. A run that sent nothing passes every limit but one. */
function invalidity({ valid, problem, requests, p95Ms, p99Ms, errorRate, rps }: LoadTestData): string | undefined {
  if (!valid) return problem ?? 'it is marked as not valid';
  if (requests !== undefined && requests <= 0) return 'it sent no requests';
  if (p95Ms === undefined || p99Ms === undefined || errorRate === undefined || rps === undefined) return 'a number is missing';
  if (p95Ms <= 0 || p99Ms < p95Ms || errorRate < 0 || errorRate > 1 || rps < 0) return 'its numbers contradict each other';
  return undefined;
}
