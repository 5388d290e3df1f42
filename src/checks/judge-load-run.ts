import type { LoadLimits } from '../evidence/declared.ts';
import { type LoadFigures, loadFigures, type ShareFigure } from '../facts/load-figures.ts';
import type { DeclaredTest, LoadRun } from '../facts/load-tests.ts';
import { invalidityOf } from '../facts/load-validity.ts';
import type { ServingImages } from '../facts/serving-images.ts';
import type { Judgement, Say } from './define-check.ts';
import type { loadMessages } from './load-messages.ts';

type LoadSay = Say<typeof loadMessages>;

/** What a standard demands of a load test. */
export interface LoadDemand {
  readonly limits: LoadLimits;
  readonly minSeconds: number;
  readonly minRequests: number;
  readonly minBlocks: number;
  readonly minBlockSeconds: number;
  readonly acceptClosedModel: boolean;
  readonly acceptPointEstimate: boolean;
  /** Environments whose evidence counts. */
  readonly accepted: readonly string[];
  readonly asOf: string;
}

/** A run with its figures, the limits that it exceeded, and why it cannot settle anything. */
export interface JudgedRun {
  readonly run: LoadRun;
  readonly figures: LoadFigures;
  readonly excess: readonly Judgement[];
  readonly doubt: Judgement | undefined;
}

export function judgeRun(
  run: LoadRun,
  demand: LoadDemand,
  { declared, images }: { readonly declared: DeclaredTest; readonly images: ServingImages },
  say: LoadSay,
): JudgedRun {
  const figures = loadFigures(run.record, demand.limits, demand);
  const excess = excessOf(run, figures, say);
  const doubt =
    originDoubt(run, figures, demand, say) ??
    testDoubt(run, declared, say) ??
    imageDoubt(run, images, say) ??
    (excess.length === 0 ? methodDoubt(run, figures, demand, say) : undefined);
  return { run, figures, excess, doubt };
}

/** Why a run says nothing, or nothing of this environment and day. */
function originDoubt(
  { path, record, startedAt }: LoadRun,
  figures: LoadFigures,
  demand: LoadDemand,
  say: LoadSay,
): Judgement | undefined {
  const { environment } = record;
  const problem = invalidityOf(record, figures, demand.limits, demand);
  if (problem !== undefined) return say.unknown('invalid', { path, problem });
  if (startedAt === undefined) return say.unknown('undated', { path });
  if (startedAt > demand.asOf) return say.unknown('future', { path, startedAt });
  if (environment === undefined) return say.unknown('no-environment', { path });
  if (!demand.accepted.includes(environment))
    return say.unknown('environment', { path, environment, accepted: demand.accepted.join(', ') });
  return undefined;
}

/** Why a run is not one of the test that the review file describes. One that says of no test what it is counts as listed. */
function testDoubt({ path, record: { test } }: LoadRun, { script, scenario }: DeclaredTest, say: LoadSay): Judgement | undefined {
  if (script === undefined && scenario === undefined) return undefined;
  if (test.scenario !== undefined && test.scenario === scenario) return undefined;
  if (script !== undefined && test.script !== undefined) {
    if (script.sha256 === undefined)
      return say.unknown('unread-script', { path, script: script.path, reason: script.reason ?? 'unread' });
    if (script.sha256 === test.script.sha256) return undefined;
    const ran = test.script.path === script.path ? 'another version of that script' : test.script.path;
    return say.unknown('other-script', { path, ran, script: script.path });
  }
  if (test.script === undefined && test.scenario === undefined) return undefined;
  return say.unknown('other-scenario', { path });
}

/** Why a run is not known to be of the images under review. */
function imageDoubt(
  { path, record: { images } }: LoadRun,
  { entry, digests }: ServingImages,
  say: LoadSay,
): Judgement | undefined {
  const tested = new Set(images?.digests);
  if (tested.size === 0) return say.unknown('no-digests', { path });
  const tagged = entry.find(({ image }) => image?.digest === undefined);
  if (tagged !== undefined) return say.unknown('tags', { path, image: tagged.written });
  const untested = entry.find(({ image }) => !tested.has(image?.digest ?? ''));
  if (untested !== undefined) return say.unknown('other-images', { path, image: untested.written });
  // Without a workload in the sources nothing says what the run should have been of.
  if (entry.length === 0) return say.unknown('other-images', { path, image: 'any image in the sources' });
  const foreign = [...tested].find((digest) => !digests.has(digest));
  return foreign === undefined ? undefined : say.unknown('foreign', { path, digest: foreign });
}

/** Why keeping the limits says less than it seems. Exceeding them says all the same. */
function methodDoubt(
  { path, record }: LoadRun,
  { throughput }: LoadFigures,
  demand: LoadDemand,
  say: LoadSay,
): Judgement | undefined {
  const { model } = record.test;
  if (model !== 'open' && !demand.acceptClosedModel) return say.unknown(`${model}-model`, { path });
  if (throughput.state !== 'inconclusive') return undefined;
  return say.unknown('too-little-load', { path, rate: round(record.test.rate ?? throughput.value), limit: throughput.limit });
}

/** Each limit that a run exceeds. Limits are strict: 200 ms are not below 200 ms. */
function excessOf({ path }: LoadRun, { shares, throughput }: LoadFigures, say: LoadSay): readonly Judgement[] {
  const judgements = shares
    .filter(({ state }) => state === 'exceeded')
    .map((figure) =>
      say.fail(figure.id, { path, value: valueText(figure), limit: limitText(figure), counted: countText(figure) }),
    );
  if (throughput.state !== 'exceeded') return judgements;
  return [...judgements, say.fail('throughput', { path, value: round(throughput.value), limit: throughput.limit })];
}

/** Limits that a run kept, and another like it might not have; those that a point value settles left out where it may. */
export function openFigures({ run: { path }, figures }: JudgedRun, demand: LoadDemand, say: LoadSay): readonly Judgement[] {
  const open = figures.shares.filter(
    ({ state, keptInRun }) => state === 'inconclusive' && !(demand.acceptPointEstimate && keptInRun),
  );
  // One cause, one finding: without blocks no figure has a bound.
  const unbounded = open.filter(({ keptInRun, upper, blocks }) => keptInRun && upper === undefined && blocks < demand.minBlocks);
  const others = open.filter((figure) => !unbounded.includes(figure));
  const { minBlocks: wanted, minBlockSeconds: seconds } = demand;
  const [first] = unbounded;
  return [
    ...others.map((figure) => ({ ...openJudgement(figure, path, say), key: figure.id })),
    ...(first === undefined
      ? []
      : [
          say.unknown('no-bound', { path, figures: unbounded.map(figureText).join(', '), blocks: first.blocks, seconds, wanted }),
        ]),
  ];
}

function openJudgement(figure: ShareFigure, path: string, say: LoadSay): Judgement {
  const common = { path, figure: figureText(figure), limit: limitText(figure) };
  if (!figure.keptInRun) return say.unknown('cut-bucket', common);
  if (figure.upper === undefined) return say.unknown('uncounted', common);
  return say.unknown('inconclusive', {
    ...common,
    upper: percent(figure.upper),
    miss: missText(figure),
    allowed: percent(figure.allowed),
    advice: adviceOf(figure),
  });
}

function adviceOf({ furtherS, n, over }: ShareFigure): string {
  if (furtherS !== undefined) return `A run that is about ${furtherS} s longer would probably settle it`;
  return `The share (${over?.atMost ?? 0} of ${n}) is so near the limit that no run of reasonable length settles it`;
}

export const missText = ({ id, limit }: ShareFigure): string => (id === 'errors' ? 'fail' : `take ${round(limit)} ms or longer`);
const figureText = (figure: ShareFigure): string =>
  figure.id === 'errors' ? `the share of failed requests (${valueText(figure)})` : `${figure.id} (${valueText(figure)})`;
const inUnit = (id: ShareFigure['id'], value: number): string => (id === 'errors' ? percent(value) : `${round(value)} ms`);
export const valueText = ({ id, value }: ShareFigure): string => (value === undefined ? 'an unknown time' : inUnit(id, value));
const limitText = ({ id, limit }: ShareFigure): string => inUnit(id, limit);

/** How many of how many, where that was counted. */
function countText({ id, over, n, limit }: ShareFigure): string {
  if (over === undefined) return '';
  const count = over.atLeast === over.atMost ? `${over.atMost}` : `${over.atLeast} to ${over.atMost}`;
  return id === 'errors' ? ` (${count} of ${n})` : ` (${count} of ${n} took ${round(limit)} ms or longer)`;
}

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
export const round = (value: number): number => Number(value.toFixed(1));
