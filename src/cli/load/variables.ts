import type { LoadScenario } from '../../evidence/declared.ts';
import { namesUsed, templatesOf } from '../../load/template.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';

/** Values of the environment variables that a scenario and a target name. Never printed, never recorded. */
export type Variables = Readonly<Record<string, string>>;

/** Throws SW_LOAD_PLAN that names every variable without a value. */
export function variablesOf(host: Host, target: string, scenario: LoadScenario | undefined): Variables {
  const names = namesUsed([target, ...(scenario === undefined ? [] : templatesOf(scenario))], 'variable');
  const missing = names.filter((name) => !host.env[name]);
  if (missing.length > 0)
    throw new SeaworthyError(
      'SW_LOAD_PLAN',
      `${missing.length === 1 ? 'An environment variable has' : `${missing.length} environment variables have`} no value: ${missing.join(', ')}.`,
      {
        hint: `Set ${missing.length === 1 ? 'it' : 'them'} for this command: ${missing.map((name) => `${name}=...`).join(' ')} seaworthy load`,
      },
    );
  return Object.fromEntries(names.map((name) => [name, host.env[name] ?? '']));
}
