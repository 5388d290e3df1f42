import type { LoadRequest, LoadScenario } from '../../src/evidence/declared.ts';
import { readRecord, sealRecord } from '../../src/evidence/load-tests/record.ts';
import { runEmbedded } from '../../src/load/embedded/embedded.ts';
import type { LoadProgress, Measurement } from '../../src/load/engine.ts';
import type { LoadPlan } from '../../src/load/plan.ts';

export const aRequest = (request: Partial<LoadRequest> = {}): LoadRequest => ({
  name: 'read',
  method: 'GET',
  path: '/',
  weight: 1,
  headers: {},
  success: [[200, 399]],
  ...request,
});

type PlanParts = Partial<Omit<LoadPlan, 'scenario' | 'target'>> & {
  rate?: number;
  durationMs?: number;
  scenario?: Partial<LoadScenario>;
};

/** 100 requests a second for one second, without warm-up, by one worker. */
export const aPlan = (url: string, { rate = 100, durationMs = 1_000, scenario, ...rest }: PlanParts = {}): LoadPlan => ({
  target: new URL(url),
  limits: { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 50 },
  variables: {},
  rows: [],
  runId: 'run-1',
  workers: 1,
  ...rest,
  scenario: {
    stages: [{ from: rate, to: rate, durationMs }],
    warmupMs: 0,
    timeoutMs: 2_000,
    connections: 50,
    protocol: 'http/1.1',
    tls: { verify: true },
    setup: [],
    requests: [aRequest()],
    ...scenario,
  },
});

/** Runs a plan; what comes back must make a readable record, whatever happened. */
export async function measure(
  plan: LoadPlan,
  {
    signal = new AbortController().signal,
    onProgress = () => {},
    ...options
  }: { signal?: AbortSignal; onProgress?: (progress: LoadProgress) => void; maxInFlight?: number } = {},
): Promise<Measurement> {
  const measurement = await runEmbedded(plan, { signal, onProgress }, options);
  const { model, ...figures } = measurement;
  const record = sealRecord({
    ...figures,
    target: plan.target.href,
    test: { model, warmupS: 0, steadyS: 1, requests: [], variables: [] },
  });
  const read = readRecord(JSON.parse(JSON.stringify(record)) as unknown);
  if (!read.ok) throw new Error(`the measurement makes no record: ${read.problem}`);
  return measurement;
}
