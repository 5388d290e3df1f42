import type { Hours } from '../model/result.ts';

/**
 * Work in hundredths of an hour: sums of whole numbers are exact, so that slack is never off by a rounding error.
 */
export interface Job {
  readonly id: string;
  readonly min: number;
  readonly likely: number;
  readonly max: number;
  readonly after: readonly string[];
}

const perHour = 100;
export const toTicks = (hours: number): number => Math.round(hours * perHour);
export const toHours = (ticks: number): number => ticks / perHour;

/** Who can work at the same time: `trackOf` names the track of a job, and each track has `size` people. */
interface Tracks {
  readonly size: number;
  trackOf(job: Job): string;
}

/**
 * When everything is done, as a range. List scheduling: whoever is free takes the first job of the list that can start. The
 * assignment is made for the likely hours and kept for the others, since greedy assignment alone may finish later with shorter
 * jobs (Graham 1969), and a range must be one.
 * @param jobs in order of priority, prerequisites before what waits for them.
 */
export function finishOf(jobs: readonly Job[], tracks: Tracks): Hours {
  const sequence = assign(jobs, tracks);
  const finish = (duration: (job: Job) => number) => {
    const ends = new Map<string, number>();
    let last = 0;
    for (const { job, predecessor } of sequence) {
      const waits = predecessor === undefined ? job.after : [...job.after, predecessor];
      const end = Math.max(0, ...waits.map((id) => ends.get(id) ?? 0)) + duration(job);
      ends.set(job.id, end);
      last = Math.max(last, end);
    }
    return toHours(last);
  };
  return { min: finish((job) => job.min), likely: finish((job) => job.likely), max: finish((job) => job.max) };
}

/** A job, and the job that the same person does before it. In the order of their starts. */
interface Assigned {
  readonly job: Job;
  readonly predecessor: string | undefined;
}

interface Person {
  freeAt: number;
  lastJob: string | undefined;
}

function assign(jobs: readonly Job[], tracks: Tracks): readonly Assigned[] {
  const people = new Map<string, Person[]>();
  const ends = new Map<string, number>();
  const assigned: Assigned[] = [];
  const waiting = [...jobs];
  while (waiting.length > 0) {
    const { index, start, person } = nextStart(waiting, ends, people, tracks);
    const [job] = waiting.splice(index, 1) as [Job];
    assigned.push({ job, predecessor: person.lastJob });
    person.freeAt = start + job.likely;
    person.lastJob = job.id;
    ends.set(job.id, person.freeAt);
  }
  return assigned;
}

/** The waiting job that can start first; of several, the first of the list. */
function nextStart(waiting: readonly Job[], ends: ReadonlyMap<string, number>, people: Map<string, Person[]>, tracks: Tracks) {
  const unfinished = new Set(waiting.map(({ id }) => id));
  let best: { readonly index: number; readonly start: number; readonly person: Person } | undefined;
  for (const [index, job] of waiting.entries()) {
    if (job.after.some((id) => unfinished.has(id))) continue;
    const person = soonestFree(people, tracks.trackOf(job), tracks.size);
    const start = Math.max(person.freeAt, ...job.after.map((id) => ends.get(id) ?? 0));
    if (best === undefined || start < best.start) best = { index, start, person };
  }
  if (best === undefined) throw new Error('The prerequisites of a plan form a cycle.');
  return best;
}

function soonestFree(people: Map<string, Person[]>, track: string, size: number): Person {
  let team = people.get(track);
  if (team === undefined) {
    team = Array.from({ length: size }, () => ({ freeAt: 0, lastJob: undefined }));
    people.set(track, team);
  }
  return team.reduce((first, person) => (person.freeAt < first.freeAt ? person : first));
}

/** Earliest starts and slack in ticks with as many people as wanted, the longest remaining work of each job, and the longest chain. */
interface CriticalPath {
  readonly start: ReadonlyMap<string, number>;
  readonly slack: ReadonlyMap<string, number>;
  readonly chain: readonly string[];
}

/** The critical path method over likely hours. @param jobs with prerequisites before what waits for them. */
export function criticalPath(jobs: readonly Job[]): CriticalPath {
  const start = new Map<string, number>();
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const endOf = (id: string) => (start.get(id) ?? 0) + (byId.get(id)?.likely ?? 0);
  for (const job of jobs) start.set(job.id, Math.max(0, ...job.after.map(endOf)));
  const tails = remainingWork(jobs);
  const length = jobs.reduce((latest, job) => Math.max(latest, endOf(job.id)), 0);
  const slack = new Map(jobs.map(({ id }) => [id, length - (start.get(id) as number) - (tails.get(id) as number)]));
  return { start, slack, chain: longestChain(jobs, tails) };
}

/** For each job, the likely ticks from its start to the end of the longest chain that begins with it. */
export function remainingWork(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const tails = new Map<string, number>();
  const longestAfter = new Map<string, number>();
  for (const job of [...jobs].reverse()) {
    const tail = job.likely + (longestAfter.get(job.id) ?? 0);
    tails.set(job.id, tail);
    for (const id of job.after) longestAfter.set(id, Math.max(longestAfter.get(id) ?? 0, tail));
  }
  return tails;
}

function longestChain(jobs: readonly Job[], tails: ReadonlyMap<string, number>): readonly string[] {
  const tailOf = (job: Job) => tails.get(job.id) ?? 0;
  const longest = (among: readonly Job[]) =>
    among.reduce<Job | undefined>((best, job) => (best === undefined || tailOf(job) > tailOf(best) ? job : best), undefined);
  const successors = new Map<string, Job[]>();
  for (const job of jobs)
    for (const id of job.after) {
      const list = successors.get(id);
      if (list === undefined) successors.set(id, [job]);
      else list.push(job);
    }
  const chain: string[] = [];
  for (let job = longest(jobs); job !== undefined; job = longest(successors.get(job.id) ?? [])) chain.push(job.id);
  return chain;
}
