import type { DeclaredReview } from '../evidence/declared.ts';
import type { Level } from '../model/judgement.ts';
import { compareText, refKey } from '../model/object-ref.ts';
import { type CheckResult, type Hours, type Plan, type PlanTask, type Tier, tiers } from '../model/result.ts';
import type { Remedy } from '../remedies/remedy.ts';
import { isFinding } from './judged.ts';
import { type Candidate, candidatesOf, prerequisitesAmong } from './plan-graph.ts';
import { criticalPath, finishOf, type Job, remainingWork, toHours, toTicks } from './plan-schedule.ts';

/** What is left to do, with prerequisites of the remedies and the review file's own tasks. */
interface PlanInput {
  readonly checks: readonly CheckResult[];
  readonly remedies: readonly Remedy[];
  readonly declared: DeclaredReview['plan'];
}

const mostPeople = 4;

/** First step where nothing is refuted: the work may be done already, and only its evidence missing. */
const proveFirst = 'Nothing here is refuted: give the evidence that the findings ask for, and do the rest only where it refutes.';

/** Giving evidence that exists takes minutes. */
const proveHours = 0.1;

/** Owner of what no list describes. */
export const unassigned = 'unassigned';

/**
 * The critical path. A remedy becomes a task when a finding needs it that is neither waived nor advisory; a prerequisite without
 * such a finding is done already. A task is at least as urgent as what waits for it.
 * @throws SeaworthyError SW_REVIEW_FILE where the review file's overrides or tasks do not fit together.
 */
export function planOf({ checks, remedies, declared }: PlanInput): Plan {
  const candidates = candidatesOf(remedies, declared);
  const needs = needsOf(checks);
  const drafts = draftsOf(candidates, needs);
  const tiersById = inheritedTiers(drafts);
  const ordered = orderOf(drafts, tiersById);
  const jobs = ordered.map(jobOf);
  const { start, slack, chain } = criticalPath(jobs);
  const tasks = ordered.map((draft): PlanTask => {
    const { id, title, owner, effortBasis, steps } = draft.candidate;
    const slackTicks = slack.get(id) ?? 0;
    return {
      remedy: id,
      tier: tiersById.get(id) ?? draft.tier,
      title: draft.unproven ? `Prove or mend: ${title}` : title,
      owner,
      hours: draft.hours,
      after: draft.after,
      start: toHours(start.get(id) ?? 0),
      slack: toHours(slackTicks),
      critical: slackTicks === 0,
      findings: draft.findings,
      steps: draft.unproven ? [proveFirst, ...steps] : steps,
      effortBasis,
    };
  });
  const owners = new Map(ordered.map(({ candidate }) => [candidate.id, candidate.owner]));
  const byRole = { size: 1, trackOf: (job: Job) => owners.get(job.id) ?? '' };
  // Prerequisites of an immediate task are immediate themselves, so these jobs wait for nothing else.
  const immediate = jobs.filter((job) => tiersById.get(job.id) === 'immediate');
  return {
    effort: totalOf(jobs),
    hours: finishOf(jobs, byRole),
    hoursToLaunch: finishOf(immediate, byRole),
    byPeople: finishByPeople(jobs),
    tasks,
    chain,
  };
}

/** Findings that need a remedy. */
interface Need {
  readonly fingerprints: Set<string>;
  readonly objects: Set<string>;
  tier: Tier;
  /** Something is proven wrong. */
  refuted: boolean;
}

const tierOf: Readonly<Record<Level, Tier | undefined>> = {
  blocker: 'immediate',
  high: 'high',
  medium: 'medium',
  advisory: undefined,
};

function needsOf(checks: readonly CheckResult[]): ReadonlyMap<string, Need> {
  const needs = new Map<string, Need>();
  for (const { level, assessments } of checks) {
    const tier = tierOf[level];
    if (tier === undefined) continue;
    for (const assessment of assessments) {
      const { remedy, waiver, fingerprint, target } = assessment;
      if (!isFinding(assessment) || waiver !== undefined || remedy === undefined) continue;
      const need = needs.get(remedy) ?? { fingerprints: new Set(), objects: new Set(), tier, refuted: false };
      needs.set(remedy, need);
      need.fingerprints.add(fingerprint);
      // Containers of one object are mended in one edit.
      need.objects.add(refKey(target));
      need.tier = moreUrgent(need.tier, tier);
      need.refuted ||= assessment.outcome === 'fail';
    }
  }
  return needs;
}

const moreUrgent = (a: Tier, b: Tier): Tier => (tiers.indexOf(a) <= tiers.indexOf(b) ? a : b);

/** A task before it is placed. */
interface DraftTask {
  readonly candidate: Candidate;
  readonly tier: Tier;
  readonly hours: Hours;
  /** Nothing refutes: the findings only lack evidence. */
  readonly unproven: boolean;
  readonly findings: readonly string[];
  readonly after: readonly string[];
}

function draftsOf(candidates: ReadonlyMap<string, Candidate>, needs: ReadonlyMap<string, Need>): ReadonlyMap<string, DraftTask> {
  const known = new Map(candidates);
  for (const id of needs.keys()) if (!known.has(id)) known.set(id, withoutEstimate(id));
  const chosen = new Set([...known.keys()].filter((id) => needs.has(id) || known.get(id)?.tier !== undefined).sort(compareText));
  const after = prerequisitesAmong(chosen, known);
  return new Map(
    [...chosen].map((id) => {
      const candidate = known.get(id) as Candidate;
      const need = needs.get(id);
      const tier = candidate.tier ?? need?.tier ?? 'medium';
      const findings = [...(need?.fingerprints ?? [])].sort(compareText);
      const unproven = need !== undefined && !need.refuted && candidate.proves !== true;
      const full = hoursOf(candidate, need?.objects.size ?? 1);
      const hours = unproven ? { ...full, min: Math.min(full.min, proveHours) } : full;
      return [id, { candidate, tier, hours, unproven, findings, after: after.get(id) ?? [] }];
    }),
  );
}

/** A remedy that no list describes is still work to do: it is shown, without hours that nobody estimated. */
const withoutEstimate = (id: string): Candidate => ({
  id,
  title: id,
  owner: unassigned,
  effort: { min: 0, likely: 0, max: 0 },
  effortBasis: 'There is no estimate.',
  after: [],
  steps: [],
});

function hoursOf({ effort, perTarget }: Candidate, objects: number): Hours {
  const further = Math.max(0, objects - 1);
  const of = (key: keyof Hours) => toHours(toTicks(effort[key]) + further * toTicks(perTarget?.[key] ?? 0));
  return { min: of('min'), likely: of('likely'), max: of('max') };
}

function jobOf({ candidate, hours, after }: DraftTask): Job {
  return { id: candidate.id, min: toTicks(hours.min), likely: toTicks(hours.likely), max: toTicks(hours.max), after };
}

/** A topological order, prerequisites first. Iterative: chains of a review file may be long. */
function topological(drafts: ReadonlyMap<string, DraftTask>, compare: (a: string, b: string) => number): readonly DraftTask[] {
  const open = new Map([...drafts].map(([id, { after }]) => [id, after.length]));
  const successors = new Map<string, string[]>([...drafts.keys()].map((id) => [id, []]));
  for (const [id, { after }] of drafts) for (const prerequisite of after) successors.get(prerequisite)?.push(id);
  const ready = [...drafts.keys()].filter((id) => open.get(id) === 0);
  const order: DraftTask[] = [];
  while (ready.length > 0) {
    const first = ready.reduce((best, id) => (compare(id, best) < 0 ? id : best));
    ready.splice(ready.indexOf(first), 1);
    order.push(drafts.get(first) as DraftTask);
    for (const next of successors.get(first) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return order;
}

/** A prerequisite inherits the most urgent tier of what waits for it, directly or through others. */
function inheritedTiers(drafts: ReadonlyMap<string, DraftTask>): ReadonlyMap<string, Tier> {
  const inherited = new Map([...drafts].map(([id, { tier }]) => [id, tier]));
  for (const { candidate, after } of [...topological(drafts, compareText)].reverse()) {
    const tier = inherited.get(candidate.id) as Tier;
    for (const id of after) inherited.set(id, moreUrgent(inherited.get(id) ?? tier, tier));
  }
  return inherited;
}

/** Prerequisites first; among what can be next, the most urgent tier, then the longest remaining chain, then the id. */
function orderOf(drafts: ReadonlyMap<string, DraftTask>, tiersById: ReadonlyMap<string, Tier>): readonly DraftTask[] {
  const tails = remainingWork(topological(drafts, compareText).map(jobOf));
  const urgency = (id: string) => tiers.indexOf(tiersById.get(id) ?? 'medium');
  return topological(drafts, (a, b) => urgency(a) - urgency(b) || (tails.get(b) ?? 0) - (tails.get(a) ?? 0) || compareText(a, b));
}

function totalOf(jobs: readonly Job[]): Hours {
  const total = (key: keyof Hours) => toHours(jobs.reduce((sum, job) => sum + job[key], 0));
  return { min: total('min'), likely: total('likely'), max: total('max') };
}

/** Finish for 1 to 4 people who can each do everything. Another person never makes it later: who is not needed stays out of it. */
function finishByPeople(jobs: readonly Job[]): Plan['byPeople'] {
  const rows: { readonly people: number; readonly hours: Hours }[] = [];
  for (let people = 1; people <= mostPeople; people += 1) {
    const hours = finishOf(jobs, { size: people, trackOf: () => '' });
    const fewer = rows.at(-1)?.hours ?? hours;
    rows.push({
      people,
      hours: {
        min: Math.min(hours.min, fewer.min),
        likely: Math.min(hours.likely, fewer.likely),
        max: Math.min(hours.max, fewer.max),
      },
    });
  }
  return rows;
}
