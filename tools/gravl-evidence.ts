import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { demoPassword } from '../examples/gravl/service/src/demo/data.ts';
import { loadReviewFile } from '../src/config/load.ts';
import { maskScenario } from '../src/config/mask-load-test.ts';
import { loadTest as loadTestCheck } from '../src/checks/performance/load-test.ts';
import { createFacts } from '../src/facts/fact.ts';
import { strictestLimits } from '../src/facts/load-figures.ts';
import { servingImages } from '../src/facts/serving-images.ts';
import { gather } from '../src/gather/gather.ts';
import { nodeIo } from '../src/gather/node-io.ts';
import { runEmbedded } from '../src/load/embedded/embedded.ts';
import { runLoadTest } from '../src/load/run.ts';

/**
 * Writes examples/gravl/evidence/load-test.json: the embedded engine runs the scenario of the production review against Gravl's own
 * service, both on this machine. Measured is what was measured; the day and the image digests are those of the story. About six minutes.
 */
const root = join(import.meta.dirname, '..');
const reviewFile = 'examples/gravl/production.seaworthy.yaml';
const output = join(root, 'examples/gravl/evidence/load-test.json');
/** Those that the scenario names: of the demo data, and nobody's secret. */
const variables = { GRAVL_PASSWORD: demoPassword };
/** The evening before the review. */
const startedAt = '2026-03-05T18:00:00Z';

const say = (line: string) => process.stderr.write(`${line}\n`);
const port = await freePort();
const target = new URL(`http://127.0.0.1:${port}`);
const service = spawn(process.execPath, ['examples/gravl/service/src/demo/start.ts'], {
  cwd: root,
  env: { ...process.env, PORT: String(port), METRICS_PORT: String(await freePort()), FRONTEND_PORT: String(await freePort()) },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
try {
  await ready(new URL('/readyz', target));
  say(`Gravl's service answers on ${target.origin}.`);
  const record = await measure();
  writeFileSync(output, `${JSON.stringify(record)}\n`);
  const { counts, seconds, generator } = record;
  say(`${counts.ok} of ${counts.sent} requests in ${seconds} s; lag p99 ${generator?.lagP99Ms} ms. Wrote ${output}.`);
  say('The golden reports quote these figures: npm run golden:update, and read the diff.');
  if (record.stopped !== undefined) process.exitCode = 1;
} finally {
  service.kill('SIGTERM');
  await once(service, 'exit');
}

async function measure() {
  const system = await loadReviewFile(async (path) => readFileSync(join(root, path), 'utf8'), reviewFile);
  const { loadTest } = system;
  if (loadTest?.scenario === undefined) throw new Error(`${reviewFile} describes no scenario`);
  const { scenario, thresholds, environment } = loadTest;
  const limits = strictestLimits(loadTestCheck.parameters, thresholds);
  const io = nodeIo({ cwd: root, stdin: Readable.from([]), env: {}, now: () => startedAt });
  const bundle = await gather(io, { ...system, sources: system.sources.filter(({ kind }) => kind === 'manifests') });
  const digests = [...createFacts(bundle)(servingImages).digests].sort();
  const head = {
    subject: { scenario: maskScenario(scenario) },
    target: target.origin,
    ...(environment === undefined ? {} : { environment }),
    images: { digests, basis: 'stated' as const },
    variables: Object.keys(variables),
    startedAt,
    notes: [
      'An example: the engine and the service are real, on one machine; the day, the environment and the images are those of the story.',
    ],
  };
  const plan = { target, scenario, limits, variables, rows: [], runId: 'gravl-example', workers: 1 };
  const onProgress = ({
    phase,
    elapsedS,
    steady,
  }: {
    phase: string;
    elapsedS: number;
    steady: { n: number; p95Ms?: number };
  }) => {
    if (Math.round(elapsedS) % 30 === 0)
      say(`${Math.round(elapsedS)} s, ${phase}: ${steady.n} requests, p95 ${steady.p95Ms ?? '-'} ms`);
  };
  return runLoadTest(head, () => runEmbedded(plan, { signal: interrupt.signal, onProgress }));
}

async function ready(url: URL): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (service.exitCode !== null) throw new Error("Gravl's service ended before it was ready");
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(200);
  }
  throw new Error("Gravl's service was not ready within a minute");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
