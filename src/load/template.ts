import type { LoadScenario } from '../evidence/declared.ts';
import { SeaworthyError } from '../model/errors.ts';

/** A piece of a templated text. `variable` is known before the run, `setup` after its setup, `data` and `run` for each request. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable' | 'data' | 'setup'; readonly name: string }
  | { readonly kind: 'run'; readonly name: (typeof runNames)[number] };

/** `iteration`: number of the request in the run, from 0. `id`: of the run. */
const runNames = ['iteration', 'id'] as const;

/**
 * `${NAME}` is an environment variable, `${data.column}` a column of the data file, `${setup.name}` what a setup request captured,
 * `${run.iteration}` and `${run.id}` belong to the run; `$${` stands for `${`. Throws SW_LOAD_PLAN for anything else between braces.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let rest = 0;
  const push = (piece: string) => {
    if (piece !== '') parts.push({ kind: 'text', text: piece });
  };
  for (const match of text.matchAll(/\$\$\{|\$\{([^}]*)\}?/g)) {
    push(text.slice(rest, match.index));
    rest = match.index + match[0].length;
    if (match[0] === '$${') push('${');
    else parts.push(partOf(match[1] ?? '', match[0]));
  }
  push(text.slice(rest));
  return parts;
}

function partOf(inner: string, whole: string): TemplatePart {
  const fail = (hint: string) => new SeaworthyError('SW_LOAD_PLAN', `The template "${whole}" has no meaning.`, { hint });
  const match = /^(?:(data|setup|run)\.)?([A-Za-z_][A-Za-z0-9_-]*)$/.exec(inner);
  if (!whole.endsWith('}') || match === null)
    throw fail('Write ${NAME}, ${data.column}, ${setup.name}, ${run.iteration} or ${run.id}; $${ stands for ${ itself.');
  const [, space, name = ''] = match;
  if (space === undefined) return { kind: 'variable', name };
  if (space !== 'run') return { kind: space as 'data' | 'setup', name };
  const known = runNames.find((candidate) => candidate === name);
  if (known === undefined) throw fail('Of the run there are ${run.iteration} and ${run.id}.');
  return { kind: 'run', name: known };
}

export interface TemplateValues {
  readonly variables: Readonly<Record<string, string>>;
  readonly setup: Readonly<Record<string, string>>;
  readonly row: Readonly<Record<string, string>>;
  readonly run: { readonly iteration: number; readonly id: string };
}

/** Fills a template in. Names that have no value were refused when the run was planned; here they become nothing. */
export function expandTemplate(parts: readonly TemplatePart[], values: TemplateValues): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'run') text += String(values.run[part.name]);
    else
      text += valueOf(part.kind === 'variable' ? values.variables : part.kind === 'data' ? values.row : values.setup, part.name);
  }
  return text;
}

/** Names come from files: `constructor` is one that every object would answer to. */
const valueOf = (record: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(record, name) ? (record[name] ?? '') : '';

/** Every text of a scenario that may hold templates. */
export function templatesOf({ setup, requests }: Pick<LoadScenario, 'setup' | 'requests'>): readonly string[] {
  return [...setup, ...requests].flatMap(({ path, headers, body }) => [
    path,
    ...Object.values(headers),
    ...(body === undefined ? [] : [body]),
  ]);
}

/** The names that texts use of one kind, sorted. */
export function namesUsed(texts: readonly string[], kind: 'variable' | 'data' | 'setup'): readonly string[] {
  const parts = texts.flatMap(parseTemplate);
  return [...new Set(parts.flatMap((part) => (part.kind === kind ? [part.name] : [])))].sort();
}
