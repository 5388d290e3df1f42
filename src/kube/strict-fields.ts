import type { Path } from '../model/judgement.ts';
import type { JsonObject } from './json.ts';

/** A place that the API server refuses, and why. */
export interface Problem {
  readonly path: Path;
  readonly problem: string;
}

export type Report = (path: Path, problem: string) => void;

/** Reports fields that the API does not know, as strict decoding does. False when there is one. */
export function checkFields(value: JsonObject, known: readonly string[], path: Path, report: Report): boolean {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  for (const key of unknown) report([...path, key], `unknown field ${key}`);
  return unknown.length === 0;
}
