import type { AccessModel } from '../../facts/access/access.ts';
import { canDo, type TaskName } from '../../facts/access/tasks.ts';
import { row } from '../columns.ts';
import type { SubjectRights } from './subject.ts';

const onPods = ['exec', 'attach', 'port-forward', 'logs'] as const satisfies readonly TaskName[];
const onObjects = ['apply', 'scale', 'delete'] as const satisfies readonly TaskName[];
const workloads = [
  ['', 'pods'],
  ['apps', 'deployments'],
  ['apps', 'statefulsets'],
  ['apps', 'daemonsets'],
  ['batch', 'jobs'],
  ['batch', 'cronjobs'],
] as const;

/** What the rights of one place come to with kubectl, in its own words; nothing where they suffice for none of its tasks. */
export function taskLines(
  model: AccessModel,
  { subject, groups }: SubjectRights,
  namespace: string | undefined,
  width: number,
): readonly string[] {
  const can = (task: TaskName, more: { readonly group?: string; readonly resource?: string } = {}) =>
    canDo(model, subject, { task, namespace, ...more }, groups).allowed === true;
  const objects = onObjects.flatMap((task) => {
    const possible = workloads.filter(([group, resource]) => can(task, { group, resource }));
    return possible.length === 0 ? [] : [`${task} ${possible.map(([, resource]) => resource).join(', ')}`];
  });
  const tasks = [
    ...onPods.filter((task) => can(task)),
    ...objects,
    ...(namespace === undefined && can('drain') ? ['drain nodes'] : []),
  ];
  return tasks.length === 0 ? [] : row(2, [], `with kubectl: ${tasks.join('; ')}`, width);
}
