import type { Bundle } from '../../src/evidence/bundle.ts';
import { createFacts } from '../../src/facts/fact.ts';
import { intendedFlows } from '../../src/facts/network/intended.ts';
import { network } from '../../src/facts/network/network.ts';
import type { PlanTask } from '../../src/model/result.ts';
import type { Overlay } from '../gravl-edits.ts';
import { gravl } from '../gravl-edits.ts';
import type { Application } from './edit.ts';
import { operationsApplications } from './operations.ts';
import { platformApplications } from './platform.ts';
import { securityApplications } from './security.ts';
import { workloadApplications } from './workloads.ts';

export const applications: readonly Application[] = [
  ...securityApplications,
  ...platformApplications,
  ...workloadApplications,
  ...operationsApplications,
];

/** The remedy's own prerequisites in the plan, theirs too, and itself, in plan order. */
export function withPrerequisites(tasks: readonly PlanTask[], remedy: string): readonly PlanTask[] {
  const wanted = new Set([remedy]);
  for (const task of [...tasks].reverse()) if (wanted.has(task.remedy)) for (const id of task.after) wanted.add(id);
  return tasks.filter((task) => wanted.has(task.remedy));
}

/** Gravl's staging after these tasks, done one after the other. */
export function applied(tasks: readonly PlanTask[]): Overlay {
  const done = new Set<string>();
  let overlay = gravl;
  for (const task of tasks) {
    const row = applications.find(({ remedy }) => remedy === task.remedy);
    if (row === undefined) throw new Error(`Remedy ${task.remedy} has no row.`);
    overlay = overlay.with(row.apply(task, done));
    done.add(task.remedy);
  }
  return overlay;
}

/** The declared flows that are possible: `from -> to:port/protocol`. */
export function satisfiedFlows(bundle: Bundle): readonly string[] {
  const results = intendedFlows(createFacts(bundle)(network)) ?? [];
  return results
    .filter(({ status }) => status === 'satisfied')
    .map(({ flow }) => `${flow.from} -> ${flow.to}:${flow.port ?? 'any'}/${flow.protocol}`);
}
