import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SlotOf } from '../../evidence/bundle.ts';
import { aRecord } from '../../evidence/load-tests/testing.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import { memoryIo } from '../memory-io.ts';
import { gatherLoadScript } from './load-script.ts';
import { gatherLoadTests } from './load-tests.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;
type Stated = Extract<SourceSpec, { kind: 'load-test' }>['stated'];

const recording = (name: string) => readFileSync(`${import.meta.dirname}/../../../test/load/k6-recordings/${name}`);
const stream = gunzipSync(recording('stream.ndjson.gz')).toString('utf8');
const summary = recording('summary-export.json').toString('utf8');
const own = JSON.stringify(aRecord());

const gatherFrom = (files: Files, path: string, stated: Stated = {}) =>
  gatherLoadTests(memoryIo(files), { kind: 'load-test', role: 'system', environment: 'production', path, stated }, [200, 500]);
const one = async (content: string | Uint8Array, stated?: Stated): Promise<SlotOf<'load-test'>> => {
  const [slot, ...more] = await gatherFrom({ 'result.json': content }, 'result.json', stated);
  if (slot === undefined || more.length > 0) throw new Error('not one slot');
  return slot;
};
const recordIn = (slot: SlotOf<'load-test'>) => {
  if (slot.status !== 'collected') throw new Error(slot.reason);
  return slot.data.record;
};

describe('what a file may be, whatever its name', () => {
  it('a record of ours, as it is', async () => {
    const slot = await one(own);
    expect(recordIn(slot)).toEqual(aRecord());
    expect(slot).toMatchObject({
      id: 'load-test:production:result.json',
      data: { path: 'result.json' },
      digest: expect.stringMatching(/^sha256:/),
    });
  });

  it.each(['summary-export.json', 'handle-summary.json', 'machine-readable.json'])('a summary of k6: %s', async (name) => {
    const record = recordIn(await one(recording(name)));
    expect(record.engine.name).toBe('k6');
    expect(record.quantiles?.p95Ms).toBeGreaterThan(200);
    expect(record.blocks).toEqual([]);
  });

  it('a stream of k6, counted against the limits of the review', async () => {
    const record = recordIn(await one(stream));
    expect(record.counts).toMatchObject({ ok: 85, failed: 34, unfinished: 1, dropped: 1 });
    expect(record.limitsMs).toEqual([200, 500]);
    expect(record.blocks[0]?.over).toMatchObject({ '500': 0 });
    expect(record.stopped).toBeUndefined();
  });

  it.each<[string, string]>([
    ['a record', own],
    ['a summary', summary],
    ['a stream', stream],
  ])('%s that is compressed', async (_name, text) => {
    expect(recordIn(await one(gzipSync(text)))).toEqual(recordIn(await one(text)));
  });

  it.each<[string, string]>([
    ['a byte order mark is none of JSON', `\uFEFF${own}`],
    ['blank lines before a document', `\n\r\n${own}\n`],
    ['pretty-printed', JSON.stringify(JSON.parse(own), null, 2)],
    ['Windows line breaks', JSON.stringify(JSON.parse(own), null, 2).replaceAll('\n', '\r\n')],
  ])('%s', async (name, text) => {
    const slot = await one(text);
    expect(slot.status).toBe(name.startsWith('a byte') ? 'failed' : 'collected');
  });
});

describe('what cannot be used is a slot that says why', () => {
  const edited = own.replace(/"failed":\d+/, '"failed":0');
  const newer = own.replace('seaworthy.load-test/v2', 'seaworthy.load-test/v3');
  it.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /result\.json is empty/],
    ['blank', ' \n\n', /is empty/],
    ['a record that was edited', edited, /changed after the run/],
    [
      'a record of the first version',
      '{"format":"seaworthy.load-test/v1","p95Ms":3}',
      /format seaworthy\.load-test\/v1; this version reads/,
    ],
    ['a record of a later version', newer, /format seaworthy\.load-test\/v3/],
    ['a record that is cut', own.slice(0, -200), /cut or damaged/],
    ['a summary that is cut', summary.slice(0, 3000), /cut or damaged/],
    ['a summary that contradicts itself', summary.replace('"fails": 86', '"fails": 80'), /judged 114 of 120/],
    ['another kind of JSON', '{"a":1}', /no result of a load test that we know/],
    ['a list', '[1]', /no result of a load test that we know/],
    ['JSON keys of a prototype', '{"__proto__":{"format":"seaworthy.load-test/v2"}}', /that we know/],
    ['text', 'all fine, p95 was 12 ms', /is no JSON/],
    ['bytes', new Uint8Array([0, 255, 254, 1, 2]), /is no JSON/],
    [
      'gzip that is damaged',
      new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
      /compressed, and its data is damaged/,
    ],
    ['gzip of a record that is cut', gzipSync(own).subarray(0, -30), /compressed data ends too early/],
    [
      'a stream with damage in the middle',
      stream
        .replace('"type":"Point","data":{"time":"2026', '"type":"Point","data":{"time":"2x26')
        .replace('{"metric":"http_req_duration","type":"Point"', '{"metric":"http_req_duration","type":"Point",,'),
      /cannot be read/,
    ],
    [
      'a stream without requests',
      stream
        .split('\n')
        .filter((line) => !line.includes('"http_req'))
        .join('\n'),
      /none of the requests|no HTTP request/,
    ],
  ])('%s', async (_name, content, reason) => {
    const slot = await one(content);
    expect(slot).toMatchObject({ status: 'failed', code: 'SW_LOAD_RESULT', reason: expect.stringMatching(reason) });
    expect(slot).toMatchObject({ reason: expect.stringContaining('result.json') });
  });

  it('a missing file is absent, and so are a folder and a glob without results', async () => {
    expect(await gatherFrom({}, 'gone.json')).toMatchObject([{ status: 'absent', reason: 'gone.json does not exist' }]);
    expect(await gatherFrom({ 'runs/readme.md': 'x' }, 'runs')).toMatchObject([
      { status: 'absent', reason: expect.stringContaining('runs holds no result') },
    ]);
    expect(await gatherFrom({ 'a.txt': 'x' }, 'runs/*.json')).toMatchObject([{ status: 'absent' }]);
  });
});

describe('a stream that is cut keeps what was measured', () => {
  it.each<[string, Uint8Array]>([
    ['in the middle of a line', Buffer.from(stream.slice(0, 200_050))],
    ['in its compressed data', gzipSync(stream).subarray(0, 9000)],
  ])('%s', async (_name, content) => {
    const record = recordIn(await one(content));
    expect(record.stopped).toMatchObject({ reason: 'aborted', message: expect.stringContaining('cut') });
    expect(record.counts.ok).toBeGreaterThan(20);
    expect(record.counts.ok).toBeLessThan(85);
  });

  it('a last line without line break is a line', async () => {
    expect(recordIn(await one(stream.trimEnd()))).toEqual(recordIn(await one(stream)));
  });

  it('a single line', async () => {
    const line = stream
      .split('\n')
      .find((text) => text.includes('"http_req_duration","type":"Point"') && text.includes('"scenario"'));
    expect(recordIn(await one(line ?? '')).counts.sent).toBe(1);
  });
});

describe('folders and globs', () => {
  const files = {
    'runs/a.json': own,
    'runs/b.ndjson.gz': gzipSync(stream),
    'runs/c.jsonl': stream,
    'runs/notes.md': 'x',
    'runs/old/d.json': own,
    'runs/bad.json': '{',
  };
  it('a folder is its results, one slot each, those that cannot be read too', async () => {
    const slots = await gatherFrom(files, 'runs');
    expect(slots.map(({ source, status }) => [source, status])).toEqual([
      ['runs/a.json', 'collected'],
      ['runs/b.ndjson.gz', 'collected'],
      ['runs/bad.json', 'failed'],
      ['runs/c.jsonl', 'collected'],
    ]);
  });

  it('a glob is what it matches', async () => {
    const slots = await gatherFrom(files, 'runs/**/*.json');
    expect(slots.map(({ source }) => source)).toEqual(['runs/a.json', 'runs/bad.json', 'runs/old/d.json']);
  });

  it('more files than anybody runs tests are refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`runs/${index}.json`, own]));
    expect(await gatherFrom(many, 'runs')).toMatchObject([{ status: 'failed', reason: expect.stringContaining('1001 files') }]);
  });
});

describe('what the review file states', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const stated = {
    startedAt: '2026-03-01T10:00:00Z',
    environment: 'staging',
    images: [`registry/app@${digest}`],
    model: 'open',
  } as const;

  it('fills what a summary does not say', async () => {
    const record = recordIn(await one(summary, stated));
    expect(record).toMatchObject({
      startedAt: stated.startedAt,
      environment: 'staging',
      images: { digests: [digest], basis: 'stated' },
      test: { model: 'open' },
    });
  });

  it('does not touch what the result says: a stated day may be that of the run', async () => {
    const record = recordIn(await one(stream, { startedAt: '2026-11-28T00:00:00Z' }));
    expect(record.startedAt).toBe('2026-11-28T08:58:59Z');
  });

  it('changes nothing of a record that says all of it itself', async () => {
    const { environment, startedAt } = aRecord();
    expect(
      recordIn(
        await one(own, {
          ...(environment === undefined ? {} : { environment }),
          ...(startedAt === undefined ? {} : { startedAt }),
        }),
      ),
    ).toEqual(aRecord());
  });

  it.each<[string, Stated, RegExp]>([
    [
      'another environment',
      { environment: 'production' },
      /environment of the result is staging, and the review file states production/,
    ],
    ['another start', { startedAt: '2020-01-01T00:00:00Z' }, /start of the result/],
    ['another model', { model: 'closed' }, /model of the result is open/],
    ['other images', { images: [`app@sha256:${'b'.repeat(64)}`] }, /list of images of the result/],
    ['images by tag', { images: ['app:1.2'] }, /"app:1\.2" has no digest/],
  ])('%s contradicts the result: one of them is wrong', async (_name, said, reason) => {
    const record = aRecord({ environment: 'staging', images: [digest] });
    expect(await one(JSON.stringify(record), said)).toMatchObject({ status: 'failed', reason: expect.stringMatching(reason) });
  });
});

describe('the script of a load test', () => {
  const spec = { kind: 'load-script', role: 'system', environment: 'production', path: 'load-test.js' } as const;
  it('is known by the digest of its bytes', async () => {
    const bytes = new Uint8Array([0xff, 0x0a, 0x61]);
    const sha256 = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    expect(await gatherLoadScript(memoryIo({ 'load-test.js': bytes }), spec)).toMatchObject({
      status: 'collected',
      kind: 'load-script',
      digest: sha256,
      data: { path: 'load-test.js', sha256 },
    });
  });

  it('is absent where it is missing, and failed where it is a folder', async () => {
    expect(await gatherLoadScript(memoryIo({}), spec)).toMatchObject({ status: 'absent', reason: 'load-test.js does not exist' });
    expect(await gatherLoadScript(memoryIo({ 'load-test.js/a': '' }), spec)).toMatchObject({ status: 'failed' });
  });
});
