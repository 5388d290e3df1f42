import { readFileSync } from 'node:fs';
import { SetupError } from './setup-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable's value; empty counts as absent. */
export function text(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

export function wholeNumber(
  environment: Environment,
  name: string,
  fallback: number,
  [least, most]: readonly [number, number],
): number {
  const value = text(environment, name);
  if (value === undefined) return fallback;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw new SetupError(`${name} must be a whole number from ${least} to ${most}.`);
  return number;
}

export const port = (environment: Environment, name: string, fallback: number): number =>
  wholeNumber(environment, name, fallback, [0, 65_535]);

/** `NAME`, or what the file `NAME_FILE` holds, without the line end. Messages name the variable, never the value. */
export function secretText(environment: Environment, name: string): string | undefined {
  const file = text(environment, `${name}_FILE`);
  const value = text(environment, name);
  if (file === undefined) return value;
  if (value !== undefined) throw new SetupError(`Both ${name} and ${name}_FILE are set; set one of them.`);
  return readSecretFile(file, `${name}_FILE`);
}

export function readSecretFile(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SetupError(`${name} names a file that cannot be read (${code ?? 'unknown error'}).`);
  }
}

export function origins(environment: Environment, name: string): string[] {
  const given = (text(environment, name) ?? '').split(',').map((entry) => entry.trim());
  return given.filter((entry) => entry !== '').map((entry) => originOf(entry, name));
}

/** `https://gravl.app`, as browsers send it: no path, no trailing slash. */
export function originOf(value: string, name: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new SetupError(`${name} must hold addresses like https://gravl.app.`);
  }
  return url.origin;
}
