import type { DeclaredLoadTest, DeclaredResult, LoadLimits } from '../evidence/declared.ts';
import { namesUsed } from '../load/template.ts';
import { SeaworthyError } from '../model/errors.ts';
import type { Path } from '../model/judgement.ts';
import { formatMoment, momentMs } from '../model/time.ts';
import { parseLength, parseRate, parseShare } from './measures.ts';
import { joinPath } from './paths.ts';
import type { ReadFile } from './read-file.ts';
import { normaliseScenario, refuseAt } from './scenario.ts';
import type { Refuse } from './scenario-names.ts';
import type { ReviewFile } from './schema.ts';

type LoadTestFile = NonNullable<NonNullable<ReviewFile['spec']>['loadTest']>;

/**
 * `spec.loadTest` with every default filled in, as it stands in the file: with the literal headers and bodies that a run has to send.
 * Only its masked form (`maskLoadTest`) may become evidence.
 */
export function normaliseLoadTest({ unmasked, placeOf }: ReadFile<ReviewFile>, folder: string): DeclaredLoadTest | undefined {
  const given = unmasked.spec?.loadTest;
  if (given === undefined) return undefined;
  const refuse = (...base: Path): Refuse => refuseAt((...path) => placeOf('spec', 'loadTest', ...base, ...path));
  const { script, target, environment, images, scenario } = given;
  if (target !== undefined) requireTemplates(target, refuse('target'));
  if (given.engine === 'k6' && script === undefined)
    throw refuse('engine')(
      [],
      'engine: k6 has nothing to run.',
      'Name a script. seaworthy load --emit k6 writes the scenario as one.',
    );
  return {
    ...(script === undefined ? {} : { script: joinPath(folder, script) }),
    ...(target === undefined ? {} : { target }),
    ...(environment === undefined ? {} : { environment }),
    engine: given.engine ?? 'auto',
    ...(images === undefined ? {} : { images }),
    ...(scenario === undefined ? {} : { scenario: normaliseScenario(scenario, refuse('scenario')) }),
    results: (given.results ?? []).map((result) => resultOf(result, folder)),
    thresholds: limitsOf(given.thresholds ?? {}, refuse('thresholds')),
    place: placeOf('spec', 'loadTest'),
  };
}

/** A target holds variables of the environment and nothing that only a run knows. */
function requireTemplates(target: string, refuse: Refuse): void {
  try {
    const other = (['data', 'setup'] as const).find((kind) => namesUsed([target], kind).length > 0);
    if (other !== undefined) throw refuse([], `the target is one for all requests and cannot hold \${${other}. ...}.`);
  } catch (error) {
    if (error instanceof SeaworthyError && error.code === 'SW_LOAD_PLAN') throw refuse([], error.message, error.hint);
    throw error;
  }
}

function resultOf(given: NonNullable<LoadTestFile['results']>[number], folder: string): DeclaredResult {
  if (typeof given === 'string') return { path: joinPath(folder, given) };
  const { path, startedAt, environment, images, model } = given;
  return {
    path: joinPath(folder, path),
    ...(startedAt === undefined ? {} : { startedAt: formatMoment(momentMs(startedAt)) }),
    ...(environment === undefined ? {} : { environment }),
    ...(images === undefined ? {} : { images }),
    ...(model === undefined ? {} : { model }),
  };
}

const twice = [
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['throughput', 'minRps'],
] as const;

function limitsOf(given: NonNullable<LoadTestFile['thresholds']>, refuse: Refuse): Partial<LoadLimits> {
  for (const [readable, number] of twice)
    if (given[readable] !== undefined && given[number] !== undefined)
      throw refuse([readable], `"${readable}" and "${number}" are the same limit.`, 'Keep one of them.');
  const { p95, p99, errorRate, throughput } = given;
  const limits = {
    p95Ms: given.p95Ms ?? (p95 === undefined ? undefined : parseLength(p95)),
    p99Ms: given.p99Ms ?? (p99 === undefined ? undefined : parseLength(p99)),
    errorRate: typeof errorRate === 'string' ? parseShare(errorRate) : errorRate,
    minRps: given.minRps ?? (throughput === undefined ? undefined : parseRate(throughput)),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}
