import { expect, it } from 'vitest';
import type { ImageScanData } from '../../evidence/bundle.ts';
import { examine } from '../testing.ts';
import { imageSecrets } from './image-secrets.ts';

const digest = `sha256:${'a1'.repeat(32)}`;
const objects = `{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { containers: [{ name: web, image: "web@${digest}" }] } }`;
const scan = (parts: Partial<ImageScanData> = {}): ImageScanData => ({
  tool: 'trivy',
  path: 'scan.json',
  scannedAt: '2026-03-05T08:50:00Z',
  digests: [digest],
  image: 'web',
  whole: true,
  vulnerabilities: {},
  ...parts,
});

it.each<[string, readonly ImageScanData[], string]>([
  ['a scan that did not look for secrets says nothing of them', [scan()], 'unknown not-searched'],
  ['a scan that looked', [scan({ secrets: 0 })], 'pass none'],
  ['a scan that is not whole', [scan({ secrets: 0, whole: false })], 'unknown not-searched'],
  ['a scan of another digest', [scan({ secrets: 0, digests: [`sha256:${'b2'.repeat(32)}`] })], 'unknown not-searched'],
  ['one find beats a clean scan', [scan({ secrets: 0 }), scan({ secrets: 1, scannedAt: '2026-01-01T00:00:00Z' })], 'fail found'],
])('%s', (_, imageScans, expected) => {
  expect(examine(imageSecrets, { objects, imageScans }).map(({ outcome, messageId }) => `${outcome} ${messageId}`)).toEqual([
    expected,
  ]);
});
