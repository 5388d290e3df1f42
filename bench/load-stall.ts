import { quantile } from '../src/evidence/load-tests/distribution.ts';
import type { Measurement } from '../src/load/engine.ts';
import { aPlan, aRequest, measure } from '../test/load/plans.ts';
import { expectedLatencies, rank, startStallServer, type Stall, type StallCase } from '../test/load/stall-model.ts';
import { autocannon, hey, k6, wrk, type Printed, type Tool } from './load-tools.ts';

const load: StallCase = {
  rate: 200,
  warmupMs: 1_000,
  steadyMs: 10_000,
  serviceMs: 0,
  stallAtMs: 6_000,
  stallMs: 1_000,
  workers: 1,
  connections: 256,
};
/** Others have no warm-up of their own: their stall comes in the middle of ten seconds as well. */
const plain: StallCase = { ...load, warmupMs: 0, stallAtMs: 5_000 };
const others: readonly Tool[] = [k6(10), k6(400), wrk(10), hey, autocannon({ connections: 10, holdRate: true })];

/**
 * A server frozen for one second in the middle of ten seconds at 200 a second: what ought to be measured, and what each generator says.
 * What ought to be is computed from the plan and from when the server says that it was frozen. Ours runs three times, and the last line is the
 * median of its errors.
 */
export async function run(): Promise<void> {
  console.log('| generator | p50 ms | p95 ms | p99 ms | p99 error | |\n| --- | --- | --- | --- | --- | --- |');
  const runs: number[] = [];
  for (const number of [1, 2, 3]) runs.push(await compare(`Seaworthy, run ${number}`, load));
  await compare('Seaworthy, two workers', { ...load, workers: 2 });
  await compare('Seaworthy, 10 connections', { ...load, connections: 10 });
  for (const tool of others) await compareTool(tool);
  const [, median = Number.NaN] = runs.sort((a, b) => a - b);
  console.log(`p99 error ${median.toFixed(1)} %`);
}

async function compare(name: string, stallCase: StallCase): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const { measurement, stall } = await measured(stallCase);
    const expected = expectedLatencies(stallCase, stall);
    const lagMs = measurement.generator?.lagP99Ms ?? Number.POSITIVE_INFINITY;
    // A generator that this machine kept from its plan says so itself, and its figures mean nothing.
    if (lagMs > 5 && attempt < 3) continue;
    const ms = (share: number) =>
      (quantile(measurement.response ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 }, share) ?? Number.NaN) / 1000;
    const figures = { p50: ms(0.5), p95: ms(0.95), p99: ms(0.99) };
    if (name.endsWith('run 1'))
      row('expected', { p50: rank(expected, 0.5), p95: rank(expected, 0.95), p99: rank(expected, 0.99) }, '', '');
    const error = errorOf(figures.p99, expected);
    row(name, figures, `${error.toFixed(1)} %`, `send lag p99 ${lagMs.toFixed(1)} ms`);
    return error;
  }
}

async function measured(stallCase: StallCase): Promise<{ measurement: Measurement; stall: Stall }> {
  const server = await startStallServer(stallCase);
  try {
    const { rate, warmupMs, steadyMs, workers, connections } = stallCase;
    const requests = [aRequest({ path: '/${run.iteration}' })];
    const scenario = { warmupMs, connections, requests, timeoutMs: 5_000 };
    return {
      measurement: await measure(aPlan(server.url, { rate, durationMs: steadyMs, workers, scenario })),
      stall: await server.stall(),
    };
  } finally {
    server.stop();
  }
}

async function compareTool(tool: Tool): Promise<void> {
  const server = await startStallServer(plain);
  try {
    const printed = await tool.run(server.url, { rate: plain.rate, seconds: plain.steadyMs / 1000 });
    const error =
      printed.p99 === undefined ? '' : `${errorOf(printed.p99, expectedLatencies(plain, await server.stall())).toFixed(1)} %`;
    const sent = printed.requests === undefined ? '' : `${printed.requests} of ${(plain.rate * plain.steadyMs) / 1000} sent`;
    row(
      tool.name,
      printed,
      error,
      [sent, (printed.dropped ?? 0) > 0 ? `${printed.dropped} dropped` : ''].filter((part) => part !== '').join(', '),
    );
  } catch {
    row(tool.name, {}, '', 'not installed');
  } finally {
    server.stop();
  }
}

const errorOf = (p99: number, expected: readonly number[]): number =>
  (Math.abs(p99 - rank(expected, 0.99)) / rank(expected, 0.99)) * 100;

function row(name: string, { p50, p95, p99 }: Printed, error: string, note: string): void {
  const cells = [p50, p95, p99].map((value) => (value === undefined ? '' : value.toFixed(1)));
  console.log(`| ${[name, ...cells, error, note].join(' | ')} |`);
}
