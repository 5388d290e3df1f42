import type { AccessModel, Decision } from './access.ts';
import type { ResourceRequest } from './rules.ts';
import type { Subject } from './subject.ts';

/** What people call by one word and what takes several requests. */
export const taskNames = ['exec', 'attach', 'port-forward', 'logs', 'apply', 'delete', 'scale', 'drain'] as const;
export type TaskName = (typeof taskNames)[number];

export interface Task {
  readonly task: TaskName;
  /** Undefined: in every namespace, which only cluster-wide grants allow. `drain` reaches every namespace whatever is given. */
  readonly namespace?: string | undefined;
  /** Of `apply`, `delete` and `scale`. */
  readonly group?: string;
  readonly resource?: string;
  /** The Pod, Node or object; undefined: any of them. */
  readonly name?: string;
}

/** One thing that a task needs: any of the requests will do. */
export interface TaskNeed {
  readonly anyOf: readonly ResourceRequest[];
  /**
   * act: the API server asks for it whatever the client is. client: kubectl looks first, another client need not.
   * create: only where the object does not exist yet.
   */
  readonly purpose: 'act' | 'client' | 'create';
}

export interface TaskAnswer {
  /** With kubectl, for objects that exist. */
  readonly allowed: Decision['allowed'];
  /** With a client that only makes the requests that act. */
  readonly byApi: Decision['allowed'];
  readonly needs: readonly (TaskNeed & { readonly decision: Decision })[];
}

/**
 * Can the subject do the task? `drain` stands for cordoning, listing the Pods of the node and evicting them. From Kubernetes 1.35 a
 * websocket to pods/exec, attach and portforward asks for `create`, too; before, `get` alone opened it.
 */
export function canDo(model: AccessModel, subject: Subject, task: Task, groups: readonly string[] = []): TaskAnswer {
  const needs = needsOf(task, model.kubernetes.minor).map((need) => ({
    ...need,
    decision: anyOf(need.anyOf.map((request) => model.can(subject, request, groups))),
  }));
  const all = (purposes: readonly TaskNeed['purpose'][]): Decision['allowed'] => {
    const answers = needs.filter(({ purpose }) => purposes.includes(purpose)).map(({ decision }) => decision.allowed);
    return answers.includes(false) ? false : answers.includes('unknown') ? 'unknown' : true;
  };
  return { allowed: all(['act', 'client']), byApi: all(['act']), needs };
}

function anyOf(decisions: readonly Decision[]): Decision {
  const best = decisions.find(({ allowed }) => allowed === true) ?? decisions.find(({ allowed }) => allowed === 'unknown');
  return best ?? { allowed: false, because: [], why: [] };
}

/** What a task asks of the API server, with a Kubernetes of the minor version. */
export function needsOf(task: Task, minor: number): readonly TaskNeed[] {
  const { namespace, name } = task;
  const on = (verb: string, resource: string, more: Partial<ResourceRequest> = {}): ResourceRequest => ({
    verb,
    group: '',
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...more,
  });
  const object = { group: task.group ?? '', resource: task.resource ?? 'pods' };
  const act = (...requests: readonly ResourceRequest[]): TaskNeed => ({ anyOf: requests, purpose: 'act' });
  const look = (...requests: readonly ResourceRequest[]): TaskNeed => ({ anyOf: requests, purpose: 'client' });
  const stream = (subresource: string): readonly TaskNeed[] => [
    look(on('get', 'pods')),
    // kubectl falls back from the websocket, which is a GET, to SPDY, which is a POST.
    act(on('create', 'pods', { subresource }), ...(minor < 35 ? [on('get', 'pods', { subresource })] : [])),
  ];
  switch (task.task) {
    case 'exec':
    case 'attach':
      return stream(task.task);
    case 'port-forward':
      return stream('portforward');
    case 'logs':
      return [look(on('get', 'pods')), act(on('get', 'pods', { subresource: 'log' }))];
    case 'apply':
      return [
        look(on('get', object.resource, object)),
        act(on('patch', object.resource, object)),
        { anyOf: [withoutName(on('create', object.resource, object))], purpose: 'create' },
      ];
    case 'delete':
      return [look(on('get', object.resource, object)), act(on('delete', object.resource, object))];
    case 'scale':
      return [
        look(on('get', object.resource, object)),
        act(...['patch', 'update'].map((verb) => on(verb, object.resource, { ...object, subresource: 'scale' }))),
      ];
    case 'drain':
      return drainNeeds(name);
  }
}

function drainNeeds(name: string | undefined): readonly TaskNeed[] {
  const node = name === undefined ? {} : { name };
  const request = (verb: string, resource: string, more: Partial<ResourceRequest> = {}): TaskNeed['anyOf'] => [
    { verb, group: '', resource, ...more },
  ];
  return [
    { anyOf: request('get', 'nodes', node), purpose: 'client' },
    { anyOf: request('patch', 'nodes', node), purpose: 'act' },
    { anyOf: request('list', 'pods'), purpose: 'act' },
    // It leaves Pods of DaemonSets alone, and looks whether the DaemonSet is there.
    { anyOf: request('get', 'daemonsets', { group: 'apps' }), purpose: 'client' },
    { anyOf: request('create', 'pods', { subresource: 'eviction' }), purpose: 'act' },
  ];
}

const withoutName = ({ name: _name, ...request }: ResourceRequest): ResourceRequest => request;
