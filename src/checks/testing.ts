import { aBundle, type BundleParts } from '../evidence/testing.ts';
import { createFacts } from '../facts/fact.ts';
import type { Assessment } from '../model/judgement.ts';
import { assessAll } from './assess.ts';
import type { AnyCheck } from './define-check.ts';

/** Runs one check through the engine on a bundle made of a few words. */
export function examine(
  check: AnyCheck,
  parts: BundleParts & { readonly asOf?: string; readonly parameters?: object },
): readonly Assessment[] {
  const bundle = aBundle(parts);
  const demand = { check, parameters: { ...check.parameters, ...parts.parameters } };
  return assessAll([demand], createFacts(bundle), parts.asOf ?? bundle.collectedAt).get(check.id) ?? [];
}

/** `outcome message-id target` of each assessment: what most tables compare. */
export const verdicts = (assessments: readonly Assessment[]): readonly string[] =>
  assessments.map(
    ({ outcome, messageId, target }) =>
      `${outcome} ${messageId} ${target.kind}/${target.name}${target.container === undefined ? '' : `/${target.container}`}`,
  );
