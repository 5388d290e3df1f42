import type { Attestation } from '../evidence/declared.ts';
import type { Assessment } from '../model/judgement.ts';
import type { Note } from '../model/result.ts';
import { nearest } from '../model/suggest.ts';
import type { Judged } from './judged.ts';
import { indexSelectors, locationOf } from './selection.ts';
import { holds, nameOf } from './waivers.ts';

/** An attestation counts from the moment it was made until it expires. */
const counts = (attestation: Attestation, asOf: string): boolean => attestation.at <= asOf && holds(attestation, asOf);

/**
 * Settles an unknown by the first statement that counts: a pass that is only claimed. Anything else stays as it is: what evidence
 * decides, no statement changes.
 */
export function settle(assessment: Assessment, candidates: readonly Attestation[], asOf: string): Assessment {
  if (assessment.outcome !== 'unknown') return assessment;
  const attestation = candidates.find((candidate) => counts(candidate, asOf));
  if (attestation === undefined) return assessment;
  const { by, at, expires, statement, evidence } = attestation;
  const { remedy: _, ...rest } = assessment;
  return {
    ...rest,
    outcome: 'pass',
    reason: 'claimed',
    message: `${by} claims: ${statement} (Without the claim: ${assessment.message})`,
    attestation: { by, at, expires, statement, ...(evidence === undefined ? {} : { evidence }) },
    until: expires,
  };
}

/** Lays attestations over the unknowns of attestable checks. One that settles nothing is reported with the reason. */
export function layAttestations(
  judged: readonly Judged[],
  attestations: readonly Attestation[],
  rules: { readonly asOf: string; readonly knownChecks: ReadonlySet<string> },
): { readonly judged: readonly Judged[]; readonly notes: readonly Note[] } {
  const index = indexSelectors(attestations);
  const met = new Map<Attestation, { unknowns: number; fails: number }>();
  const settled = judged.map((item) => ({
    ...item,
    assessments: item.assessments.map((assessment) => {
      const candidates = index.of(item.check.id, assessment);
      for (const attestation of candidates) {
        const meeting = met.get(attestation) ?? { unknowns: 0, fails: 0 };
        met.set(attestation, meeting);
        if (assessment.outcome === 'unknown') meeting.unknowns += 1;
        if (assessment.outcome === 'fail') meeting.fails += 1;
      }
      return item.check.attestable ? settle(assessment, candidates, rules.asOf) : assessment;
    }),
  }));
  const attestable = new Map(judged.map(({ check }) => [check.id, check.attestable]));
  const notes = attestations.flatMap((attestation, position) =>
    noteOn(attestation, met.get(attestation), attestable.get(attestation.check), rules).map((note) => ({
      ...note,
      ...locationOf(attestation.place, `spec.attestations[${position}]`),
    })),
  );
  return { judged: settled, notes };
}

function noteOn(
  attestation: Attestation,
  meeting: { readonly unknowns: number; readonly fails: number } | undefined,
  attestable: boolean | undefined,
  { asOf, knownChecks }: { readonly asOf: string; readonly knownChecks: ReadonlySet<string> },
): readonly Note[] {
  const say = (id: string, why: string): readonly Note[] => [
    { id: `attestation-${id}`, message: `The attestation of ${nameOf(attestation)} by ${attestation.by} ${why}` },
  ];
  if (!knownChecks.has(attestation.check)) {
    const near = nearest(attestation.check, knownChecks);
    return say(
      'unknown-check',
      `settles nothing: there is no check of that name.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    );
  }
  if (attestable === false) return say('not-attestable', 'settles nothing: only evidence can settle this check.');
  if (attestation.at > asOf) return say('future', `settles nothing: it is dated ${attestation.at}, after this review.`);
  if (!holds(attestation, asOf)) return say('expired', `settles nothing: it expired at ${attestation.expires}.`);
  if (meeting !== undefined && meeting.fails > 0)
    return say('contradicted', 'stands against evidence that fails: the evidence counts.');
  if (meeting === undefined || meeting.unknowns === 0)
    return say('unused', 'settles nothing: there is no such unknown. Remove it.');
  return [];
}
