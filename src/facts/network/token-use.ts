import { booleanAt, isObject, listAt, textAt, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Workload } from '../../kube/workload.ts';
import type { Path } from '../../model/judgement.ts';
import type { NetworkModel } from './network.ts';

/** Why a workload may talk to the API server. `certain`: somebody gave its account rights, and its Pods have the token. */
export interface TokenUse {
  readonly need: 'certain' | 'possible';
  readonly reason: string;
  readonly path: Path;
}

const rbac = 'rbac.authorization.k8s.io';

/**
 * Whether the Pods of a workload have a token for the API server and rights to use it with. Undefined: they have none, or it is the
 * token that every Pod gets unless somebody forbids it, of an account to which nobody gave anything.
 */
export function tokenUse(network: NetworkModel, workload: Workload): TokenUse | undefined {
  const mount = mountOf(network, workload);
  if (mount === undefined) return undefined;
  const account = `${workload.namespace}/${workload.serviceAccount}`;
  const binding = network.once(bindingsByAccount).get(account);
  const { path } = mount;
  if (binding !== undefined) {
    const reason = `its Pods mount the token of ServiceAccount ${workload.serviceAccount}, which ${binding.ref.kind} ${binding.ref.name} gives rights`;
    return { need: mount.certain ? 'certain' : 'possible', reason, path };
  }
  const isMeant = mount.explicit || workload.serviceAccount !== 'default';
  const { completeness } = network.inputs;
  const unseen = ['RoleBinding', 'ClusterRoleBinding'].some((kind) => !completeness(rbac, kind).complete);
  if (!isMeant || !unseen) return undefined;
  const reason = `its Pods mount the token of ServiceAccount ${workload.serviceAccount}, and what it may do is not in the sources`;
  return { need: 'possible', reason, path };
}

interface Mount {
  /** Does the workload say so itself? */
  readonly explicit: boolean;
  /** False: the ServiceAccount decides, and it is in no source. */
  readonly certain: boolean;
  readonly path: Path;
}

/** The Pod's field overrides the ServiceAccount's, and true is the default of both; a projected token needs neither. */
function mountOf(network: NetworkModel, workload: Workload): Mount | undefined {
  if (projectsToken(workload)) return { explicit: true, certain: true, path: [...workload.podPath, 'volumes'] };
  if (workload.automount === false) return undefined;
  if (workload.automount === true)
    return { explicit: true, certain: true, path: [...workload.podPath, 'automountServiceAccountToken'] };
  const object = network.once(accountsByName).get(`${workload.namespace}/${workload.serviceAccount}`);
  if (booleanAt(object?.value, 'automountServiceAccountToken') === false) return undefined;
  const certain = object !== undefined || workload.serviceAccount === 'default';
  return { explicit: false, certain, path: [...workload.podPath] };
}

/** A token with an audience of its own is for another server. */
const projectsToken = ({ podSpec }: Workload): boolean =>
  listAt(podSpec, 'volumes').some((volume) =>
    listAt(volume, 'projected', 'sources').some((source) => {
      const token = valueAt(source, 'serviceAccountToken');
      return isObject(token) && !textAt(token, 'audience');
    }),
  );

const accountsByName = ({ inputs }: NetworkModel): ReadonlyMap<string, KubeObject> =>
  new Map(
    inputs.objects
      .filter(({ group, ref }) => group === '' && ref.kind === 'ServiceAccount')
      .map((object) => [`${object.ref.namespace ?? 'default'}/${object.ref.name}`, object]),
  );

/** The first binding that names each ServiceAccount. */
function bindingsByAccount({ inputs }: NetworkModel): ReadonlyMap<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  for (const object of inputs.objects) {
    if (object.group !== rbac || (object.ref.kind !== 'RoleBinding' && object.ref.kind !== 'ClusterRoleBinding')) continue;
    for (const subject of listAt(object.value, 'subjects')) {
      if (textAt(subject, 'kind') !== 'ServiceAccount') continue;
      const namespace = textAt(subject, 'namespace') ?? object.ref.namespace ?? '';
      const key = `${namespace}/${textAt(subject, 'name') ?? ''}`;
      if (!found.has(key)) found.set(key, object);
    }
  }
  return found;
}
