import { describe, expect, it } from 'vitest';
import { readRecord } from '../evidence/load-tests/record.ts';
import type { Measurement } from './engine.ts';
import { type RunHead, runLoadTest } from './run.ts';

const head: RunHead = {
  subject: { script: { path: 'load.js', sha256: `sha256:${'a'.repeat(64)}` }, warmupS: 0 },
  target: 'https://staging.acme.io/',
  environment: 'staging',
  images: { digests: [`sha256:${'b'.repeat(64)}`], basis: 'stated' },
  variables: ['TOKEN'],
  startedAt: '2026-03-05T18:00:00Z',
  notes: [],
};
const counts = {
  planned: 1,
  sent: 1,
  ok: 1,
  failed: 0,
  timeouts: 0,
  dropped: 0,
  retried: 0,
  unfinished: 0,
  byStatus: {},
  byError: {},
};
const measured = (sentTo: readonly string[]) => async (): Promise<Measurement> => ({
  engine: { name: 'k6', version: '1.8.1', runners: 1 },
  model: 'open',
  sentTo,
  counts,
  seconds: 1,
  limitsMs: [200],
  blocks: [],
  notes: [],
});

describe('the record of a run', () => {
  it('is whole, and says what was declared of the target', async () => {
    const record = await runLoadTest(head, measured(['https://staging.acme.io']));
    expect(readRecord(JSON.parse(JSON.stringify(record)))).toMatchObject({ ok: true });
    expect(record).toMatchObject({ target: head.target, environment: 'staging', images: head.images, notes: [] });
  });

  it.each([
    ['another host', ['https://mock.acme.io']],
    ['another port', ['https://staging.acme.io:8443']],
    ['another scheme', ['http://staging.acme.io']],
    ['a second host', ['https://staging.acme.io', 'https://mock.acme.io']],
  ])('a script that sends to %s has tested that, and in no environment that anybody named', async (_, sentTo) => {
    const record = await runLoadTest(head, measured(sentTo));
    expect(record.target).toBe(sentTo.at(-1));
    expect([record.environment, record.images]).toEqual([undefined, undefined]);
    expect(record.notes).toEqual([
      'The script sent requests elsewhere than to https://staging.acme.io/, so that this is no run in staging.',
    ]);
  });
});
