import picomatch from 'picomatch';
import { dirname, joinPath } from '../../config/paths.ts';
import type { System } from '../../config/load.ts';
import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';

/** Where a new record goes: beside the review file, under the moment of its start, never over another one. */
export async function newRecordPath(host: Host, system: System | undefined, startedAt: string): Promise<string> {
  const stamp = startedAt.replace(/\.\d+/, '').replace(/[-:]/g, '');
  for (let number = 1; ; number++) {
    const path = joinPath(folderOf(system), `evidence/load-test-${stamp}${number === 1 ? '' : `-${number}`}.json`);
    if ((await host.io.kindOf(path)) === undefined) return path;
  }
}

const folderOf = (system: System | undefined): string => dirname(system?.review.file ?? 'seaworthy.yaml');

/** Writes a record; where that fails the record goes to stdout, so that nothing that was measured is lost. Throws SW_OUTPUT. */
export async function writeRecord(host: Host, path: string, record: LoadTestRecord): Promise<void> {
  const text = `${JSON.stringify(record)}\n`;
  try {
    await host.writeFile(path, [text]);
  } catch (error) {
    await host.write('stdout', text);
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SeaworthyError('SW_OUTPUT', `The record cannot be written (${reason}); it was printed instead.`, {
      where: path,
      hint: 'Save what was printed, or choose another file with --output.',
      cause: error,
    });
  }
}

/** Whether `spec.loadTest.results` names a file, and otherwise the line that would. */
export function coverage(system: System | undefined, path: string): { readonly covered: boolean; readonly words: string } {
  const results = system?.review.loadTest?.results ?? [];
  const covers = (pattern: string) => pattern === path || path.startsWith(`${pattern}/`) || picomatch(pattern)(path);
  if (results.some((result) => covers(result.path)))
    return { covered: true, words: 'spec.loadTest.results of the review file covers it.' };
  const folder = folderOf(system);
  const relative = folder !== '.' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
  const pattern = relative.replace(/load-test-[^/]*\.json$/, 'load-test-*.json');
  return {
    covered: false,
    words: `No review reads it yet. Add to the review file: spec: { loadTest: { results: ["${pattern}"] } }`,
  };
}
