import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import type { ShareFigure } from '../../facts/load-figures.ts';
import { clean } from '../../report/clean-text.ts';
import type { Page } from '../../report/text-page.ts';
import type { RunJudgement } from './judgement.ts';
import { milliseconds, percent, perSecond } from './words.ts';

const titles = { kept: 'KEPT', 'not-kept': 'NOT KEPT', invalid: 'INVALID', inconclusive: 'INCONCLUSIVE' } as const;

/** One sentence, and what to do next. */
export function* conclusion(record: LoadTestRecord, judgement: RunJudgement, page: Page): Generator<string> {
  const { glyph, paint } = page.state(judgement.state === 'kept' ? 'pass' : judgement.state === 'not-kept' ? 'fail' : 'unknown');
  yield* page.lines(`${glyph} ${titles[judgement.state]}: `, clean(sentence(record, judgement)), {
    lead: (text) => page.bold(paint(text)),
  });
  yield* page.lines('  Next: ', clean(nextStep(record, judgement)));
}

function sentence({ test }: LoadTestRecord, { state, figures, invalid }: RunJudgement): string {
  switch (state) {
    case 'kept':
      return 'every limit was kept, and with 95 % confidence would be by another run like this one.';
    case 'invalid':
      return `this run says nothing: ${invalid ?? ''}.`;
    case 'not-kept':
      return `${[...figures.shares.filter((figure) => figure.state === 'exceeded').map(excess), ...throughputWords(figures, 'exceeded')].join('; ')}.`;
    case 'inconclusive': {
      const doubts = [
        ...figures.shares.filter((figure) => figure.state === 'inconclusive').map(doubt),
        ...throughputWords(figures, 'inconclusive'),
      ];
      return `the run kept its limits, and another like it might not: ${[...doubts, ...modelDoubt(test)].join('; ')}.`;
    }
  }
}

const modelDoubt = ({ model }: LoadTestRecord['test']): readonly string[] =>
  model === 'open'
    ? []
    : [
        model === 'closed'
          ? 'it was a closed model, which asks least when the server is slowest'
          : 'nothing says that requests started by a plan (open model)',
      ];

const excess = ({ id, value, limit }: ShareFigure): string =>
  id === 'errors'
    ? `${percent(value ?? 0)} of requests failed, and fewer than ${percent(limit)} may`
    : `${id} is ${value === undefined ? 'unknown' : milliseconds(value)}, and has to be below ${milliseconds(limit)}`;

const doubt = ({ id, upper, allowed }: ShareFigure): string =>
  upper === undefined
    ? `${id} has no bound, since the run has too few blocks of time`
    : `for ${id} up to ${percent(upper)} of requests may be over, and less than ${percent(allowed)} is allowed`;

function throughputWords({ throughput }: RunJudgement['figures'], state: 'exceeded' | 'inconclusive'): readonly string[] {
  if (throughput.state !== state) return [];
  return [
    state === 'exceeded'
      ? `${perSecond(throughput.value)} came back, and more than ${perSecond(throughput.limit)} have to`
      : `no more was sent than the ${perSecond(throughput.limit)} that have to be exceeded`,
  ];
}

function nextStep(record: LoadTestRecord, { state, figures, invalid }: RunJudgement): string {
  if (state === 'kept')
    return 'seaworthy review, which also asks whether the run is recent, of this environment and of these images.';
  if (state === 'not-kept') return 'see in the chart where the time goes, change what is slow, and run the test again.';
  if (state === 'invalid') return invalidStep(record, invalid ?? '');
  const unbounded = figures.shares.filter(({ state: figure, upper }) => figure === 'inconclusive' && upper === undefined);
  if (unbounded.some(({ basis }) => basis === 'summary'))
    return 'give the stream of points of that run (k6 run --out json=FILE): a summary has no blocks of time, and so no bound.';
  if (unbounded.length > 0) return 'run it longer: a bound takes blocks of time, and 5 minutes have enough of them.';
  const further = Math.max(0, ...figures.shares.map(({ furtherS }) => furtherS ?? 0));
  if (further > 0) return `run it for about ${further} s longer: the bound narrows with every block of time.`;
  if (record.test.model !== 'open')
    return 'use an executor with an arrival rate (constant-arrival-rate), or state model: open for a foreign result that had one.';
  return figures.throughput.state === 'inconclusive'
    ? `raise the rate above ${perSecond(figures.throughput.limit)}, for example to ${Math.ceil(figures.throughput.limit * 1.2)}.`
    : 'a longer run alone would probably not settle it: the values are too near their limits.';
}

function invalidStep({ stopped, test, generator }: LoadTestRecord, invalid: string): string {
  if (test.share !== undefined && test.share < 1) return 'seaworthy load collect, with the records of all runners.';
  if (stopped?.reason === 'errors') return 'see above what failed, make the target answer, and run the test again.';
  if (stopped !== undefined) return 'run the test again, to its end.';
  if (invalid.includes('saturated'))
    return generator !== undefined && generator.cpu >= 0.8
      ? 'run it from a machine with more free cores, with more --workers, or with several runners.'
      : 'run it from a machine that does nothing else meanwhile, away from the target.';
  if (invalid.includes('never sent'))
    return 'give the generator more connections or runners, so that it can send everything that is planned.';
  return 'run it at least a minute at the planned rate: the default of 5 minutes is a good length.';
}
