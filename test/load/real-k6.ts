import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** A real k6: the one SEAWORTHY_K6 names, the one of `npm run tools:k6`, or the one on the PATH. */
export function realK6(): string | undefined {
  const named = process.env['SEAWORTHY_K6'];
  const built = resolve(import.meta.dirname, '../../tools/k6/bin/k6');
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'k6'));
  return [...(named === undefined || named === '' ? [] : [named]), built, ...onPath].find((path) => existsSync(path));
}

/** One line for whoever wonders why tests were skipped. */
export function sayWhyK6IsSkipped(): void {
  console.warn('Tests on a real k6 are skipped: there is none. `npm run tools:k6` builds it where Go is installed.');
}
