import { conditionGroups } from './conditions.ts';
import { compareText } from '../model/object-ref.ts';
import type { ReviewResult } from '../model/result.ts';
import { escapeMarkdown } from './markdown-text.ts';
import { clearsMost, type NumberedTask, numberedTasks } from './plan-order.ts';
import {
  basisWords,
  checksByFingerprint,
  clears,
  deciders,
  hour,
  listed,
  noVerdict,
  numberRanges,
  plural,
  range,
  verdictWords,
} from './wording.ts';

/** Section 3: the tasks by tier, in the order of their prerequisites. */
export function* criticalPath(result: ReviewResult): Generator<string> {
  yield '## 3. Critical Path to Production (Ordered by Dependency)';
  const tiers = numberedTasks(result.plan);
  const checks = checksByFingerprint(result);
  if (tiers.length === 0) yield* ['', 'No task is left.'];
  for (const { title, tasks } of tiers) {
    yield* ['', `**${title}:**`, ''];
    for (const { number, task, after } of tasks) {
      const cleared = clears(task, checks);
      const parts = [
        escapeMarkdown(task.owner),
        range(task.hours),
        ...(after.length > 0 ? [`after ${numbers(after)}`] : []),
        ...(task.critical ? ['on the longest chain'] : []),
      ];
      yield `${number}. **${escapeMarkdown(task.title)}** (${parts.join(', ')})${cleared.length === 0 ? '' : ` \u2014 clears ${listed(cleared.map(escapeMarkdown), 6)}`}`;
    }
  }
}

/** `#1` would link to an issue in a repository on GitHub; an item is named as such. */
const numbers = (list: readonly number[]): string => `${list.length === 1 ? 'item' : 'items'} ${numberRanges(list)}`;

/** Section 5: the verdict, what it rests on, the time with its derivation, and who does what next. */
export function* recommendation(result: ReviewResult): Generator<string> {
  const { plan, verdict, basis } = result;
  const tiers = numberedTasks(plan);
  const immediate = tiers.find(({ tier }) => tier === 'immediate')?.tasks ?? [];
  yield* ['## 5. Recommendation', '', `**${signs[verdict]} ${verdictWords[verdict]}**${condition(result, immediate)}`];
  if (verdict === 'no-verdict') yield* ['', noVerdict(result)];
  if (basis.length > 0) yield* ['', ...basis.map((item) => `- ${basisWords[item]}`)];
  const blockers = deciders(result);
  if (blockers.length > 0) yield* ['', '**Decided by:**', '', ...blockers.map((name) => `- ${escapeMarkdown(name)}`)];
  if (plan.tasks.length > 0) yield* estimate(result, immediate);
  yield* nextSteps(tiers.flatMap(({ tasks }) => tasks));
}

const signs: Readonly<Record<ReviewResult['verdict'], string>> = {
  launch: '\u2705',
  'launch-with-conditions': '\u23f3',
  'do-not-launch': '\u{1f6ab}',
  'no-verdict': '\u2796',
};

/** Until when not, or under what conditions. Finished tasks sign nothing, so a missing sign-off is named beside them. */
function condition(result: ReviewResult, immediate: readonly NumberedTask[]): string {
  const { verdict, basis } = result;
  const conditions = conditionGroups(result);
  if (verdict === 'launch-with-conditions' && conditions.length > 0)
    return `: ${plural(conditions.length, 'condition')}, each with its owner and due time in section 4.`;
  if (verdict !== 'do-not-launch') return '.';
  const open = [
    ...(immediate.length === 0
      ? []
      : [`critical path ${numbers(immediate.map(({ number }) => number))} ${immediate.length === 1 ? 'is' : 'are'} complete`]),
    ...(basis.includes('unsigned') ? ['every required sign-off is given'] : []),
  ];
  return open.length === 0 ? '.' : ` until ${open.join(' and ')}.`;
}

function* estimate({ plan }: ReviewResult, immediate: readonly NumberedTask[]): Generator<string> {
  const titles = new Map(plan.tasks.map(({ remedy, title }) => [remedy, title]));
  if (immediate.length > 0)
    yield* [
      '',
      `**Estimated Time to Production Ready:** ${range(plan.hoursToLaunch)} (likely ${hour(plan.hoursToLaunch.likely)} h)`,
    ];
  else yield* ['', '**Estimated Time to Production Ready:** no task blocks the launch'];
  yield* [
    '',
    `Derived from ${plural(plan.tasks.length, 'task')} of ${range(plan.effort)} in all: each has a least, likely and greatest effort and its prerequisites; one person for each role works at a time, roles work in parallel. Everything is done after ${range(plan.hours)}.`,
  ];
  if (plan.chain.length > 0)
    yield* ['', `Longest chain: ${plan.chain.map((remedy) => escapeMarkdown(titles.get(remedy) ?? remedy)).join(' \u2192 ')}.`];
  if (plan.byPeople.length > 0)
    yield* [
      '',
      `With fewer hands: ${plan.byPeople
        .slice(0, 5)
        .map(({ people, hours }) => `${people === 1 ? '1 person' : `${people} people`} ${range(hours)}`)
        .join(', ')}.`,
    ];
  const most = clearsMost(plan);
  if (most) yield* ['', `Clears most: ${escapeMarkdown(most.title)} (${plural(most.findings.length, 'finding')}).`];
}

function* nextSteps(tasks: readonly NumberedTask[]): Generator<string> {
  if (tasks.length === 0) return;
  const tracks = new Map<string, NumberedTask[]>();
  for (const task of tasks) {
    const track = tracks.get(task.task.owner);
    if (track) track.push(task);
    else tracks.set(task.task.owner, [task]);
  }
  yield* ['', '**Next Steps** (one track an owner, in parallel):', ''];
  for (const [owner, own] of [...tracks].sort(([a], [b]) => compareText(a, b))) {
    const sum = (end: 'min' | 'likely' | 'max') => own.reduce((total, { task }) => total + task.hours[end], 0);
    const steps = own.map(({ number, after }) => `${number}${after.length === 0 ? '' : ` (after ${after.join(', ')})`}`);
    yield `- **${escapeMarkdown(owner)}** (${range({ min: sum('min'), likely: sum('likely'), max: sum('max') })}): ${own.length === 1 ? 'item' : 'items'} ${steps.join(', then ')}`;
  }
}
