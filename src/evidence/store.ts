import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { SeaworthyError } from '../model/errors.ts';
import type { Bundle } from './bundle.ts';
import { bundleLimits, createBundleDecoder, encodeBundle } from './codec.ts';

/**
 * Writes a bundle as gzip NDJSON beside `path` and then renames it, so that an interrupted run leaves no half-written bundle. The same
 * bundle gives the same bytes. Throws `SW_OUTPUT` where the file cannot be written.
 */
export async function saveBundle(bundle: Bundle, path: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.part`);
  try {
    // zlib writes modification time 0 and a fixed header, so that bytes depend on the content alone.
    await pipeline(encodeBundle(bundle), createGzip({ level: 6 }), createWriteStream(temporary, { mode: 0o600 }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (error instanceof SeaworthyError) throw error;
    throw new SeaworthyError('SW_OUTPUT', 'The bundle cannot be written.', { where: path, hint: reasonOf(error), cause: error });
  }
}

/**
 * Reads a bundle that `saveBundle` wrote. Throws `SW_BUNDLE` for a file that cannot be read, is no bundle, is cut, was changed, is too
 * large, or has a format of another version.
 */
export async function loadBundle(
  path: string,
  limits: { readonly line: number; readonly total: number } = bundleLimits,
): Promise<Bundle> {
  const decoder = createBundleDecoder(path);
  try {
    await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const line of linesOf(chunks, limits, path)) decoder.line(line);
    });
  } catch (error) {
    if (error instanceof SeaworthyError) throw error;
    throw unreadable(error, path);
  }
  return decoder.finish();
}

/** The lines of a stream of bytes; decoded line by line, so that a character cut between two chunks is whole again. */
async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  limits: { readonly line: number; readonly total: number },
  where: string,
): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let length = 0;
  let total = 0;
  const check = (): void => {
    if (total <= limits.total && length <= limits.line) return;
    throw new SeaworthyError('SW_BUNDLE', 'The bundle is too large.', { where, hint: 'Review fewer sources at once.' });
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      length += end - start;
      check();
      yield Buffer.concat([...pending, chunk.subarray(start, end)]).toString('utf8');
      pending = [];
      length = 0;
      start = end + 1;
    }
    pending.push(chunk.subarray(start));
    length += chunk.length - start;
    check();
  }
  if (length > 0)
    throw new SeaworthyError('SW_BUNDLE', 'The bundle ends in the middle of a line.', {
      where,
      hint: 'The file is cut; save it again.',
    });
}

function unreadable(error: unknown, where: string): SeaworthyError {
  const code = codeOf(error);
  const options = { where, cause: error };
  if (code === 'ENOENT')
    return new SeaworthyError('SW_BUNDLE', 'The bundle does not exist.', { ...options, hint: 'Check the path after --from.' });
  if (code === 'Z_BUF_ERROR')
    return new SeaworthyError('SW_BUNDLE', 'The bundle is cut.', {
      ...options,
      hint: 'Save it again with `seaworthy review --save`.',
    });
  if (code.startsWith('Z_'))
    return new SeaworthyError('SW_BUNDLE', 'The file is no bundle, or it is damaged.', {
      ...options,
      hint: 'Give a file that `seaworthy review --save` wrote.',
    });
  return new SeaworthyError('SW_BUNDLE', 'The bundle cannot be read.', { ...options, hint: reasonOf(error) });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'The reason is not known.');
