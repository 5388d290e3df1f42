import type { K6Stream } from '../../evidence/load-tests/k6-stream.ts';
import { isK6Line } from '../../evidence/load-tests/k6-points.ts';
import { recordOfStream } from '../../evidence/load-tests/k6-stream-record.ts';
import { type K6Reading, readK6Summary } from '../../evidence/load-tests/k6-summary.ts';
import { isRecordFormat, type LoadTestRecord, loadTestFormat, readRecord, sealRecord } from '../../evidence/load-tests/record.ts';
import type { Io } from '../io.ts';
import { isRecord } from '../records.ts';

/** Streams have 4.5 kB a request. Documents are parsed whole. */
const limits = { maxBytes: 8 * 1024 ** 3, maxLineLength: 64 << 20 } as const;
const maxDocumentLength = 64 << 20;

export type ReadResultFile =
  | { readonly ok: true; readonly digest: string; readonly record: LoadTestRecord }
  | { readonly ok: false; readonly problem: 'missing' | 'other'; readonly message: string; readonly hint?: string };

/**
 * Reads a result: a record of ours, a summary of k6 in any shape, or the stream of `k6 run --out json`; each may be compressed. The first
 * line tells a stream from a document. `limitsMs`: limits that a stream is counted against exactly; others are answered by the histogram.
 */
export async function readResult(io: Io, path: string, limitsMs: readonly number[]): Promise<ReadResultFile> {
  // Loaded here, so that a review without load tests does not pay for the histogram.
  const { createK6Stream } = await import('../../evidence/load-tests/k6-stream.ts');
  const document: string[] = [];
  let length = 0;
  let stream: K6Stream | undefined;
  const take = (line: string) => {
    if (stream === undefined && document.length === 0 && isK6Line(line)) stream = createK6Stream({ limitsMs });
    if (stream !== undefined) {
      stream.line(line);
      return;
    }
    if (document.length === 0 && line.trim() === '') return;
    length += line.length + 1;
    if (length > maxDocumentLength) throw new TooLong();
    document.push(line);
  };
  try {
    const read = await io.lines(path, limits, take);
    if (!read.ok) return { ok: false, problem: read.problem === 'missing' ? 'missing' : 'other', message: read.message };
    const { tail, digest } = read;
    // What stands behind the last line break may be a line as good as the others, or the start of one.
    const isWhole = !read.cut && (tail.trim() === '' || stream === undefined || isK6Line(tail));
    if (isWhole && tail.trim() !== '') take(tail);
    if (stream !== undefined) return sealed(path, recordOfStream(stream.finish(), !isWhole), digest);
    return read.cut
      ? refused(path, 'is cut: its compressed data ends too early')
      : readDocument(path, document.join('\n'), digest);
  } catch (error) {
    if (error instanceof TooLong) return refused(path, 'is larger than any result of a load test');
    throw error;
  }
}

class TooLong extends Error {}

function readDocument(path: string, text: string, digest: string): ReadResultFile {
  if (text.trim() === '') return refused(path, 'is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(path, /^\s*[{[]/.test(text) ? 'is cut or damaged: it is no complete JSON' : 'is no JSON', kinds);
  }
  if (isRecord(value) && isRecordFormat(value['format'])) return readOwn(path, value, digest);
  const summary = readK6Summary(value);
  if (summary === undefined) return refused(path, 'is no result of a load test that we know', kinds);
  return sealed(path, summary, digest);
}

const kinds =
  'Results are what `seaworthy load` writes, and of k6: --summary-export, the data of handleSummary, the machine-readable summary, and --out json.';

function readOwn(path: string, value: Readonly<Record<string, unknown>>, digest: string): ReadResultFile {
  if (value['format'] !== loadTestFormat) {
    const format = String(value['format']).slice(0, 60);
    return refused(
      path,
      `is a record of format ${format}; this version reads ${loadTestFormat}`,
      'Run the load test again with `seaworthy load`.',
    );
  }
  const read = readRecord(value);
  return read.ok ? { ok: true, digest, record: read.record } : refused(path, `cannot be used: ${read.problem}`);
}

/** A foreign result as a record of ours. Read back, so that nothing gets into a bundle that a reader of the bundle would refuse. */
function sealed(path: string, reading: K6Reading, digest: string): ReadResultFile {
  if (!reading.ok) return refused(path, `cannot be used: ${reading.problem}`);
  const read = readRecord(sealRecord(reading.record));
  return read.ok ? { ok: true, digest, record: read.record } : refused(path, `cannot be used: ${read.problem}`);
}

const refused = (path: string, what: string, hint?: string): ReadResultFile => ({
  ok: false,
  problem: 'other',
  message: `${path} ${what}`,
  ...(hint === undefined ? {} : { hint }),
});
