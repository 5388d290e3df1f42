import { type Command, Option } from 'commander';
import { loadBundle } from '../../evidence/store.ts';
import { type Hours, type ReviewResult, tierTitles, tiers } from '../../model/result.ts';
import { review } from '../../review.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { progressLine } from '../progress.ts';
import { printable } from '../render-error.ts';
import type { Finish } from '../run.ts';
import { gatherSystem, type SourceOptions, sourceOptions } from '../system.ts';
import { wrap } from '../wrap.ts';
import { momentOf } from './review.ts';

interface PlanOptions extends SourceOptions {
  readonly format: 'text' | 'json';
}

/** `seaworthy plan [PATH...]`: the critical path alone, with the steps of each task. */
export function addPlan(program: Command, host: Host, finish: Finish): void {
  const command = program
    .command('plan')
    .description('The critical path alone: what to do, in which order, with the steps.')
    .argument('[path...]', 'what to review');
  sourceOptions(command)
    .addOption(new Option('-f, --format <format>', 'what to print').choices(['text', 'json']).default('text'))
    .action((paths: string[], options: PlanOptions) => finish(() => runPlan(host, paths, options)));
}

async function runPlan(host: Host, paths: readonly string[], options: PlanOptions): Promise<ExitCode> {
  const bundle =
    options.from === undefined ? await gatherSystem(host, paths, options, progressLine(host)) : await loadBundle(options.from);
  const result = review(bundle, { asOf: momentOf(options.asOf, bundle) });
  await host.write(
    'stdout',
    options.format === 'json' ? `${JSON.stringify(result.plan, null, 2)}\n` : printable(renderPlan(result)),
  );
  return exitCodes.acceptable;
}

const range = ({ min, likely, max }: Hours) => `${hours(min)}-${hours(max)} h, likely ${hours(likely)} h`;
const hours = (value: number) => String(Math.round(value * 10) / 10);

function renderPlan({ plan }: ReviewResult): string {
  if (plan.tasks.length === 0) return 'Nothing is left to do.\n';
  const number = new Map(plan.tasks.map((task, index) => [task.remedy, index + 1]));
  const lines = [
    `${plan.tasks.length} ${plan.tasks.length === 1 ? 'task' : 'tasks'}, ${range(plan.effort)} of work in all.`,
    plan.tasks.some(({ tier }) => tier === 'immediate')
      ? `What blocks the launch is done after ${range(plan.hoursToLaunch)}, with one person for each role.`
      : 'No task blocks the launch.',
  ];
  for (const tier of tiers) {
    const tasks = plan.tasks.filter((task) => task.tier === tier);
    if (tasks.length > 0) lines.push('', tierTitles[tier]);
    for (const task of tasks) {
      const after = task.after.map((id) => number.get(id)).filter((index) => index !== undefined);
      lines.push(
        `${String(number.get(task.remedy)).padStart(3)}. ${task.title} [${task.remedy}]`,
        `     ${task.owner}, ${range(task.hours)}${after.length === 0 ? '' : `, after ${after.join(', ')}`}${task.critical ? ', on the longest chain' : ''}`,
      );
      lines.push(...task.steps.flatMap((step) => wrap(step, 100, '     - ', '       ')));
      if (task.manifest !== undefined)
        lines.push(
          '',
          ...task.manifest
            .trimEnd()
            .split('\n')
            .map((line) => `       ${line}`),
          '',
        );
    }
  }
  return `${lines.join('\n')}\n`;
}
