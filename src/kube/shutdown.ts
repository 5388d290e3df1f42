import type { Path } from '../model/judgement.ts';
import type { Container } from './container.ts';
import { isObject, numberAt, texts, valueAt } from './json.ts';
import type { Workload } from './workload.ts';

/** What happens in a container before it gets SIGTERM. */
export interface PreStop {
  readonly handler: 'sleep' | 'exec' | 'httpGet';
  /** Seconds that it waits, where that can be read: undefined for commands that do not say. */
  readonly seconds: number | undefined;
  /** Path inside the container. */
  readonly path: Path;
}

/** Reads `lifecycle.preStop`. Undefined when there is none. A tcpSocket handler does nothing (the API keeps it for old objects). */
export function readPreStop(container: Container): PreStop | undefined {
  const path = ['lifecycle', 'preStop'];
  const hook = valueAt(container.value, ...path);
  if (!isObject(hook)) return undefined;
  if (isObject(hook['sleep'])) return { handler: 'sleep', seconds: numberAt(hook, 'sleep', 'seconds') ?? 0, path };
  if (isObject(hook['exec'])) return { handler: 'exec', seconds: sleepOf(texts(valueAt(hook, 'exec', 'command'))), path };
  return isObject(hook['httpGet']) ? { handler: 'httpGet', seconds: undefined, path } : undefined;
}

/** Seconds of `sleep 10`, also within `sh -c "sleep 10; ..."`. The longest one counts; undefined where no sleep is written. */
function sleepOf(command: readonly string[]): number | undefined {
  const text = command.join(' ').slice(0, 4096);
  const found = [...text.matchAll(/(?:^|[\s;&|/(])sleep ([0-9]{1,6})(?![0-9.])/g)].map((match) => Number(match[1]));
  return found.length === 0 ? undefined : Math.max(...found);
}

/** Seconds from the start of the preStop hook until SIGKILL: 30 by default, and the hook's own time counts. */
export const gracePeriod = (workload: Workload): number => numberAt(workload.podSpec, 'terminationGracePeriodSeconds') ?? 30;
