import type { AnyCheck } from '../checks/define-check.ts';
import type { StandardOverlay } from '../evidence/declared.ts';
import { formatPlace, SeaworthyError } from '../model/errors.ts';
import { type GateId, gateIds } from '../model/gate.ts';
import { levels } from '../model/judgement.ts';
import { nearest } from '../model/suggest.ts';
import type { Draft } from './standard.ts';

type Registry = ReadonlyMap<string, AnyCheck>;

/**
 * Applies one overlay to a draft.
 * @throws SeaworthyError where it names what does not exist, gives a value of another type, or loosens from a review file.
 */
export function applyOverlay(draft: Draft, overlay: StandardOverlay, registry: Registry): void {
  applyLevels(draft, overlay, registry);
  applyParameters(draft, overlay, registry);
  for (const [gate, reason] of gateEntries(overlay.exemptGates)) {
    if (overlay.origin === 'review') throw loosens(overlay, `exempts the gate ${gate}`);
    draft.exemptGates.set(gate, reason);
  }
  for (const id of overlay.waivableUnknowns) {
    if (overlay.origin === 'review') throw loosens(overlay, `lets waivers cover unknowns of ${id}`);
    draft.waivableUnknowns.add(known(id, overlay, registry).id);
  }
  for (const [gate, roles] of gateEntries(overlay.signOffs))
    draft.signOffs.set(gate, new Set([...(draft.signOffs.get(gate) ?? []), ...roles]));
}

function gateEntries<V>(record: Readonly<Partial<Record<GateId, V>>>): readonly (readonly [GateId, V])[] {
  return gateIds.flatMap((gate) => {
    const value = Object.hasOwn(record, gate) ? record[gate] : undefined;
    return value === undefined ? [] : [[gate, value] as const];
  });
}

function applyLevels(draft: Draft, overlay: StandardOverlay, registry: Registry): void {
  for (const [id, level] of Object.entries(overlay.levels)) {
    known(id, overlay, registry);
    const current = draft.checks.get(id);
    if (current === undefined) continue;
    if (overlay.origin === 'review' && levels.indexOf(level) > levels.indexOf(current.level))
      throw loosens(overlay, `lowers ${id} from ${current.level} to ${level}`);
    draft.checks.set(id, { ...current, level });
  }
}

function applyParameters(draft: Draft, overlay: StandardOverlay, registry: Registry): void {
  for (const [id, changes] of Object.entries(overlay.parameters)) {
    const check = known(id, overlay, registry);
    for (const [name, value] of Object.entries(changes)) {
      const demanded = draft.checks.get(id);
      if (demanded === undefined) continue;
      const parameters = demanded.parameters as Readonly<Record<string, unknown>>;
      if (!Object.hasOwn(parameters, name))
        throw invalid(overlay, `${id} has no parameter "${name}".`, suggest(name, Object.keys(parameters), 'parameters'));
      const current = parameters[name];
      if (typeOf(value) !== typeOf(current))
        throw invalid(overlay, `${id}.${name} must be ${typeOf(current)}, not ${typeOf(value)}.`);
      if (overlay.origin === 'review') mustTighten(overlay, check, name, current, value);
      draft.checks.set(id, { ...demanded, parameters: { ...parameters, [name]: value } });
    }
  }
}

function mustTighten(overlay: StandardOverlay, check: AnyCheck, name: string, current: unknown, value: unknown): void {
  if (JSON.stringify(current) === JSON.stringify(value)) return;
  const table = check.stricter ?? {};
  const direction = Object.hasOwn(table, name) ? table[name] : undefined;
  if (direction === undefined || typeof current !== 'number' || typeof value !== 'number')
    throw invalid(
      overlay,
      `The review file may not change ${check.id}.${name}: no value of it is stricter than another.`,
      "Set it in the organisation's standard.",
    );
  if (direction === 'lower' ? value > current : value < current)
    throw loosens(overlay, `moves ${check.id}.${name} from ${current} to ${value}, and stricter is ${direction}`);
}

/** `a number`, `a text`, `a list of texts`: the kinds of value that a parameter can have, as a person would say them. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? 'a list of texts' : 'a mixed list';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'no finite number';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  return value === null || value === undefined ? 'nothing' : 'an object';
}

function known(id: string, overlay: StandardOverlay, registry: Registry): AnyCheck {
  const check = registry.get(id);
  if (check === undefined) throw invalid(overlay, `There is no check "${id}".`, suggest(id, [...registry.keys()], 'checks'));
  return check;
}

function suggest(word: string, candidates: readonly string[], what: string): string {
  const near = nearest(word, candidates);
  if (near !== undefined) return `Did you mean ${near}?`;
  return candidates.length > 0 && candidates.length <= 10
    ? `It has the ${what} ${candidates.join(', ')}.`
    : `Look up the ${what} that exist.`;
}

const loosens = (overlay: StandardOverlay, what: string) =>
  invalid(
    overlay,
    `The review file ${what}.`,
    "A review file only tightens; loosening is a waiver, with an owner and an end, or the organisation's standard.",
  );

const invalid = (overlay: StandardOverlay, message: string, hint?: string) =>
  new SeaworthyError(overlay.origin === 'review' ? 'SW_REVIEW_FILE' : 'SW_STANDARD_FILE', message, {
    ...(overlay.place === undefined ? {} : { where: formatPlace(overlay.place) }),
    ...(hint === undefined ? {} : { hint }),
  });
