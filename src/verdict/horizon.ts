import type { Attestation, Waiver } from '../evidence/declared.ts';
import { type GateId, gateIds } from '../model/gate.ts';
import type { Assessment } from '../model/judgement.ts';
import { compareText } from '../model/object-ref.ts';
import type { Verdict } from '../model/result.ts';
import { settle } from './attestations.ts';
import type { GateDemands } from './gates.ts';
import type { Judged } from './judged.ts';
import { indexSelectors } from './selection.ts';
import { emptyTally, type Standing, standingOf, statusOf, type Tally, verdictOf } from './standing.ts';
import { cover } from './waivers.ts';

/** What time can act on: assessments before anything is laid over them, and what is declared about them. */
interface HorizonInput extends GateDemands {
  readonly judged: readonly Judged[];
  readonly waivers: readonly Waiver[];
  readonly attestations: readonly Attestation[];
  readonly waivableUnknowns: ReadonlySet<string>;
  readonly asOf: string;
}

/** One assessment changes its standing at a moment. */
interface Change {
  readonly at: string;
  readonly gate: GateId;
  readonly from: Standing;
  readonly to: Standing;
}

/**
 * The earliest moment after `asOf` at which time alone moves the verdict, if there is one. An assessment whose `until` has come is
 * unknown (stale), a waiver or attestation that has expired is not there, and one dated in the future begins to count. All that
 * happened up to a moment counts at that moment. What moves only a gate, or nothing, is no horizon.
 */
export function horizonOf(input: HorizonInput): string | undefined {
  const tallies = new Map<GateId, Tally>(
    gateIds.map((gate) => [gate, emptyTally(input.requiredSignOffs.get(gate)?.length ?? 0)]),
  );
  const changes: Change[] = [];
  const waivers = indexSelectors(input.waivers);
  const attestations = indexSelectors(input.attestations);
  for (const { check, level, assessments } of input.judged) {
    if (level === 'advisory') continue;
    const tally = tallies.get(check.gate) as Tally;
    for (const assessment of assessments) {
      const laid = {
        waivers: waivers.of(check.id, assessment),
        attestations: check.attestable ? attestations.of(check.id, assessment) : [],
        coversUnknown: input.waivableUnknowns.has(check.id),
      };
      const { moments, overlaid } = timeline(assessment, laid, input.asOf);
      let from = standingOf(level, overlaid(input.asOf));
      tally[from] += 1;
      for (const at of moments) {
        const to = standingOf(level, overlaid(at));
        if (to !== from) changes.push({ at, gate: check.gate, from, to });
        from = to;
      }
    }
  }
  return firstMove(tallies, changes, input);
}

/** What is declared about one assessment. */
interface Laid {
  readonly waivers: readonly Waiver[];
  readonly attestations: readonly Attestation[];
  readonly coversUnknown: boolean;
}

/** An assessment over time: the moments after `asOf` at which it may change, ascending, and what it is from `asOf` on. */
function timeline(assessment: Assessment, laid: Laid, asOf: string) {
  // A stale judgement is another one, with another fingerprint: what names the present one does not cover it.
  const lasting = laid.waivers.filter((waiver) => waiver.fingerprint === undefined);
  const moments = [
    ...(assessment.until === undefined ? [] : [assessment.until]),
    ...laid.waivers.map(({ expires }) => expires),
    ...laid.attestations.flatMap(({ at, expires }) => [at, expires]),
  ];
  return {
    moments: [...new Set(moments)].filter((moment) => moment > asOf).sort(compareText),
    overlaid(moment: string): Assessment {
      // The check judged at `asOf` and knew what had ended by then.
      const stale = assessment.until !== undefined && asOf < assessment.until && assessment.until <= moment;
      const current: Assessment = stale ? { ...assessment, outcome: 'unknown', reason: 'stale' } : assessment;
      const settled = settle(current, laid.attestations, moment);
      return cover(settled, stale ? lasting : laid.waivers, moment, laid.coversUnknown);
    },
  };
}

function firstMove(
  tallies: ReadonlyMap<GateId, Tally>,
  changes: readonly Change[],
  { exemptGates }: Pick<HorizonInput, 'exemptGates'>,
): string | undefined {
  const verdictNow = (): Verdict =>
    verdictOf([...tallies].map(([gate, tally]) => ({ status: statusOf(tally), exempt: exemptGates.has(gate), due: tally.due })));
  const initial = verdictNow();
  const ordered = [...changes].sort((a, b) => compareText(a.at, b.at));
  for (const [index, { at, gate, from, to }] of ordered.entries()) {
    const tally = tallies.get(gate) as Tally;
    tally[from] -= 1;
    tally[to] += 1;
    if (ordered[index + 1]?.at !== at && verdictNow() !== initial) return at;
  }
  return undefined;
}
