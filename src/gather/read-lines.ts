import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { createLineSplitter, type LineSplitter } from '../evidence/load-tests/line-splitter.ts';
import type { LineLimits, LinesResult } from './io.ts';

/**
 * Reads a stream of bytes line by line; gzip is told by its first two bytes. A file whose compressed data ends too early yields the lines
 * until there. `shown` is the file's name in messages. What `onLine` throws is thrown on.
 */
export async function readLines(
  source: Readable,
  shown: string,
  limits: LineLimits,
  onLine: (line: string) => void,
): Promise<LinesResult> {
  let thrown: { readonly error: unknown } | undefined;
  const splitter = createLineSplitter(limits.maxLineLength, (line) => {
    try {
      onLine(line);
    } catch (error) {
      thrown = { error };
      throw error;
    }
  });
  try {
    return await readAll(source, splitter, limits.maxBytes);
  } catch (error) {
    if (thrown !== undefined) throw thrown.error;
    return { ok: false, ...describe(error, shown) };
  } finally {
    source.destroy();
  }
}

class TooLarge extends Error {}

async function readAll(source: Readable, splitter: LineSplitter, maxBytes: number): Promise<LinesResult> {
  const hash = createHash('sha256');
  let size = 0;
  const take = (bytes: Uint8Array) => {
    size += bytes.length;
    if (size > maxBytes) throw new TooLarge();
    hash.update(bytes);
    splitter.push(bytes);
  };
  const cut = await decompress(source, take, maxBytes);
  return { ok: true, digest: `sha256:${hash.digest('hex')}`, tail: splitter.tail(), cut };
}

/** Hands over the bytes, decompressed where they are gzip. Whether the compressed data ended too early. */
async function decompress(source: Readable, take: (bytes: Uint8Array) => void, maxBytes: number): Promise<boolean> {
  let gunzip: Gunzip | undefined;
  let output: Promise<boolean> | undefined;
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    if (size === 0 && chunk[0] === 0x1f && chunk[1] === 0x8b) {
      gunzip = createGunzip();
      output = drain(gunzip, take);
      // Told when it is awaited; until then a rejection would count as unhandled.
      output.catch(() => {});
    }
    size += chunk.length;
    if (size > maxBytes) throw new TooLarge();
    if (gunzip === undefined) take(chunk);
    else if (gunzip.destroyed) break;
    else if (!gunzip.write(chunk)) await Promise.race([drained(gunzip), output]);
  }
  gunzip?.end();
  return (await output) ?? false;
}

const drained = (gunzip: Gunzip): Promise<void> =>
  new Promise((resolve) => {
    gunzip.once('drain', resolve);
    gunzip.once('close', resolve);
  });

async function drain(gunzip: Gunzip, take: (bytes: Uint8Array) => void): Promise<boolean> {
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) take(chunk);
    return false;
  } catch (error) {
    if (codeOf(error) === 'Z_BUF_ERROR') return true;
    throw error;
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

function describe(error: unknown, shown: string): { readonly problem: 'too-large' | 'error'; readonly message: string } {
  if (error instanceof TooLarge) return { problem: 'too-large', message: `${shown} holds more than can be read` };
  if (error instanceof RangeError) return { problem: 'too-large', message: `${shown} holds a line that is too long` };
  const code = codeOf(error);
  if (code.startsWith('Z_')) return { problem: 'error', message: `${shown} is compressed, and its data is damaged` };
  return { problem: 'error', message: `${shown} cannot be read (${code || 'unknown error'})` };
}
