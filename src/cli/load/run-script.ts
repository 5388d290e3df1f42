import type { System } from '../../config/load.ts';
import type { DeclaredLoadTest } from '../../evidence/declared.ts';
import { digestOfBytes } from '../../evidence/digest.ts';
import { findK6 } from '../../load/k6/find.ts';
import { inspectScript, type ScriptContext, type ScriptPlan } from '../../load/k6/inspect.ts';
import { latencyLimits, loadCaps } from '../../load/plan.ts';
import { runLoadTest } from '../../load/run.ts';
import { requireConfirmed } from '../../load/target.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';
import type { Demand } from './demand.ts';
import type { LoadEngines } from './engines.ts';
import { testedImages } from './images.ts';
import { interruptible } from './interrupt.ts';
import { lengthOption, type LoadOptions } from './options.ts';
import { chooseTarget, headNotes, shownTarget } from './prepare.ts';
import { liveProgress } from './progress.ts';
import { type Ran, remarksOn } from './run-scenario.ts';
import { stderrColor } from './terminal.ts';
import { type Variables, variablesOf } from './variables.ts';

/** Setup, teardown and the end of a script come on top of what k6 says that its scenarios take. */
const aroundMs = 180_000;
const day = 86_400_000;

/** Runs the declared script with k6, unmodified. Throws SW_LOAD_ENGINE that says how to get k6 where there is none. */
export async function runScript(
  host: Host,
  system: System,
  script: string,
  { limits }: Demand,
  options: LoadOptions,
  engines: LoadEngines,
): Promise<Ran> {
  requireNoChanges(options);
  const loadTest = system.loadTest;
  const found = await findK6(host.env, host.io.run);
  if (!found.ok) throw found.error;
  const chosen = chooseTarget(loadTest, options);
  const { environment } = chosen;
  const variables = redirected(variablesOf(host, chosen.template, undefined), loadTest, options);
  const target = shownTarget(chosen.template, variables);
  requireConfirmed(target, environment, options.confirm);
  const sha256 = await digestOfFile(host, script);
  const context: ScriptContext = { k6: found.k6, script, cwd: '.', env: host.env, variables };
  const plan = await inspectScript(context, host.io.run);
  const longestMs =
    options.maxDuration === undefined ? loadCaps.durationMs : lengthOption('--max-duration', options.maxDuration, 8 * day);
  requireWithinCap(plan, longestMs, script);
  const warmupS = options.warmup === undefined ? 0 : lengthOption('--warmup', options.warmup, day, true) / 1000;
  const tested = await testedImages(host, system, environment, options);
  const head = {
    subject: {
      script: { path: script, sha256 },
      warmupS,
      ...(plan.plannedMs === undefined ? {} : { steadyS: Math.max(0, plan.plannedMs / 1000 - warmupS) }),
    },
    target: target.shown,
    ...(environment === undefined ? {} : { environment }),
    ...(tested.images === undefined ? {} : { images: tested.images }),
    variables: Object.keys(variables).sort(),
    startedAt: host.io.now(),
    notes: headNotes(target, environment, []),
  };
  const progress = liveProgress(host, limits, { quiet: options.format === 'json', color: stderrColor(host, options.color) });
  const run = {
    ...context,
    plan,
    limitsMs: latencyLimits(limits),
    warmupS,
    timeLimitMs: (plan.totalMs ?? longestMs) + aroundMs,
  };
  const record = await interruptible(host, progress, (signal) =>
    runLoadTest(head, () => engines.k6(run, { signal, onProgress: progress.show })),
  );
  return { record, remarks: remarksOn(environment, tested) };
}

/** A script that reads its target from one variable is told of another target by that variable; any other cannot be told. */
function redirected(variables: Variables, loadTest: DeclaredLoadTest | undefined, { target }: LoadOptions): Variables {
  if (target === undefined || target === loadTest?.target || loadTest?.target === undefined) return variables;
  const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(loadTest.target)?.[1];
  if (name === undefined)
    throw new SeaworthyError('SW_LOAD_TARGET', 'The script decides where it sends to, and --target cannot change that.', {
      hint: 'Let the script read its target from a variable, and write that into the review file: target: ${BASE_URL}.',
    });
  return { ...variables, [name]: target };
}

function requireNoChanges(options: LoadOptions): void {
  const changes = ['rate', 'duration', 'timeout', 'connections', 'protocol', 'insecure', 'workers'] as const;
  const given = changes.find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw new SeaworthyError('SW_USAGE', `--${given} changes a scenario, and the load test is a script.`, {
      hint: 'Change the script, or run the scenario of the review file in its place with --engine embedded.',
    });
}

async function digestOfFile(host: Host, path: string): Promise<string> {
  const read = await host.io.read(path, 16 << 20);
  if (!read.ok) throw new SeaworthyError('SW_LOAD_PLAN', `The script cannot be used: ${read.message}.`, { where: path });
  return digestOfBytes(read.bytes);
}

function requireWithinCap({ totalMs }: ScriptPlan, longestMs: number, script: string): void {
  if (totalMs !== undefined && totalMs > longestMs)
    throw new SeaworthyError(
      'SW_LOAD_PLAN',
      `The script runs for up to ${Math.round(totalMs / 1000)}s; the longest is ${longestMs / 1000}s.`,
      {
        where: script,
        hint: `If that is meant, add: --max-duration ${Math.ceil(totalMs / 1000)}s`,
      },
    );
}
