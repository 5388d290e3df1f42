import type { Waiver } from '../evidence/declared.ts';
import type { Assessment } from '../model/judgement.ts';

import type { Note } from '../model/result.ts';
import { nearest } from '../model/suggest.ts';
import type { Judged } from './judged.ts';
import { indexSelectors, locationOf } from './selection.ts';

/** The rules that a standard sets for waivers. */
interface WaiverRules {
  readonly asOf: string;
  /** Checks whose unknowns a waiver may cover. */
  readonly waivableUnknowns: ReadonlySet<string>;
  /** Ids of every check that exists, in the standard or not. */
  readonly knownChecks: ReadonlySet<string>;
}

/** A waiver holds until its expiry, not at it. */
export const holds = ({ expires }: { readonly expires: string }, asOf: string): boolean => asOf < expires;

/** Lays the first waiver that holds over a finding. Passes stay as they are, and the outcome always does. */
export function cover(assessment: Assessment, candidates: readonly Waiver[], asOf: string, coversUnknown: boolean): Assessment {
  if (assessment.outcome !== 'fail' && !(assessment.outcome === 'unknown' && coversUnknown)) return assessment;
  const waiver = candidates.find((candidate) => holds(candidate, asOf));
  if (waiver === undefined) return assessment;
  const { owner, reason, expires, compensatingControl } = waiver;
  return {
    ...assessment,
    waiver: { owner, reason, expires, ...(compensatingControl === undefined ? {} : { compensatingControl }) },
  };
}

/**
 * Lays waivers over every finding. A waiver that covers nothing is reported with the reason: it names no check, has expired, meets
 * only unknowns, or nothing is left to waive.
 */
export function layWaivers(
  judged: readonly Judged[],
  waivers: readonly Waiver[],
  rules: WaiverRules,
): { readonly judged: readonly Judged[]; readonly notes: readonly Note[] } {
  const index = indexSelectors(waivers);
  const met = new Map<Waiver, Meeting>();
  const covered = judged.map(({ check, level, assessments }) => ({
    check,
    level,
    assessments: assessments.map((assessment) => {
      const candidates = index.of(check.id, assessment);
      const coversUnknown = rules.waivableUnknowns.has(check.id);
      for (const waiver of candidates) meet(met, waiver, assessment, coversUnknown);
      return cover(assessment, candidates, rules.asOf, coversUnknown);
    }),
  }));
  const notes = waivers.flatMap((waiver, position) =>
    noteOn(waiver, met.get(waiver), rules).map((note) => ({ ...note, ...locationOf(waiver.place, `spec.waivers[${position}]`) })),
  );
  return { judged: covered, notes };
}

/** What a waiver met: findings it may cover, unknowns it may not, and the namespaces of the former. */
interface Meeting {
  covered: number;
  unknowns: number;
  readonly namespaces: Set<string>;
}

function meet(met: Map<Waiver, Meeting>, waiver: Waiver, { outcome, target }: Assessment, coversUnknown: boolean): void {
  const meeting = met.get(waiver) ?? { covered: 0, unknowns: 0, namespaces: new Set() };
  met.set(waiver, meeting);
  if (outcome === 'fail' || (outcome === 'unknown' && coversUnknown)) {
    meeting.covered += 1;
    meeting.namespaces.add(target.namespace ?? '');
  } else if (outcome === 'unknown') meeting.unknowns += 1;
}

function noteOn(waiver: Waiver, meeting: Meeting | undefined, { asOf, knownChecks }: WaiverRules): readonly Note[] {
  const what = `The waiver of ${nameOf(waiver)}`;
  if (!knownChecks.has(waiver.check)) {
    const near = nearest(waiver.check, knownChecks);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    return [{ id: 'waiver-unknown-check', message: `${what} covers nothing: there is no check of that name.${hint}` }];
  }
  if (!holds(waiver, asOf))
    return [{ id: 'waiver-expired', message: `${what} covers nothing: it expired at ${waiver.expires}.` }];
  if (meeting === undefined || meeting.covered === 0) {
    return meeting !== undefined && meeting.unknowns > 0
      ? [
          {
            id: 'waiver-of-unknown',
            message: `${what} covers nothing: it meets only unknowns, which the standard does not let waivers cover.`,
          },
        ]
      : [{ id: 'waiver-unused', message: `${what} covers nothing: there is no such finding. Remove it.` }];
  }
  return waiver.target !== undefined && meeting.namespaces.size > 1
    ? [
        {
          id: 'waiver-ambiguous',
          message: `${what} covers findings in ${meeting.namespaces.size} namespaces: write Kind/namespace/name to mean one.`,
        },
      ]
    : [];
}

/** `backup-schedule for StatefulSet/loki`. */
export function nameOf({ check, target, fingerprint }: { check: string; target?: string; fingerprint?: string }): string {
  const narrowed = target ?? fingerprint;
  return narrowed === undefined ? check : `${check} for ${narrowed}`;
}
