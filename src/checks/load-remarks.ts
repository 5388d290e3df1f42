import { isLoopbackTarget } from '../evidence/load-tests/loopback.ts';
import type { EnvironmentDifference } from '../facts/environment-differences.ts';
import type { LoadTests } from '../facts/load-tests.ts';
import { type JudgedRun, missText, percent } from './judge-load-run.ts';

/** What a pass rests on beside its figures. */
export interface RemarkContext {
  /** The launch environment. */
  readonly environment: string;
  readonly tests: LoadTests;
  readonly differences: readonly EnvironmentDifference[];
  /** Runs that exceeded a limit, of the same images. */
  readonly exceeded: readonly JudgedRun[];
}

/** Sentences, each with a space before it. */
export function remarksOf({ run: { record }, figures }: JudgedRun, context: RemarkContext): string {
  const { environment, tests, exceeded, differences } = context;
  const sentences: (string | false)[] = [
    record.environment !== environment && `It ran in ${record.environment}, and this review is of ${environment}.`,
    differences.length > 0 && differenceText(record.environment ?? '', differences),
    ...testRemarks(record.test, tests),
    record.images?.basis === 'stated' && 'That these images ran there is what whoever ran it states.',
    isLoopbackTarget(record.target) && 'The generator and the server shared a machine.',
    record.test.model !== 'open' && `Its model is ${record.test.model}: percentiles may be better than users see.`,
    record.counts.retried > 0.001 * record.counts.sent &&
      `${record.counts.retried} requests were sent twice, since the server closed idle connections.`,
    figures.shares.some(({ basis }) => basis === 'histogram') &&
      'A limit was not set when it ran: requests above it are counted from the histogram, to the width of a bucket.',
    ...(record.k6?.thresholds ?? [])
      .filter(({ ok }) => !ok)
      .map(({ metric, expression }) => `k6 itself says that ${metric} ${expression} was not kept.`),
    exceeded.length > 0 && `Other runs of these images did not keep the limits: ${listed(exceeded.map(namesOf))}.`,
    tests.unread.length > 0 &&
      `Not counted, since unreadable: ${listed(tests.unread.map(({ source, reason }) => `${source} (${reason})`))}.`,
  ];
  return sentences.flatMap((sentence) => (sentence === false ? [] : [` ${sentence}`])).join('');
}

/** The bounds behind a pass, or that there are none. */
export function confidenceOf({ figures: { shares } }: JudgedRun): string {
  const bounded = shares.filter(({ state }) => state === 'within');
  const points = shares
    .filter(({ state }) => state !== 'within')
    .map(({ id, upper }) => (upper === undefined ? id : `${id} (up to ${percent(upper)} with 95 % confidence)`));
  const bounds = bounded.map((figure) => `${percent(figure.upper ?? 1)} of requests ${missText(figure)}`);
  const confident = bounds.length === 0 ? '' : ` With 95 % confidence at most ${bounds.join(', ')}.`;
  return points.length === 0 ? confident : `${confident} Point estimates, accepted by the standard: ${points.join(', ')}.`;
}

type Test = JudgedRun['run']['record']['test'];

function* testRemarks(test: Test, { declared: { script, scenario, embedded } }: LoadTests): Generator<string> {
  const sameScript = script !== undefined && test.script !== undefined && test.script.sha256 === script.sha256;
  const other = sameScript ? undefined : (test.substituteFor ?? (test.scenario === undefined ? undefined : script?.path));
  if (other !== undefined && embedded && test.substituteFor === undefined)
    yield `The scenario of the review file ran, and ${other} did not.`;
  else if (other !== undefined) yield `It is a substitute for ${other}, which did not run.`;
  const declared = script !== undefined || scenario !== undefined;
  if (declared && test.script === undefined && test.scenario === undefined) yield 'The result does not say which test it is of.';
}

const most = 6;
const listed = (texts: readonly string[]): string =>
  texts.length <= most ? texts.join('; ') : `${texts.slice(0, most).join('; ')}; and ${texts.length - most} more`;

const namesOf = ({ run, figures: { shares, throughput } }: JudgedRun): string => {
  const names = [...shares, throughput].filter(({ state }) => state === 'exceeded').map(({ id }) => id);
  return `${run.path} of ${run.startedAt ?? 'an unknown day'} (${names.join(', ')})`;
};

function differenceText(environment: string, differences: readonly EnvironmentDifference[]): string {
  const bySubject = Map.groupBy(differences, ({ subject }) => subject);
  const texts = [...bySubject].map(
    ([subject, list]) => `${subject}: ${list.map(({ what, there, here }) => `${what} ${there} and ${here}`).join(', ')}`,
  );
  return `Sizes differ, ${environment} first: ${listed(texts)}.`;
}
