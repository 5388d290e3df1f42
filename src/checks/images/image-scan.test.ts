import { describe, expect, it } from 'vitest';
import type { ImageScanData } from '../../evidence/bundle.ts';
import { examine } from '../testing.ts';
import { imageScan } from './image-scan.ts';

const digest = `sha256:${'a1'.repeat(32)}`;
const objects = `{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { containers: [{ name: web, image: "web:1@${digest}" }] } }`;
const scan = (parts: Partial<ImageScanData> = {}): ImageScanData => ({
  tool: 'trivy',
  path: 'scan.json',
  scannedAt: '2026-03-05T08:50:00Z',
  digests: [digest],
  image: 'web:1',
  whole: true,
  vulnerabilities: {},
  ...parts,
});
const critical = { vulnerabilities: { critical: 1 } };

describe('image-scan', () => {
  it.each<[string, readonly ImageScanData[], string]>([
    ['a tag never matches', [scan({ digests: [], image: 'web:1' })], 'unknown no-report'],
    ['low and medium findings pass', [scan({ vulnerabilities: { low: 9, medium: 9, unknown: 1 } })], 'pass clean'],
    ['a high finding', [scan({ vulnerabilities: { high: 1 } })], 'fail vulnerable'],
    ['a report that is cut and names no image', [scan({ whole: false, digests: [], problem: 'cut' })], 'unknown no-report'],
    ['a report that is not whole', [scan({ whole: false })], 'unknown not-whole'],
    ['a report that is not whole and found something', [scan({ whole: false, ...critical })], 'fail vulnerable'],
    ['an old finding does not go away', [scan({ scannedAt: '2026-01-01T00:00:00Z', ...critical })], 'fail vulnerable'],
    [
      'a newer report of the same tool takes the place of an older one',
      [scan({ scannedAt: '2026-03-01T00:00:00Z', ...critical }), scan()],
      'pass clean',
    ],
    [
      'another tool is not overruled',
      [scan(), scan({ tool: 'grype', scannedAt: '2026-03-01T00:00:00Z', ...critical })],
      'fail vulnerable',
    ],
    ['a report of tomorrow', [scan({ scannedAt: '2026-03-07T00:00:00Z' })], 'unknown future'],
    ['an undated one beside a dated one', [scan(), { ...scan({ path: 'b.json' }), scannedAt: undefined as never }], 'pass clean'],
    ['exactly seven days are too old', [scan({ scannedAt: '2026-02-27T08:50:00Z' })], 'unknown stale'],
    ['a second less is not', [scan({ scannedAt: '2026-02-27T08:50:01Z' })], 'pass clean'],
  ])('%s', (_, imageScans, expected) => {
    expect(examine(imageScan, { objects, imageScans }).map(({ outcome, messageId }) => `${outcome} ${messageId}`)).toEqual([
      expected,
    ]);
  });

  it('says until when it holds, and why it no longer does', () => {
    const [fresh] = examine(imageScan, { objects, imageScans: [scan()] });
    expect(fresh?.until).toBe('2026-03-12T08:50:00Z');
    const [stale] = examine(imageScan, { objects, imageScans: [scan()], asOf: '2026-03-12T08:50:00Z' });
    expect([stale?.outcome, stale?.reason]).toEqual(['unknown', 'stale']);
  });

  it('allows what a standard allows', () => {
    expect(
      examine(imageScan, { objects, imageScans: [scan({ vulnerabilities: { high: 2 } })], parameters: { high: 2 } })[0]?.outcome,
    ).toBe('pass');
  });
});
