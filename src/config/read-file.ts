import type { z } from 'zod';
import type { Place } from '../evidence/declared.ts';
import { isObject, type JsonValue } from '../kube/json.ts';
import { createLocator } from '../kube/yaml/locate.ts';
import { parseText } from '../kube/yaml/parse.ts';
import { type ErrorCode, formatPlace, SeaworthyError } from '../model/errors.ts';
import { formatPath, type Path } from '../model/judgement.ts';
import { nearest } from '../model/suggest.ts';
import { maskStrings } from './mask-strings.ts';

/** A configuration file that matches its schema, and where each of its parts stands. */
export interface ReadFile<T> {
  /** What has the shape of a credential is masked: this is what evidence and reports may hold. */
  readonly value: T;
  /** As it stands in the file, for what has to be sent. Never part of an output. */
  readonly unmasked: T;
  placeOf(...path: Path): Place;
}

/** Parses and validates a configuration file. Throws an error with file:line:column, the reason, and the nearest known key. */
export function readFileWith<T>(schema: z.ZodType<T>, text: string, file: string, code: ErrorCode): ReadFile<T> {
  const parsed = parseText(text);
  const bad = parsed.problems.find((problem) => problem.severity === 'error');
  if (bad)
    throw new SeaworthyError(code, `${bad.message}.`, {
      where: formatPlace({ file, ...bad.position }),
      ...(bad.hint === undefined ? {} : { hint: bad.hint }),
    });
  const [document, second] = parsed.documents;
  if (document === undefined)
    throw new SeaworthyError(code, 'The file is empty.', { where: file, hint: 'Write one with: seaworthy init.' });
  if (second !== undefined)
    throw new SeaworthyError(code, 'The file holds several documents; it must hold one.', {
      where: formatPlace({ file, ...second.start }),
    });
  const locate = createLocator(text);
  const placeOf = (...path: Path): Place => {
    const { line, column } = locate(document.index, path);
    return { file, line, column };
  };
  const checked = schema.safeParse(document.value);
  if (!checked.success) {
    const { path, message, hint } = explainIssue(checked.error.issues, document.value, schema);
    throw new SeaworthyError(code, message, { where: formatPlace(placeOf(...path)), ...(hint === undefined ? {} : { hint }) });
  }
  return { value: maskStrings(checked.data), unmasked: checked.data, placeOf };
}

type Issue = z.core.$ZodIssue;

interface Explained {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
}

/** The first issue, in words. In a union the branch that fits best (the one that fails deepest) speaks. */
function explainIssue(issues: readonly Issue[], value: JsonValue, schema: z.ZodType, base: Path = []): Explained {
  const [issue] = issues;
  if (issue === undefined) return { path: base, message: 'The file is not valid.' };
  const path: Path = [...base, ...issue.path.filter((step): step is string | number => typeof step !== 'symbol')];
  const where = path.length === 0 ? 'The file' : formatPath(path);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const guess = nearest(key, knownKeys(issue, schema));
    return {
      path: [...path, key],
      message: `${path.length === 0 ? 'The file' : where} has an unknown key "${key}".`,
      ...(guess === undefined ? {} : { hint: `Did you mean "${guess}"?` }),
    };
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.map((branch) => ({ branch, score: score(branch) })).sort((a, b) => b.score - a.score);
    const best = branches[0]?.branch;
    if (best !== undefined && best.length > 0) return explainIssue(best, value, schema, path);
  }
  const missing = issue.code === 'invalid_type' && path.length > 0 && !exists(value, path);
  if (missing)
    return { path: path.slice(0, -1), message: `${formatPath(path.slice(0, -1)) || 'The file'} needs "${String(path.at(-1))}".` };
  if (issue.code === 'invalid_value')
    return { path, message: `${where} must be one of: ${issue.values.map(String).join(', ')}.` };
  return { path, message: `${where}: ${issue.message}.` };
}

/** A branch that only misses details fits better than one whose key is unknown. */
const score = (branch: readonly Issue[]) =>
  branch.reduce(
    (sum, issue) =>
      sum +
      issue.path.length * 2 -
      (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0) -
      (issue.code === 'invalid_type' && issue.path.length === 1 ? 2 : 0) -
      // A branch of another type was not meant at all.
      (issue.code === 'invalid_type' && issue.path.length === 0 ? 3 : 0),
    0,
  );

function exists(value: JsonValue, path: Path): boolean {
  let current: JsonValue | undefined = value;
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? current[step] : undefined;
    else current = isObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
    if (current === undefined) return false;
  }
  return true;
}

/** Keys that the schema has anywhere: the nearest of them is a good guess, wherever the wrong one stands. */
function knownKeys(_issue: Issue, schema: z.ZodType): readonly string[] {
  const keys = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || seen.has(node) || depth > 12) return;
    seen.add(node);
    const definition = (node as { readonly def?: Readonly<Record<string, unknown>> }).def;
    if (definition === undefined) return;
    const shape = definition['shape'];
    if (typeof shape === 'object' && shape !== null) {
      for (const [key, child] of Object.entries(shape)) {
        keys.add(key);
        visit(child, depth + 1);
      }
    }
    for (const child of [
      definition['innerType'],
      definition['element'],
      definition['valueType'],
      ...(Array.isArray(definition['options']) ? (definition['options'] as readonly unknown[]) : []),
    ])
      visit(child, depth + 1);
  };
  visit(schema, 0);
  return [...keys];
}
