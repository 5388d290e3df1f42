import { environmentDifferences } from '../../facts/environment-differences.ts';
import { declaredReview } from '../../facts/inventory.ts';
import { strictestLimits } from '../../facts/load-figures.ts';
import { type LoadRun, loadTests } from '../../facts/load-tests.ts';
import { servingImages } from '../../facts/serving-images.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { addDays } from '../../model/time.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';
import { judgeRun, type LoadDemand, openFigures, percent, round, valueText } from '../judge-load-run.ts';
import { loadMessages } from '../load-messages.ts';
import { confidenceOf, remarksOf } from '../load-remarks.ts';

export const loadTest = defineCheck({
  id: 'load-test',
  gate: 'performance',
  level: 'blocker',
  title: 'A load test of these images keeps within the limits',
  rationale: 'The first busy hour is a load test too, with users in it.',
  remedy: 'run-load-test',
  references: [
    'https://grafana.com/docs/k6/latest/using-k6/thresholds/',
    'https://grafana.com/docs/k6/latest/using-k6/scenarios/concepts/open-vs-closed/',
  ],
  decidedBy: 'evidence',
  attestable: false,
  whenToWaive: 'A launch to a known, small number of users.',
  needs: { loadTests, declaredReview, servingImages, environmentDifferences },
  parameters: {
    p95Ms: 200,
    p99Ms: 500,
    errorRate: 0.001,
    minRps: 100,
    maxAgeDays: 14,
    minSeconds: 60,
    minRequests: 3000,
    minBlocks: 12,
    minBlockSeconds: 5,
    acceptPointEstimate: false,
    acceptClosedModel: false,
    acceptEnvironments: ['staging', 'production'] as readonly string[],
  },
  stricter: {
    p95Ms: 'lower',
    p99Ms: 'lower',
    errorRate: 'lower',
    minRps: 'higher',
    maxAgeDays: 'lower',
    minSeconds: 'higher',
    minRequests: 'higher',
    minBlocks: 'higher',
    minBlockSeconds: 'higher',
  },
  messages: loadMessages,
  looksFor: [],
  *targets({ declaredReview }): Generator<Target> {
    yield { ref: { apiVersion: ownApiVersion, kind: 'LoadTest', name: declaredReview.loadTest?.script ?? 'load-test' } };
  },
  assess(_, { loadTests, declaredReview, servingImages, environmentDifferences, asOf, parameters }, say) {
    const { environment } = declaredReview;
    const accepted = [...new Set([...parameters.acceptEnvironments, environment])];
    const limits = strictestLimits(parameters, declaredReview.loadTest?.thresholds);
    const demand: LoadDemand = { ...parameters, limits, accepted, asOf };
    const runs = loadTests.runs.map((run) => judgeRun(run, demand, { declared: loadTests.declared, images: servingImages }, say));
    const [newest] = runs;
    if (newest === undefined) {
      const [unread] = loadTests.unread;
      return say.unknown('not-run', {
        unread: unread === undefined ? '' : `; ${unread.source} could not be used (${unread.reason})`,
      });
    }
    // A newer run of something else, or one that says nothing, does not hide an older one of these images.
    const decisive = runs.find(({ doubt }) => doubt === undefined);
    if (decisive === undefined) {
      // What it was of may be open; that a limit was exceeded is not.
      const known = ['tags', 'no-digests', 'unread-script'].includes(newest.doubt?.message ?? '') ? newest.excess : [];
      return located(newest.run, known, newest.doubt ?? say.unknown('not-run', { unread: '' }));
    }
    const { run } = decisive;
    const { startedAt = '' } = run;
    const { engine, environment: tested = '' } = run.record;
    const until = addDays(startedAt, parameters.maxAgeDays);
    const stale: Judgement = {
      ...say.unknown('stale', { path: run.path, startedAt, days: parameters.maxAgeDays }),
      reason: 'stale',
    };
    if (decisive.excess.length > 0 || until <= asOf) return located(run, decisive.excess, stale);
    const [p95, p99, errors] = decisive.figures.shares;
    const passed = say.pass('within', {
      path: run.path,
      startedAt,
      engine: `${engine.name} ${engine.version}`,
      environment: tested,
      p95: p95 === undefined ? '' : valueText(p95),
      p99: p99 === undefined ? '' : valueText(p99),
      errors: errors === undefined ? '' : valueText(errors),
      rps: round(decisive.figures.throughput.value),
      limits: `${limits.p95Ms} ms, ${limits.p99Ms} ms, ${percent(limits.errorRate)}, ${limits.minRps}/s`,
      confidence: confidenceOf(decisive),
      remarks: remarksOf(decisive, {
        environment,
        tests: loadTests,
        differences: tested === environment ? [] : (environmentDifferences.with(tested) ?? []),
        exceeded: runs.filter(({ doubt, excess }) => doubt === undefined && excess.length > 0),
      }),
    });
    return located(run, openFigures(decisive, demand, say), { ...passed, until });
  },
});

/** The findings of a run, or what there is to say instead; each points to the file of the run. */
function located({ path }: LoadRun, findings: readonly Judgement[], otherwise: Judgement): readonly [Judgement, ...Judgement[]] {
  const place = (judgement: Judgement): Judgement => ({ ...judgement, location: { file: path, path: '' } });
  const [first, ...rest] = findings;
  return first === undefined ? [place(otherwise)] : [place(first), ...rest.map(place)];
}
