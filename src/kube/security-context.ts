import type { Path } from '../model/judgement.ts';
import { type JsonObject, objectAt } from './json.ts';
import type { Workload } from './workload.ts';

/** A securityContext and where it stands: the Pod's, then each container's. */
export interface SecurityContext {
  readonly value: JsonObject;
  readonly path: Path;
  /** `the Pod` or `container api`. */
  readonly owner: string;
  readonly container?: string;
}

/** The Pod's and every container's securityContext, empty where none is written. */
export function securityContexts(workload: Workload): readonly SecurityContext[] {
  const { podSpec, podPath } = workload;
  return [
    { value: objectAt(podSpec, 'securityContext'), path: [...podPath, 'securityContext'], owner: 'the Pod' },
    ...workload.containers.map((container) => ({
      value: objectAt(container.value, 'securityContext'),
      path: [...container.path, 'securityContext'],
      owner: `container ${container.name}`,
      container: container.name,
    })),
  ];
}
