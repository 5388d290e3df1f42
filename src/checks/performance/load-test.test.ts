import { describe, expect, it } from 'vitest';
import type { LoadTestData } from '../../evidence/bundle.ts';
import { examine } from '../testing.ts';
import { loadTest } from './load-test.ts';

const one = `sha256:${'a1'.repeat(32)}`;
const two = `sha256:${'b2'.repeat(32)}`;
const foreign = `sha256:${'c3'.repeat(32)}`;
const deployment = (name: string, containers: string) =>
  `---\n{ apiVersion: apps/v1, kind: Deployment, metadata: { name: ${name}, namespace: shop }, spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: ${containers} } } } }\n`;
const edge = `---
{ apiVersion: v1, kind: Service, metadata: { name: web, namespace: shop }, spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] } }
---
{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: web, namespace: shop }, spec: { rules: [{ host: a.acme.io, http: { paths: [{ path: /, backend: { service: { name: web, port: { number: 80 } } } }] } }] } }
`;
const web = deployment('web', `[{ name: web, image: "web@${one}" }]`);
const run = (parts: Partial<LoadTestData> = {}): LoadTestData => ({
  path: 'run.json',
  engine: 'k6',
  startedAt: '2026-03-05T08:50:00Z',
  environment: 'staging',
  requests: 36_000,
  p95Ms: 150,
  p99Ms: 300,
  errorRate: 0.0002,
  rps: 120,
  imageDigests: [one],
  valid: true,
  ...parts,
});
const say = (loadTests: readonly LoadTestData[], parts: Omit<Parameters<typeof examine>[1], 'loadTests'> = {}) =>
  examine(loadTest, { objects: web, ...parts, loadTests }).map(({ outcome, messageId }) => `${outcome} ${messageId}`);

describe('load-test', () => {
  it.each<[string, readonly LoadTestData[], readonly string[]]>([
    ['within the limits', [run()], ['pass within']],
    ['limits are strict: 200 ms are not below 200 ms', [run({ p95Ms: 200 })], ['fail p95']],
    ['100 requests a second are not more than 100', [run({ rps: 100 })], ['fail throughput']],
    ['no failed request is below any limit', [run({ errorRate: 0 })], ['pass within']],
    [
      'each limit that is exceeded is named',
      [run({ p95Ms: 300, p99Ms: 900, errorRate: 0.02, rps: 20 })],
      ['fail errors', 'fail p95', 'fail p99', 'fail throughput'],
    ],
    [
      'a run that sent nothing passes no limit',
      [run({ requests: 0, p95Ms: 0, p99Ms: 0, errorRate: 0, rps: 200 })],
      ['unknown invalid'],
    ],
    ['numbers that contradict each other', [run({ p99Ms: 100 })], ['unknown invalid']],
    ['a run that says that it is not valid', [run({ valid: false, p95Ms: 900, p99Ms: 900 })], ['unknown invalid']],
    ['no environment', [{ ...run(), environment: undefined as never }], ['unknown no-environment']],
    ['a laptop', [run({ environment: 'laptop' })], ['unknown environment']],
    ['no time', [{ ...run(), startedAt: undefined as never }], ['unknown undated']],
    ['a run of tomorrow', [run({ startedAt: '2026-03-07T00:00:00Z' })], ['unknown future']],
    ['no digests', [{ ...run(), imageDigests: undefined as never }], ['unknown no-digests']],
    ['no digests, and too slow whatever it was of', [{ ...run({ p95Ms: 250 }), imageDigests: undefined as never }], ['fail p95']],
    ['another version', [run({ imageDigests: [two] })], ['unknown other-images']],
    [
      'another version that is too slow says nothing of this one',
      [run({ imageDigests: [two], p95Ms: 900, p99Ms: 900 })],
      ['unknown other-images'],
    ],
    ['an image beside, which is not under review', [run({ imageDigests: [one, foreign] })], ['unknown foreign']],
    [
      'a newer run of another version hides none of this',
      [run({ imageDigests: [two], startedAt: '2026-03-06T00:00:00Z', path: 'b.json' }), run()],
      ['pass within'],
    ],
    [
      'a newer bad run is not hidden by an older good one',
      [run(), run({ startedAt: '2026-03-06T00:00:00Z', p95Ms: 210, path: 'b.json' })],
      ['fail p95'],
    ],
    ['fourteen days are too old', [run({ startedAt: '2026-02-20T08:50:00Z' })], ['unknown stale']],
    ['an old run that is too slow is still too slow', [run({ startedAt: '2026-01-20T08:50:00Z', p95Ms: 250 })], ['fail p95']],
  ])('%s', (_, runs, expected) => {
    expect(say([...runs])).toEqual(expected);
  });

  it('a tag makes equality unknown, a limit exceeded is none the less', () => {
    const objects = deployment('web', '[{ name: web, image: "web:1" }]');
    expect(say([run()], { objects })).toEqual(['unknown tags']);
    expect(say([run({ p95Ms: 250 })], { objects })).toEqual(['fail p95']);
  });

  it('the images that answer have to be tested, exporters beside them need not', () => {
    const objects =
      deployment(
        'web',
        `[{ name: web, image: "web@${one}", ports: [{ containerPort: 8080 }] }, { name: exporter, image: "exporter:1", ports: [{ containerPort: 9113 }] }]`,
      ) +
      deployment('db', `[{ name: db, image: "db@${two}" }]`) +
      edge;
    expect(say([run()], { objects })).toEqual(['pass within']);
    expect(say([run({ imageDigests: [one, two] })], { objects })).toEqual(['pass within']);
    expect(say([run({ imageDigests: [two] })], { objects })).toEqual(['unknown other-images']);
  });

  it('without workloads nothing says what the run should be of', () => {
    expect(say([run()], { objects: '' })).toEqual(['unknown other-images']);
  });

  it('a review file may tighten the limits and not loosen them', () => {
    const declared = (p95Ms: number) => ({
      review: { loadTest: { results: [], thresholds: { p95Ms, p99Ms: 500, errorRate: 0.001, minRps: 100 } } },
    });
    expect(say([run()], declared(100))).toEqual(['fail p95']);
    expect(say([run({ p95Ms: 250 })], declared(1000))).toEqual(['fail p95']);
  });

  it('says until when it holds', () => {
    expect(examine(loadTest, { objects: web, loadTests: [run()] })[0]?.until).toBe('2026-03-19T08:50:00Z');
  });
});
