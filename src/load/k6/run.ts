import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createK6Stream, type K6Measured, type K6Stream } from '../../evidence/load-tests/k6-stream.ts';
import { requestsOf, thresholdsOf, trendStats } from '../../evidence/load-tests/k6-summary.ts';
import { createLineSplitter } from '../../evidence/load-tests/line-splitter.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Measurement, RunHooks } from '../engine.ts';
import { complaintOf, createTail } from './complaint.ts';
import { k6Environment, secretsIn } from './environment.ts';
import { asArgument, type ScriptContext, type ScriptPlan } from './inspect.ts';
import { createLiveFigures, type LiveFigures } from './live.ts';
import { type Stop, stopOf } from './outcome.ts';
import { type ProcessEnd, startProcess } from './process.ts';

/** One run of a user's script, unmodified. */
export interface K6Run extends ScriptContext {
  readonly plan: ScriptPlan;
  /** Limits in ms, counted exactly. */
  readonly limitsMs: readonly number[];
  /** Seconds from the first request that are not measured. */
  readonly warmupS?: number;
  /** Count this scenario of the script and no other. */
  readonly scenario?: string;
  /** Of the whole run, with setup and teardown. Then k6 is stopped. */
  readonly timeLimitMs: number;
  /** How long k6 may take to stop, after the gracefulStop of the script: for teardown, the summary, the last of the stream. Default 10 s. */
  readonly stopGraceMs?: number;
}

const maxLineLength = 1 << 20;
const maxSummaryBytes = 64 << 20;

/**
 * Runs a script with k6 and measures from its stream of points. k6's own thresholds are kept and decide nothing. What was measured is kept
 * when k6 is stopped or dies; SW_LOAD_ENGINE is thrown only where nothing was.
 */
export async function runK6(run: K6Run, { signal, onProgress }: RunHooks): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-k6-'));
  try {
    const summaryFile = join(folder, 'summary.json');
    const ran = await collect(run, argumentsOf(run, summaryFile), { signal, onProgress });
    return measurementOf(run, ran, await readSummary(summaryFile));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The stream goes to standard output, which works on every system and needs no file that grows by 4.5 kB a request. `--quiet` keeps the
 * progress of k6 out of it; what the script itself prints goes to standard error, or after the stream.
 */
const argumentsOf = ({ script }: K6Run, summaryFile: string): readonly string[] => [
  'run',
  '--quiet',
  '--no-color',
  '--no-usage-report',
  '--log-output=stderr',
  `--summary-export=${summaryFile}`,
  `--summary-trend-stats=${trendStats}`,
  '--out=json=-',
  asArgument(script),
];

interface Ran {
  readonly end: ProcessEnd;
  readonly stoppedBy: 'user' | 'time-limit' | undefined;
  readonly measured: K6Measured;
  readonly stderr: string;
  readonly elapsedS: number;
}

async function collect(run: K6Run, args: readonly string[], { signal, onProgress }: RunHooks): Promise<Ran> {
  const { k6, cwd, env, variables, limitsMs, warmupS = 0, scenario, plan, timeLimitMs, stopGraceMs = 10_000 } = run;
  if (signal.aborted) throw new SeaworthyError('SW_LOAD_ENGINE', 'The run was interrupted before k6 was started.');
  const stream = createK6Stream({ limitsMs, warmupS, ...(scenario === undefined ? {} : { scenario }) });
  const live = createLiveFigures({
    limitsMs,
    warmupS,
    ...(plan.plannedMs === undefined ? {} : { plannedS: plan.plannedMs / 1000 }),
  });
  const stderr = createTail();
  const startedMs = performance.now();
  const elapsedS = () => (performance.now() - startedMs) / 1000;
  const child = startProcess(k6.command, args, {
    cwd,
    env: k6Environment(env, variables),
    onStdout: streamReader(stream.line, live),
    onStderr: stderr.push,
  });
  let stoppedBy: Ran['stoppedBy'];
  const stop = (by: 'user' | 'time-limit') => {
    stoppedBy ??= by;
    child.stop(plan.gracefulStopMs + stopGraceMs);
  };
  const onAbort = () => stop('user');
  signal.addEventListener('abort', onAbort, { once: true });
  const limit = setTimeout(() => stop('time-limit'), timeLimitMs);
  const tick = setInterval(() => onProgress(live.progress(elapsedS(), stream.dropped())), 1000);
  try {
    const end = await child.ended;
    onProgress(live.progress(elapsedS(), stream.dropped()));
    return { end, stoppedBy, measured: stream.finish(), stderr: stderr.text(), elapsedS: elapsedS() };
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(limit);
    clearInterval(tick);
  }
}

/** Feeds the bytes of k6 to the stream, line by line. A line that never ends is the script's: what follows it is no stream any more. */
function streamReader(line: K6Stream['line'], live: LiveFigures): (bytes: Uint8Array) => void {
  const splitter = createLineSplitter(maxLineLength, (text) => {
    const told = line(text);
    if (told !== undefined) live.add(told.request, told.failed);
  });
  let isNoise = false;
  return (bytes) => {
    if (isNoise) return;
    try {
      splitter.push(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isNoise = true;
    }
  };
}

async function readSummary(file: string): Promise<unknown> {
  try {
    if ((await stat(file)).size > maxSummaryBytes) return undefined;
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function measurementOf(run: K6Run, { end, stoppedBy, measured, stderr, elapsedS }: Ran, summary: unknown): Measurement {
  const summarised = requestsOf(summary);
  const { unreadable, unjudged, counts } = measured;
  const stop = stopOf({
    end,
    streamed: measured.allRequests,
    unreadable,
    unjudged,
    stderr,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    ...(summarised === undefined ? {} : { summarised }),
  });
  const complaint = complaintOf(stderr, secretsIn(run.env, run.variables));
  if (counts.sent === 0) throw nothingMeasured(run, stop, complaint);
  const seconds = measured.seconds > 0 ? measured.seconds : elapsedS;
  return {
    engine: {
      name: 'k6',
      version: run.k6.version,
      runners: 1,
      ...(run.k6.runtime === undefined ? {} : { runtime: run.k6.runtime }),
    },
    model: run.plan.model,
    sentTo: measured.origins,
    ...(stop === undefined ? {} : { stopped: { reason: stop.reason, afterS: seconds, message: messageOf(stop, complaint) } }),
    counts,
    seconds,
    limitsMs: measured.limitsMs,
    response: measured.response,
    blocks: measured.blocks,
    k6: {
      ...(end.kind === 'exit' ? { exitCode: end.code } : {}),
      thresholds: thresholdsOf(summary),
      droppedIterations: counts.dropped,
    },
    notes: measured.notes,
  };
}

/** What k6 said helps where it failed; a run that somebody stopped explains itself. */
const messageOf = ({ reason, message }: Stop, complaint: string): string =>
  (reason === 'engine-failed' && complaint !== '' ? `${message} k6 said: ${complaint}` : message).slice(0, 2000);

function nothingMeasured({ script }: K6Run, stop: Stop | undefined, complaint: string): SeaworthyError {
  const message =
    stop === undefined ? 'k6 sent no HTTP request, so there is nothing to judge.' : `${stop.message} Nothing was measured.`;
  const hint = complaint === '' ? `Try \`k6 run ${script}\`; k6 itself said nothing.` : `k6 said:\n${complaint}`;
  return new SeaworthyError('SW_LOAD_ENGINE', message, { where: script, hint });
}
