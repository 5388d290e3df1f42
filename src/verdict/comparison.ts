import { type Finding, findingsOf, type ReviewResult } from '../model/result.ts';

/** What `--fail-on` accepts. */
export type FailOn = 'do-not-launch' | 'conditions' | 'new' | 'never';

/** Findings of a result against those of an earlier one, by fingerprint. `fixed` are the earlier result's own. */
export interface Comparison {
  readonly added: readonly Finding[];
  readonly fixed: readonly Finding[];
  readonly unchanged: readonly Finding[];
}

/** Compares two results. A fingerprint that occurs more often than before counts as new for each further time. */
export function compareResults(baseline: ReviewResult, result: ReviewResult): Comparison {
  const before = findingsOf(baseline);
  const now = findingsOf(result);
  const [unchanged, added] = split(now, before);
  const [, fixed] = split(before, now);
  return { added, fixed, unchanged };
}

/** Findings that have a partner among the others, and those that have none. */
function split(findings: readonly Finding[], others: readonly Finding[]): readonly [readonly Finding[], readonly Finding[]] {
  const partners = new Map<string, number>();
  for (const { assessment } of others) partners.set(assessment.fingerprint, (partners.get(assessment.fingerprint) ?? 0) + 1);
  const paired: Finding[] = [];
  const alone: Finding[] = [];
  for (const finding of findings) {
    const left = partners.get(finding.assessment.fingerprint) ?? 0;
    partners.set(finding.assessment.fingerprint, left - 1);
    (left > 0 ? paired : alone).push(finding);
  }
  return [paired, alone];
}

/**
 * Is the result acceptable? A standard without a launch verdict is judged by its gates: `do-not-launch` accepts what has no failing
 * blocker, `conditions` only what has nothing open. `new` accepts what adds no finding that counts; without a comparison it accepts
 * nothing, since nothing is known to be old.
 */
export function acceptable(result: ReviewResult, failOn: FailOn, comparison?: Comparison): boolean {
  return accepts[failOn](result, comparison);
}

const accepts: Readonly<Record<FailOn, (result: ReviewResult, comparison: Comparison | undefined) => boolean>> = {
  never: () => true,
  new: (_, comparison) => comparison !== undefined && !comparison.added.some(isOpen),
  'do-not-launch': ({ verdict, gates }) =>
    verdict === 'no-verdict' ? !gates.some(({ status }) => status === 'not-ready') : verdict !== 'do-not-launch',
  conditions: (result) => (result.verdict === 'no-verdict' ? nothingOpen(result) : result.verdict === 'launch'),
};

const nothingOpen = (result: ReviewResult) =>
  result.gates.every(({ status }) => status === 'approved' || status === 'not-assessed') &&
  !findingsOf(result).some(({ check }) => check.level === 'medium');

/** Advisory items never count, and a waived finding is accepted for as long as the waiver holds. */
const isOpen = ({ check, assessment }: Finding) => check.level !== 'advisory' && assessment.waiver === undefined;
