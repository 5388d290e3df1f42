import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/evidence/load-tests/distribution.ts';
import type { Measurement } from '../../src/load/engine.ts';
import { aPlan, aRequest, measure } from './plans.ts';
import { expectedLatencies, rank, startStallServer, type Stall, type StallCase } from './stall-model.ts';

const load = {
  rate: 200,
  warmupMs: 500,
  steadyMs: 2_500,
  serviceMs: 30,
  stallAtMs: 1_500,
  stallMs: 600,
  workers: 1,
  connections: 256,
};

const isHealthy = ({ generator }: Measurement) =>
  generator !== undefined && generator.lagP99Ms <= 5 && generator.startedShare === 1;

/** Measured again, up to twice, where the generator itself says that this machine kept it from its plan: then the figures mean nothing. */
async function measured(stallCase: StallCase): Promise<{ measurement: Measurement; stall: Stall }> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await startStallServer(stallCase);
    try {
      const { rate, warmupMs, steadyMs, workers, connections } = stallCase;
      const requests = [aRequest({ path: '/${run.iteration}' })];
      const plan = aPlan(server.url, { rate, durationMs: steadyMs, workers, scenario: { warmupMs, connections, requests } });
      const measurement = await measure(plan);
      if (attempt === 3 || isHealthy(measurement)) return { measurement, stall: await server.stall() };
    } finally {
      server.stop();
    }
  }
}

describe('a server that freezes under a constant rate', () => {
  it.each([
    ['one worker', load],
    ['two workers', { ...load, workers: 2 }],
    ['ten connections, so that requests wait in the client', { ...load, rate: 100, connections: 10 }],
  ])('is measured as long as it was frozen: %s', async (_, stallCase) => {
    const { measurement, stall } = await measured(stallCase);
    const expected = expectedLatencies(stallCase, stall);
    expect(measurement.counts).toMatchObject({
      planned: expected.length,
      sent: expected.length,
      ok: expected.length,
      dropped: 0,
    });
    for (const share of [0.5, 0.95, 0.99]) {
      const wanted = rank(expected, share);
      const found = (quantile(measurement.response ?? { buckets: [], minUs: 0, maxUs: 0, sumUs: 0 }, share) ?? 0) / 1000;
      // A generator that three times could not keep its plan on this machine is at most as wrong as it says that it was late.
      const late = isHealthy(measurement) ? 0 : (measurement.generator?.lagP99Ms ?? 0);
      expect(Math.abs(found - wanted), `p${share * 100}: ${found} ms instead of ${wanted} ms`).toBeLessThan(0.15 * wanted + late);
    }
  });
});
