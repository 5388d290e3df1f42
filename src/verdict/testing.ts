import type { AnyCheck } from '../checks/define-check.ts';
import type { Attestation, DeclaredReview, Waiver } from '../evidence/declared.ts';
import { emptyReview } from '../evidence/declared.ts';
import type { GateId } from '../model/gate.ts';
import type { Assessment, Level, Outcome } from '../model/judgement.ts';
import type { Hours } from '../model/result.ts';
import type { Remedy } from '../remedies/remedy.ts';
import { resolveStandard } from '../standard/standard.ts';
import type { ConclusionInput } from './conclude.ts';

export const asOf = '2026-03-06T08:50:00Z';

/** A check of the registry that is never asked anything. */
export function aCheck(id: string, gate: GateId, level: Level, more: Partial<AnyCheck> = {}): AnyCheck {
  return {
    id,
    gate,
    level,
    title: `${id} holds`,
    rationale: 'Because.',
    remedy: `fix-${id}`,
    references: [],
    decidedBy: 'manifests',
    attestable: true,
    whenToWaive: 'Never.',
    needs: {},
    parameters: {},
    messages: {},
    looksFor: [],
    targets: () => [],
    assess: () => [],
    ...more,
  };
}

/** An assessment of `Deployment gravl-prod/<name>`. */
export function anAssessment(
  check: string,
  outcome: Outcome,
  more: Partial<Assessment> & { readonly name?: string } = {},
): Assessment {
  const { name = 'backend', ...rest } = more;
  const open = outcome === 'fail' || outcome === 'unknown';
  return {
    outcome,
    ...(outcome === 'unknown' ? { reason: 'missing' as const } : {}),
    messageId: 'said',
    message: `${check} of ${name}: ${outcome}.`,
    fingerprint: `${check}:${name}`,
    target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'gravl-prod', name },
    ...(open ? { remedy: `fix-${check}` } : {}),
    ...rest,
  };
}

export function aWaiver(check: string, more: Partial<Waiver> = {}): Waiver {
  return { check, owner: 'sre', reason: 'accepted', expires: '2026-04-01T00:00:00Z', ...more };
}

export function anAttestation(check: string, more: Partial<Attestation> = {}): Attestation {
  return {
    check,
    by: 'dba@example.com',
    at: '2026-03-05T10:00:00Z',
    expires: '2026-09-01T00:00:00Z',
    statement: 'Restored in 14 min',
    ...more,
  };
}

export function aRemedy(id: string, likely: number, after: readonly string[] = [], more: Partial<Remedy> = {}): Remedy {
  return {
    id,
    title: `Do ${id}`,
    owner: 'platform',
    effort: hours(likely),
    effortBasis: 'Measured.',
    after,
    steps: ['Do it.'],
    ...more,
  };
}

/** A range around the likely hours. */
export const hours = (likely: number, spread = 0.5): Hours => ({
  min: Math.max(0, likely - spread),
  likely,
  max: likely + spread,
});

/** Input of `conclude` from assessments by check: the standard is the checks' own. */
export function anInput(
  list: readonly (readonly [AnyCheck, readonly Assessment[]])[],
  review: Partial<DeclaredReview> = {},
  more: Partial<ConclusionInput> = {},
): ConclusionInput {
  const checks = list.map(([check]) => check);
  return {
    checks,
    remedies: [],
    standard: resolveStandard(checks, { base: 'recommended', overlays: [] }),
    assessments: new Map(list.map(([check, assessments]) => [check.id, assessments])),
    review: { ...emptyReview('gravl'), ...review },
    asOf,
    ...more,
  };
}
