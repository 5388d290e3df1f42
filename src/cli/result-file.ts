import { SeaworthyError } from '../model/errors.ts';
import { type ReviewResult, resultSchemaVersion } from '../model/result.ts';
import type { Host } from './host.ts';

const maxResultBytes = 500 << 20;

/** Reads a JSON result written by an earlier review. Throws SW_RESULT when it is none, or of another major schema version. */
export async function readResult(host: Host, path: string): Promise<ReviewResult> {
  const read = await host.io.read(path, maxResultBytes);
  if (!read.ok) throw new SeaworthyError('SW_RESULT', read.message, { where: path });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(read.bytes));
  } catch {
    throw new SeaworthyError('SW_RESULT', 'The file is not JSON.', {
      where: path,
      hint: 'Write one with: seaworthy review --format json.',
    });
  }
  const found = typeof value === 'object' && value !== null ? (value as Partial<ReviewResult>) : {};
  const known = typeof found.schemaVersion === 'string' && Array.isArray(found.checks);
  if (!known)
    throw new SeaworthyError('SW_RESULT', 'The file is no seaworthy result.', {
      where: path,
      hint: 'Write one with: seaworthy review --format json.',
    });
  if (majorOf(found.schemaVersion) !== majorOf(resultSchemaVersion)) {
    throw new SeaworthyError(
      'SW_RESULT',
      `The result has schema version ${found.schemaVersion}; this program reads ${resultSchemaVersion}.`,
      { where: path },
    );
  }
  return value as ReviewResult;
}

const majorOf = (schemaVersion: string | undefined): string => schemaVersion?.split('.')[0] ?? '';
