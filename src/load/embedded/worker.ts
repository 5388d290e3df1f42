import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import undiciPackage from 'undici/package.json' with { type: 'json' };
import { SeaworthyError } from '../../model/errors.ts';
import { planSchedule } from '../schedule.ts';
import { sharedClock } from './clock.ts';
import { Generator } from './generator.ts';
import type { Captured, FromWorker, ToWorker, WorkerTask } from './messages.ts';
import { chooseRequest, prepareRequest, type Prepared } from './requests.ts';
import { setUp } from './setup.ts';
import { openTransport, watchSockets } from './transport.ts';

/** A thread of the embedded engine. It does what it is told by messages and ends when it is ended. */
const task = workerData as WorkerTask;
const schedule = planSchedule(task.scenario);
const now = sharedClock();
const watchSocket = watchSockets();
const transport = openTransport(task);
const runtime = `node ${process.versions.node}, undici ${undiciPackage.version}`;
let generator: Generator | undefined;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
const tell = (message: FromWorker) => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'stop') generator?.stop();
  else (message.type === 'set-up' ? prepareRun() : run(message.t0, message.captured)).catch(refuse);
});
tell({ type: 'ready' });

async function prepareRun(): Promise<void> {
  tell({ type: 'set-up', captured: await setUp(task, transport) });
}

async function run(t0: number, captured: Captured): Promise<void> {
  const prepare = requestsOf(captured);
  generator = new Generator(
    { task, schedule, transport, prepare, watchSocket, now, onSecond: (second) => tell({ type: 'second', second }) },
    t0,
  );
  const result = await generator.run();
  await transport.close();
  tell({ type: 'done', result: { ...result, runtime } });
}

/** Each start takes the next row of the data file, whichever worker sends it. */
function requestsOf(captured: Captured): (start: number) => Prepared {
  const known = { variables: task.variables, setup: captured };
  const prepared = task.scenario.requests.map((request) => prepareRequest(request, task, known));
  const choose = chooseRequest(task.scenario.requests.map(({ weight }) => weight));
  return (start) => {
    const request = prepared[choose(start)];
    if (request === undefined) throw new Error('a scenario has at least one request');
    return request({ row: task.rows[start % task.rows.length] ?? {}, iteration: start });
  };
}

/** What the user can do something about goes back as a message; everything else ends the thread, and the engine sees that. */
function refuse(error: unknown): void {
  if (!(error instanceof SeaworthyError)) throw error;
  tell({ type: 'refused', code: error.code, message: error.message, hint: error.hint ?? '' });
}
