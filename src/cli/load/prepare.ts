import { randomUUID } from 'node:crypto';
import { maskStrings } from '../../config/mask-strings.ts';
import { dirname, joinPath } from '../../config/paths.ts';
import type { System } from '../../config/load.ts';
import type { DeclaredLoadTest, LoadLimits, LoadScenario } from '../../evidence/declared.ts';
import { dataCaps, parseRows, requireColumns, type Rows } from '../../load/data.ts';
import type { LoadPlan } from '../../load/plan.ts';
import { isLoopback, parseTarget, requireConfirmed, type Target } from '../../load/target.ts';
import { namesUsed, templatesOf } from '../../load/template.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';
import { countOption, type LoadOptions } from './options.ts';
import { chooseScenario, type ChosenScenario, requireWithinCaps } from './scenario.ts';
import { type Variables, variablesOf } from './variables.ts';

/** Where the load goes, as far as the command line and the review file say it. */
export interface ChosenTarget {
  readonly template: string;
  /** What the target is. Unknown where the command line names another target than the review file and does not say. */
  readonly environment?: string;
}

/** Throws SW_LOAD_TARGET where nobody names a target: a load test never guesses one. */
export function chooseTarget(loadTest: DeclaredLoadTest | undefined, options: LoadOptions): ChosenTarget {
  const template = options.target ?? loadTest?.target;
  if (template === undefined)
    throw new SeaworthyError('SW_LOAD_TARGET', 'No target is named.', {
      hint: 'Write spec.loadTest.target into the review file, or add --target http://127.0.0.1:3000.',
    });
  const isDeclared = options.target === undefined || options.target === loadTest?.target;
  const environment = options.targetEnvironment ?? (isDeclared ? loadTest?.environment : undefined);
  return { template, ...(environment === undefined ? {} : { environment }) };
}

export interface PreparedScenario extends ChosenScenario {
  readonly plan: LoadPlan;
  readonly target: Target;
  readonly variables: Variables;
}

/**
 * Everything that a run of a scenario needs, checked before anything is sent: the target and its confirmation, variables, caps, rows and
 * certificate authorities.
 */
export async function prepareScenario(
  host: Host,
  system: System | undefined,
  chosen: ChosenTarget,
  limits: LoadLimits,
  options: LoadOptions,
): Promise<PreparedScenario> {
  const declared = system?.loadTest?.scenario;
  // All that are missing are named at once. What the command line describes instead of a scenario names none but those of the target.
  const variables = variablesOf(host, chosen.template, declared);
  const { target, path } = targetOf(host, chosen, declared === undefined);
  const { scenario, changed } = chooseScenario(declared, options, path);
  requireWithinCaps(scenario, options);
  requireConfirmed(target, chosen.environment, options.confirm);
  const folder = dirname(system?.review.file ?? 'seaworthy.yaml');
  const { ca } = scenario.tls;
  const plan: LoadPlan = {
    target: target.url,
    scenario,
    limits,
    variables,
    rows: await readRows(host, scenario, folder),
    ...(ca === undefined ? {} : { ca: await readText(host, joinPath(folder, ca)) }),
    runId: randomUUID(),
    workers: workersOf(scenario, options),
  };
  return { plan, target, variables, scenario, changed };
}

/** A target whose shown form holds no token either. */
export function shownTarget(template: string, variables: Variables): Target {
  const target = parseTarget(template, variables);
  return { ...target, shown: maskStrings(target.shown) };
}

/** Without a scenario the target is the one request: its path is asked for, as it is. With one, paths come from the scenario. */
export function targetOf(
  host: Host,
  { template }: ChosenTarget,
  isOnlyRequest: boolean,
): { readonly target: Target; readonly path: string } {
  const target = shownTarget(template, variablesOf(host, template, undefined));
  const { url } = target;
  const path = `${url.pathname}${url.search}`;
  // The path is recorded, and what a variable holds never is.
  const isOpen = namesUsed([template], 'variable').length === 0 || (url.search === '' && !target.shown.includes('${'));
  if (isOnlyRequest && !isOpen)
    throw new SeaworthyError(
      'SW_LOAD_TARGET',
      'A variable may stand for the host of the target, and not for its query or a part of its path.',
      {
        hint: 'Describe the request in the review file: scenario: { requests: [{ path: "/items?key=${KEY}" }] }.',
      },
    );
  if (isOnlyRequest) return { target: { ...target, url: new URL(url.origin) }, path: path.replaceAll('${', '$${') };
  if (url.search !== '')
    throw new SeaworthyError('SW_LOAD_TARGET', `The target ${target.shown} has a query, and the scenario has paths of its own.`, {
      hint: 'Put the query into the paths of the scenario.',
    });
  return { target, path };
}

/** Requests a second that one worker sends without falling behind on a slow machine. */
const perWorker = 2_500;

function workersOf({ stages }: LoadScenario, { workers }: LoadOptions): number {
  if (workers !== undefined) return countOption('--workers', workers, 64);
  const peak = Math.max(...stages.flatMap(({ from, to }) => [from, to]));
  return Math.min(8, Math.max(1, Math.ceil(peak / perWorker)));
}

/** The rows of the data file. Throws SW_LOAD_PLAN where it cannot be read or lacks a column. */
export async function readRows(host: Host, scenario: LoadScenario, folder: string): Promise<Rows> {
  if (scenario.data === undefined) return [];
  const path = joinPath(folder, scenario.data);
  const read = await host.io.read(path, dataCaps.bytes);
  if (!read.ok) throw new SeaworthyError('SW_LOAD_PLAN', `The data file cannot be used: ${read.message}.`, { where: path });
  const rows = parseRows(read.bytes, path);
  requireColumns(rows, namesUsed(templatesOf(scenario), 'data'), path);
  return rows;
}

async function readText(host: Host, path: string): Promise<string> {
  const read = await host.io.read(path, 4 << 20);
  if (!read.ok)
    throw new SeaworthyError('SW_LOAD_PLAN', `The certificate authorities cannot be used: ${read.message}.`, { where: path });
  const text = new TextDecoder().decode(read.bytes);
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new SeaworthyError('SW_LOAD_PLAN', 'The file of certificate authorities holds no certificate in PEM form.', {
      where: path,
    });
  return text;
}

/** What a reader of the record should know of its head. */
export function headNotes({ url }: Target, environment: string | undefined, changed: readonly string[]): readonly string[] {
  return [
    ...(environment !== undefined && isLoopback(url) ? [`The target was this machine, stated to be ${environment}.`] : []),
    ...(changed.length > 0
      ? [`The command line changed ${changed.join(', ')}: this was not a run of the declared scenario.`]
      : []),
  ];
}
