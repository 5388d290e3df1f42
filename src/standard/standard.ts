import type { AnyCheck } from '../checks/define-check.ts';
import type { DeclaredStandard } from '../evidence/declared.ts';
import { digestOf } from '../evidence/digest.ts';
import { type GateId, gateIds } from '../model/gate.ts';
import type { Level } from '../model/judgement.ts';
import { compareText } from '../model/object-ref.ts';
import { applyOverlay } from './overlay.ts';

/** What is demanded of one check. */
interface Demanded {
  readonly level: Level;
  readonly parameters: object;
}

/** What is demanded, resolved: the checks' own levels and parameters with every overlay applied. */
export interface Standard {
  /** The base and its overlays: `recommended+acme+gravl`. */
  readonly id: string;
  /** `sha256:...` over all that the standard demands. Check code is not part of it. */
  readonly digest: string;
  /** By check id, in order of id. A check that is not here is not part of the review. */
  readonly checks: ReadonlyMap<string, Demanded>;
  /** Roles that must sign, by gate; sorted. Empty for a standard without a launch verdict. */
  readonly requiredSignOffs: ReadonlyMap<GateId, readonly string[]>;
  /** Gates that may stay not-assessed, with the reason. */
  readonly exemptGates: ReadonlyMap<GateId, string>;
  /** Checks whose unknowns a waiver may cover. */
  readonly waivableUnknowns: ReadonlySet<string>;
  /** False for `manifests`: what manifests alone decide is no launch review. */
  readonly launchVerdict: boolean;
}

/** A standard while overlays are applied. */
export interface Draft {
  readonly checks: Map<string, Demanded>;
  readonly signOffs: Map<GateId, Set<string>>;
  readonly exemptGates: Map<GateId, string>;
  readonly waivableUnknowns: Set<string>;
}

/**
 * Resolves a standard over the registry's checks. Overlays apply in order: an organisation's may change any level, parameter and
 * exemption; a review file's may only tighten.
 * @throws SeaworthyError SW_STANDARD_FILE or SW_REVIEW_FILE for an unknown check or parameter, a value of the wrong type, or a
 * review file that loosens.
 */
export function resolveStandard(checks: readonly AnyCheck[], declared: DeclaredStandard): Standard {
  const launchVerdict = declared.base === 'recommended';
  const registry = new Map([...checks].sort((a, b) => compareText(a.id, b.id)).map((check) => [check.id, check]));
  const included = (check: AnyCheck) => launchVerdict || check.decidedBy === 'manifests';
  const draft: Draft = {
    checks: new Map([...registry.values()].map(({ id, level, parameters }) => [id, { level, parameters }])),
    signOffs: new Map(),
    exemptGates: new Map(),
    waivableUnknowns: new Set(),
  };
  for (const overlay of declared.overlays) applyOverlay(draft, overlay, registry);
  // Overlays are checked against the whole registry, so that one review file serves both built-in standards.
  for (const check of registry.values()) if (!included(check)) draft.checks.delete(check.id);
  const demanded = {
    id: [declared.base, ...declared.overlays.map((overlay) => overlay.id)].join('+'),
    launchVerdict,
    checks: draft.checks,
    requiredSignOffs: launchVerdict ? sortedSignOffs(draft) : new Map<GateId, readonly string[]>(),
    exemptGates: new Map(gateIds.flatMap((gate) => entryOf(gate, draft.exemptGates.get(gate)))),
    waivableUnknowns: new Set([...draft.waivableUnknowns].filter((id) => draft.checks.has(id)).sort(compareText)),
  };
  return { ...demanded, digest: digestOf(plain(demanded)) };
}

const entryOf = <V>(gate: GateId, value: V | undefined): readonly (readonly [GateId, V])[] =>
  value === undefined ? [] : [[gate, value]];

function sortedSignOffs(draft: Draft): ReadonlyMap<GateId, readonly string[]> {
  return new Map(
    gateIds.flatMap((gate) => {
      const roles = draft.signOffs.get(gate);
      return entryOf(gate, roles === undefined || roles.size === 0 ? undefined : [...roles].sort(compareText));
    }),
  );
}

/** The standard as JSON: maps and sets become sorted lists, so that the digest depends on nothing but the demands. */
function plain(standard: Omit<Standard, 'digest'>): unknown {
  return {
    launchVerdict: standard.launchVerdict,
    checks: [...standard.checks].map(([id, { level, parameters }]) => ({ id, level, parameters })),
    requiredSignOffs: [...standard.requiredSignOffs],
    exemptGates: [...standard.exemptGates],
    waivableUnknowns: [...standard.waivableUnknowns],
  };
}
