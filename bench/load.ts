import { aPlan, measure } from '../test/load/plans.ts';
import { startStallServer } from '../test/load/stall-model.ts';
import { run as runStall } from './load-stall.ts';
import { autocannon, wrk, type Tool } from './load-tools.ts';

const connections = 50;
const seconds = 4;
/** A rate counts as held when sends are late by less than this, at the 99th percentile, and every planned request was answered. */
const mostLagMs = 5;
const first = 1_000;
const highest = 64_000;

/**
 * The highest rate that one worker keeps to, against node:http in a process of its own, beside the most that others send without any plan.
 * Throughput of this kind depends on the machine: the ratio is the result.
 */
export async function run(): Promise<void> {
  const server = await startStallServer({ rate: 1, serviceMs: 0, stallAtMs: 0, stallMs: 0 });
  try {
    const held = await search((rate) => holds(server.url, rate));
    console.log(`Seaworthy, one worker, open model: ${held} a second with send lag p99 under ${mostLagMs} ms`);
    for (const tool of [wrk(connections), autocannon({ connections, holdRate: false })]) await beside(tool, server.url, held);
  } finally {
    server.stop();
  }
  console.log('\nHow many is worth what is true of them. A server frozen for one second:\n');
  await runStall();
}

/** Doubles while it holds, then halves the distance to what did not, until both are within a tenth. */
async function search(holdsAt: (rate: number) => Promise<boolean>): Promise<number> {
  let low = 0;
  let high = first;
  while (high <= highest && (await holdsAt(high))) {
    low = high;
    high *= 2;
  }
  while (high - low > low * 0.1) {
    const middle = Math.round((low + high) / 2 / 100) * 100;
    if (middle === low || middle === high) break;
    if (await holdsAt(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Twice, since a machine that does something else for a moment says nothing about the generator. */
async function holds(url: string, rate: number): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const plan = aPlan(url, { rate, durationMs: seconds * 1000, scenario: { warmupMs: 1_500, connections, timeoutMs: 5_000 } });
    const { counts, generator } = await measure(plan);
    const lagMs = generator?.lagP99Ms ?? Number.POSITIVE_INFINITY;
    const isHeld = lagMs < mostLagMs && counts?.ok === counts?.planned;
    console.log(
      `${rate} a second: send lag p99 ${lagMs.toFixed(1)} ms, cpu ${((generator?.cpu ?? 0) * 100).toFixed(0)} %${isHeld ? '' : ', not held'}`,
    );
    if (isHeld) return true;
  }
  return false;
}

async function beside(tool: Tool, url: string, held: number): Promise<void> {
  try {
    const { perSecond } = await tool.run(url, { rate: 0, seconds });
    if (perSecond === undefined) throw new Error('prints no rate');
    console.log(`${tool.name}: ${perSecond.toFixed(0)} a second, ratio ${(held / perSecond).toFixed(2)}`);
  } catch {
    console.log(`${tool.name}: not installed`);
  }
}
