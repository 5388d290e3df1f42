import { isObject } from '../../kube/json.ts';

/** A Pod of k6-operator that ran a part of the load. */
export interface RunnerPod {
  readonly name: string;
  /** Number of the runner, from 1: the tag `instance_id` of its k6. Absent where its Job does not tell. */
  readonly instance?: string;
  /** Absent while its container goes on, or where the Pod was lost. */
  readonly exitCode?: number;
  /** Of k6, where the image's tag is a version. */
  readonly version?: string;
}

/**
 * The runners in the JSON of `kubectl get pods -l k6_cr=NAME -o json`, by name. Undefined where it is no list of Pods; the Pods of the
 * initializer and the starter are no runners.
 */
export function readRunnerPods(value: unknown): readonly RunnerPod[] | undefined {
  if (!isObject(value) || !Array.isArray(value['items']) || !(value['kind'] === 'List' || value['kind'] === 'PodList'))
    return undefined;
  const pods = value['items'].filter((item) => isObject(item) && (item['kind'] ?? 'Pod') === 'Pod').slice(0, mostPods);
  return pods.flatMap((pod) => runnerOf(pod) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const mostPods = 10_000;

function runnerOf(pod: unknown): RunnerPod | undefined {
  const metadata = member(pod, 'metadata');
  const labels = member(metadata, 'labels');
  const name = member(metadata, 'name');
  if (member(labels, 'runner') !== 'true' || typeof name !== 'string') return undefined;
  const status = items(member(member(pod, 'status'), 'containerStatuses')).find((item) => member(item, 'name') === 'k6');
  const container = items(member(member(pod, 'spec'), 'containers')).find((item) => member(item, 'name') === 'k6');
  const exitCode = member(member(member(status, 'state'), 'terminated'), 'exitCode');
  const instance = instanceOf(container, labels);
  const version = versionOf(member(container, 'image'));
  return {
    name,
    ...(instance === undefined ? {} : { instance }),
    ...(typeof exitCode === 'number' ? { exitCode } : {}),
    ...(version === undefined ? {} : { version }),
  };
}

/** k6-operator tags each runner on its command line, and names its Job `NAME-1`, `NAME-2`. */
function instanceOf(container: unknown, labels: unknown): string | undefined {
  const words = [...items(member(container, 'command')), ...items(member(container, 'args'))];
  const tag = /(?:^|\s)instance_id=(\d{1,6})(?:\s|$)/.exec(words.join(' '))?.[1];
  if (tag !== undefined) return tag;
  const job = member(labels, 'batch.kubernetes.io/job-name') ?? member(labels, 'job-name');
  return typeof job === 'string' ? /-(\d{1,6})$/.exec(job)?.[1] : undefined;
}

const versionOf = (image: unknown): string | undefined =>
  typeof image === 'string' ? /:v?(\d{1,4}\.\d{1,4}\.\d{1,4})(?=$|[@-])/.exec(image)?.[1] : undefined;

const member = (value: unknown, key: string): unknown => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
