import type { Path } from '../model/judgement.ts';
import { isObject, type JsonValue, listAt, objectAt, textAt, texts, valueAt } from './json.ts';

/** One condition on a label. `In` without values can never hold: so does every condition that the API server would refuse. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** All requirements must hold. No requirement: every set of labels matches. */
export interface LabelSelector {
  readonly requirements: readonly Requirement[];
}

/** A place in a selector that the API server refuses, and why. */
export interface SelectorProblem {
  readonly path: Path;
  readonly problem: string;
}

const operators: ReadonlySet<string> = new Set<Requirement['operator']>(['In', 'NotIn', 'Exists', 'DoesNotExist']);
const isOperator = (value: string | undefined): value is Requirement['operator'] => value !== undefined && operators.has(value);

/**
 * Reads a metav1.LabelSelector: `matchLabels` and `matchExpressions`, ANDed. Undefined when absent or null, since what absence
 * means depends on the field. A malformed part becomes a requirement that never holds; `selectorProblems` names it.
 */
export function readSelector(value: JsonValue | undefined): LabelSelector | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return { requirements: [never('')] };
  return { requirements: [...equalities(valueAt(value, 'matchLabels')), ...expressions(valueAt(value, 'matchExpressions'))] };
}

/** Reads a plain map of labels, as in Service `spec.selector`. Undefined when absent or empty: such a Service selects nothing. */
export function selectorFromLabels(value: JsonValue | undefined): LabelSelector | undefined {
  if (value === undefined || value === null) return undefined;
  const requirements = equalities(value);
  return requirements.length === 0 ? undefined : { requirements };
}

const never = (key: string): Requirement => ({ key, operator: 'In', values: [] });

function equalities(value: JsonValue | undefined): readonly Requirement[] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) return [never('')];
  return Object.entries(value).map(([key, item]) =>
    typeof item === 'string' ? { key, operator: 'In', values: [item] } : never(key),
  );
}

function expressions(value: JsonValue | undefined): readonly Requirement[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [never('')];
  return (value as readonly JsonValue[]).map((item) => {
    const key = textAt(item, 'key') ?? '';
    const operator = textAt(item, 'operator');
    const values = texts(valueAt(item, 'values'));
    return isOperator(operator) && expressionProblem(item) === undefined ? { key, operator, values } : never(key);
  });
}

/** Rules of apimachinery `ValidateLabelSelectorRequirement`: In and NotIn need values, Exists and DoesNotExist forbid them. */
function expressionProblem(item: JsonValue): string | undefined {
  if (!isObject(item)) return 'must be an object with key and operator';
  const key = textAt(item, 'key');
  const operator = textAt(item, 'operator');
  if (key === undefined || key === '') return 'needs a key';
  if (!isOperator(operator))
    return `operator must be In, NotIn, Exists or DoesNotExist${operator === undefined ? '' : `, not ${operator}`}`;
  const values = listAt(item, 'values');
  if (values.some((entry) => typeof entry !== 'string')) return 'values must be text';
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) return `${operator} needs at least one value`;
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) return `${operator} takes no values`;
  return undefined;
}

/** What the API server would refuse in a metav1.LabelSelector that stands at `path`. */
export function selectorProblems(value: JsonValue | undefined, path: Path): readonly SelectorProblem[] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) return [{ path, problem: 'a label selector must be an object' }];
  const problems: SelectorProblem[] = [];
  for (const key of Object.keys(value)) {
    // Strict decoding rejects what a lenient reader would take for an empty selector, which selects everything.
    if (key !== 'matchLabels' && key !== 'matchExpressions')
      problems.push({ path: [...path, key], problem: `unknown field ${key} in a label selector` });
  }
  const matchLabels = valueAt(value, 'matchLabels');
  if (matchLabels !== undefined && matchLabels !== null && !isObject(matchLabels))
    problems.push({ path: [...path, 'matchLabels'], problem: 'must be a map of labels' });
  for (const [key, item] of Object.entries(objectAt(value, 'matchLabels'))) {
    if (typeof item !== 'string') problems.push({ path: [...path, 'matchLabels', key], problem: 'a label value must be text' });
  }
  const matchExpressions = valueAt(value, 'matchExpressions');
  if (matchExpressions !== undefined && matchExpressions !== null && !Array.isArray(matchExpressions))
    problems.push({ path: [...path, 'matchExpressions'], problem: 'must be a list' });
  for (const [index, item] of listAt(value, 'matchExpressions').entries()) {
    const problem = expressionProblem(item);
    if (problem !== undefined) problems.push({ path: [...path, 'matchExpressions', index], problem });
  }
  return problems;
}

/** Whether labels satisfy a selector. NotIn and DoesNotExist hold when the key is absent (apimachinery `Requirement.Matches`). */
export function selects(selector: LabelSelector, labels: ReadonlyMap<string, string>): boolean {
  return selector.requirements.every(({ key, operator, values }) => conditions[operator](labels.get(key), values));
}

const conditions: Readonly<Record<Requirement['operator'], (label: string | undefined, values: readonly string[]) => boolean>> = {
  In: (label, values) => label !== undefined && values.includes(label),
  NotIn: (label, values) => label === undefined || !values.includes(label),
  Exists: (label) => label !== undefined,
  DoesNotExist: (label) => label === undefined,
};

/** A selector as kubectl writes it: `app=web,tier in (a,b),!legacy`. Empty text for the selector that matches everything. */
export function formatSelector(selector: LabelSelector): string {
  return selector.requirements.map(({ key, operator, values }) => formats[operator](key, values)).join(',');
}

const formats: Readonly<Record<Requirement['operator'], (key: string, values: readonly string[]) => string>> = {
  In: (key, values) => (values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`),
  NotIn: (key, values) => (values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(',')})`),
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};
