import type { GateStatus } from '../model/gate.ts';
import type { Assessment, Level } from '../model/judgement.ts';
import type { Verdict } from '../model/result.ts';

/**
 * What one assessment means to its gate, at its check's level:
 * - `refuted`: a blocker fails; `unproven`: a blocker is unknown;
 * - `condition`: launch is possible, with a condition (waived, assumed, claimed, or an open high item);
 * - `due`: an open medium item, waived or not; it leaves the gate alone and makes the verdict conditional;
 * - `pass`: a blocker or high item that passes on evidence; `silent`: nothing that counts.
 */
export type Standing = 'refuted' | 'unproven' | 'condition' | 'due' | 'pass' | 'silent';

/** The standing of one assessment that waivers and attestations were laid over. */
export function standingOf(
  level: Level,
  { outcome, reason, waiver }: Pick<Assessment, 'outcome' | 'reason' | 'waiver'>,
): Standing {
  if (level === 'advisory' || outcome === 'not-applicable') return 'silent';
  const open = outcome === 'fail' || outcome === 'unknown';
  if (level === 'medium') return open ? 'due' : 'silent';
  if (!open) return reason === undefined ? 'pass' : 'condition';
  if (waiver !== undefined || level === 'high') return 'condition';
  return outcome === 'fail' ? 'refuted' : 'unproven';
}

/** Assessments of one gate by standing, and its required sign-offs that do not hold. */
export type Tally = Record<Standing, number> & { unsigned: number };

/** A tally of nothing. */
export function emptyTally(unsigned: number): Tally {
  return { refuted: 0, unproven: 0, condition: 0, due: 0, pass: 0, silent: 0, unsigned };
}

/** The gate table; the first match wins. */
export function statusOf(tally: Readonly<Tally>): GateStatus {
  if (tally.refuted > 0) return 'not-ready';
  if (tally.unproven > 0 || tally.unsigned > 0) return 'awaiting';
  if (tally.condition > 0) return 'conditional';
  return tally.pass > 0 ? 'approved' : 'not-assessed';
}

/** What the verdict needs to know of a gate. */
interface GateStanding {
  readonly status: GateStatus;
  /** The standard lets the gate stay not-assessed. */
  readonly exempt: boolean;
  /** Open medium items. */
  readonly due: number;
}

/** Does the gate alone forbid launching? */
export function blocksLaunch({ status, exempt }: Omit<GateStanding, 'due'>): boolean {
  return status === 'not-ready' || status === 'awaiting' || (status === 'not-assessed' && !exempt);
}

/** The verdict over all gates. */
export function verdictOf(gates: Iterable<GateStanding>): Exclude<Verdict, 'no-verdict'> {
  let conditional = false;
  for (const gate of gates) {
    if (blocksLaunch(gate)) return 'do-not-launch';
    if (gate.status === 'conditional' || gate.due > 0) conditional = true;
  }
  return conditional ? 'launch-with-conditions' : 'launch';
}
