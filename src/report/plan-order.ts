import { type Plan, type PlanTask, type Tier, tiers, tierTitles } from '../model/result.ts';

/** A task with its number, and the numbers of the tasks that come before it. */
export interface NumberedTask {
  readonly number: number;
  readonly task: PlanTask;
  readonly after: readonly number[];
}

/** The critical path by tier, numbered through. Tiers without tasks are left out. */
export function numberedTasks(
  plan: Plan,
): readonly { readonly tier: Tier; readonly title: string; readonly tasks: readonly NumberedTask[] }[] {
  const ordered = tiers.flatMap((tier) => plan.tasks.filter((task) => task.tier === tier));
  const numbers = new Map(ordered.map((task, index) => [task.remedy, index + 1]));
  const numbered = ordered.map((task, index) => ({
    number: index + 1,
    task,
    after: task.after.flatMap((remedy) => numbers.get(remedy) ?? []).sort((a, b) => a - b),
  }));
  return tiers
    .map((tier) => ({ tier, title: tierTitles[tier], tasks: numbered.filter(({ task }) => task.tier === tier) }))
    .filter(({ tasks }) => tasks.length > 0);
}

/** The task that clears most findings, if one clears more than one. Ties go to the earlier task. */
export function clearsMost(plan: Plan): PlanTask | undefined {
  let best: PlanTask | undefined;
  for (const task of plan.tasks) if (task.findings.length > Math.max(1, best?.findings.length ?? 0)) best = task;
  return best;
}
