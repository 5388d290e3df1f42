import { describe, expect, it } from 'vitest';
import type { Bundle, Slot } from './bundle.ts';
import { createBundleDecoder, encodeBundle } from './codec.ts';
import { aRecord } from './load-tests/testing.ts';
import { aBundle } from './testing.ts';

const read = (bundle: Bundle): readonly Slot[] => {
  const decoder = createBundleDecoder('a.bundle');
  for (const line of encodeBundle(bundle)) decoder.line(line.trimEnd());
  return decoder.finish().slots;
};
const head = {
  source: 'x',
  role: 'system',
  environment: 'production',
  status: 'collected',
  collectedAt: '2026-03-06T08:50:00Z',
  digest: 'sha256:0',
} as const;
const withSlot = (slot: unknown): Bundle => ({ ...aBundle({}), slots: [slot as Slot] });

describe('load tests in a bundle', () => {
  it('records and scripts come back as they were', () => {
    const slots: readonly Slot[] = [
      { ...head, id: 'load-test:x', kind: 'load-test', data: { path: 'x', record: aRecord() } },
      { ...head, id: 'load-script:x', kind: 'load-script', data: { path: 'x.js', sha256: `sha256:${'0'.repeat(64)}` } },
      {
        id: 'load-script:y',
        kind: 'load-script',
        source: 'y',
        role: 'system',
        environment: 'production',
        status: 'absent',
        reason: 'y does not exist',
      },
    ];
    expect(read({ ...aBundle({}), slots })).toEqual(slots);
  });

  it('one of an older version, which held no record, is a slot that failed and says so', () => {
    const older = { ...head, id: 'load-test:x', kind: 'load-test', data: { path: 'x', engine: 'k6', p95Ms: 12, valid: true } };
    expect(read(withSlot(older))).toEqual([
      {
        id: 'load-test:x',
        kind: 'load-test',
        source: 'x',
        role: 'system',
        environment: 'production',
        status: 'failed',
        code: 'SW_LOAD_RESULT',
        reason: 'x was collected by an older version of Seaworthy',
        hint: expect.stringContaining('again'),
      },
    ]);
  });

  it.each<[string, object]>([
    ['edited', { ...aRecord(), seconds: 1 }],
    ['of no form', { format: 'seaworthy.load-test/v2' }],
  ])('a record that is %s is a slot that failed', (_name, record) => {
    expect(read(withSlot({ ...head, id: 'load-test:x', kind: 'load-test', data: { path: 'x', record } }))).toMatchObject([
      { status: 'failed', code: 'SW_LOAD_RESULT' },
    ]);
  });
});
