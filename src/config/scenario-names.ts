import type { LoadRequest, LoadScenario, LoadSetup } from '../evidence/declared.ts';
import { namesUsed, templatesOf } from '../load/template.ts';
import { SeaworthyError } from '../model/errors.ts';
import type { Path } from '../model/judgement.ts';
import { nearest } from '../model/suggest.ts';

/** Builds the error for a part of the scenario, by its path below `spec.loadTest.scenario`. */
export type Refuse = (path: Path, message: string, hint?: string) => SeaworthyError;

export function requireNamesOnce(items: readonly { readonly name: string }[], list: string, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [index, { name }] of items.entries()) {
    if (seen.has(name))
      throw refuse([list, index], 'two requests have the same name.', 'Give each a name of its own: name: list-items');
    seen.add(name);
  }
}

/** Every `${setup.x}` is captured before it is used, and `${data.x}` has a data file. */
export function requireKnownNames(scenario: LoadScenario, refuse: Refuse): void {
  const captured = new Set<string>();
  const check = (item: LoadRequest | LoadSetup, path: Path, isSetup: boolean) => {
    const texts = parsedTemplates(item, path, refuse);
    const unknown = namesUsed(texts, 'setup').find((name) => !captured.has(name));
    if (unknown !== undefined)
      throw refuse(
        path,
        `\${setup.${unknown}} is used and nothing ${isSetup ? 'before it ' : ''}captures it.`,
        captureHint(unknown, captured),
      );
    const [column] = namesUsed(texts, 'data');
    if (column !== undefined && isSetup)
      throw refuse(
        path,
        `\${data.${column}} has no value in the setup: rows belong to requests.`,
        'Use a variable of the environment: ${NAME}.',
      );
    if (column !== undefined && scenario.data === undefined)
      throw refuse(path, `\${data.${column}} is used and the scenario has no data file.`, 'Add data: users.csv to the scenario.');
  };
  for (const [index, item] of scenario.setup.entries()) {
    check(item, ['setup', index], true);
    for (const name of Object.keys(item.capture)) captured.add(name);
  }
  for (const [index, item] of scenario.requests.entries()) check(item, ['requests', index], false);
}

function captureHint(name: string, captured: ReadonlySet<string>): string {
  const guess = nearest(name, captured);
  return guess === undefined ? `Add capture: { ${name}: /${name} } to a setup request.` : `Did you mean \${setup.${guess}}?`;
}

function parsedTemplates(item: LoadRequest | LoadSetup, path: Path, refuse: Refuse): readonly string[] {
  const texts = templatesOf({ setup: [], requests: [{ ...item, weight: 1 }] });
  try {
    namesUsed(texts, 'data');
  } catch (error) {
    if (error instanceof SeaworthyError) throw refuse(path, error.message, error.hint);
    throw error;
  }
  return texts;
}
