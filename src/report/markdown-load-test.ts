import type { ReviewResult } from '../model/result.ts';
import { checkState, stateOf } from './check-state.ts';
import { cited, stateSigns } from './markdown-gates.ts';
import { code, escapeMarkdown, row, tableHead } from './markdown-text.ts';
import { reasonWords, stateWords } from './wording.ts';

const rowsShown = 60;

/** What the load test showed: the check's answer for each run, then the figures of the view. */
export function* loadTest(result: ReviewResult): Generator<string> {
  yield* ['## Load Test Results', ''];
  const check = result.checks.find(({ id }) => id === 'load-test');
  if (check === undefined) yield 'The standard has no load test.';
  else {
    const state = checkState(check);
    yield `**Status:** ${stateSigns[state]} ${stateWords[state].toUpperCase()} (${code(check.id)}, ${check.level})`;
    if (check.assessments.length > 0) yield '';
    for (const assessment of check.assessments.slice(0, rowsShown)) {
      const reason = assessment.reason === undefined ? '' : ` (${reasonWords[assessment.reason]})`;
      yield `- ${stateSigns[stateOf(assessment)]} ${escapeMarkdown(assessment.message)}${reason} \u2014 ${cited(assessment)}`;
    }
    if (check.assessments.length > rowsShown) yield `- and ${check.assessments.length - rowsShown} more`;
  }
  const figures = leaves(result.views['load']);
  if (figures.length === 0) return;
  yield* ['', ...tableHead('Figure', 'Value')];
  for (const [name, value] of figures.slice(0, rowsShown)) yield row(code(name), escapeMarkdown(value));
  if (figures.length > rowsShown) yield* ['', `and ${figures.length - rowsShown} more figures in the JSON report`];
}

/** Scalars of a view by dotted path, in their own order; bounded, since a view may hold long series. */
function leaves(view: unknown, path = '', found: [string, string][] = []): readonly (readonly [string, string])[] {
  if (found.length > 10_000) return found;
  if (typeof view === 'object' && view !== null) {
    for (const [key, value] of Object.entries(view)) leaves(value, path === '' ? key : `${path}.${key}`, found);
  } else if ((typeof view === 'string' || typeof view === 'number' || typeof view === 'boolean') && path !== '')
    found.push([path, String(view)]);
  return found;
}
