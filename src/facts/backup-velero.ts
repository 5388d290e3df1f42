import { booleanAt, listAt, objectAt, textAt, texts, valueAt } from '../kube/json.ts';
import { labelsOf, type KubeObject } from '../kube/object.ts';
import { readSelector, selects } from '../kube/selector.ts';
import type { BackupProblem, Coverage } from './backups.ts';
import type { Datastore } from './datastores.ts';
import type { Inventory } from './inventory.ts';

/** Velero Schedules that cover a datastore in the cluster. https://velero.io/docs/main/api-types/schedule/ */
export function veleroBackups(store: Datastore, known: Inventory): readonly Coverage[] {
  const { namespace } = store;
  if (namespace === undefined || (store.hosting !== 'workload' && store.hosting !== 'operator')) return [];
  return known.ofKind('velero.io', 'Schedule').flatMap((object) => {
    const template = objectAt(object.value, 'spec', 'template');
    if (!includes(template, namespace) || isExcluded(store)) return [];
    const selection = selectionOf(template, store);
    if (selection === 'no') return [];
    const schedule = textAt(object.value, 'spec', 'schedule');
    const problem = problemOf(object, store, known);
    const doubt = selection === 'perhaps' ? 'its label selectors may leave the volume out' : undefined;
    return [
      {
        object,
        schedule,
        covers: doubt === undefined ? 'yes' : 'perhaps',
        ...(doubt === undefined ? {} : { doubt }),
        ...(problem === undefined ? {} : { problem }),
      },
    ];
  });
}

/** No list and `*` mean every namespace. Names may hold a `*`. */
function includes(template: ReturnType<typeof objectAt>, namespace: string): boolean {
  const included = texts(valueAt(template, 'includedNamespaces'));
  const excluded = texts(valueAt(template, 'excludedNamespaces'));
  return (
    (included.length === 0 || included.some((entry) => isLike(entry, namespace))) &&
    !excluded.some((entry) => isLike(entry, namespace))
  );
}

function isLike(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  const tail = rest.at(-1) ?? '';
  return text.startsWith(head) && text.endsWith(tail) && text.length >= head.length + tail.length;
}

const isExcluded = ({ object }: Datastore): boolean =>
  object !== undefined && labelsOf(object).get('velero.io/exclude-from-backup') === 'true';

/** The Pods, the claims and what owns them must all carry the labels; a StatefulSet's claims have those of its template. */
function selectionOf(template: ReturnType<typeof objectAt>, { object, workload }: Datastore): 'yes' | 'no' | 'perhaps' {
  if (listAt(template, 'orLabelSelectors').length > 0) return 'perhaps';
  const selector = readSelector(valueAt(template, 'labelSelector'));
  if (selector === undefined || selector.requirements.length === 0) return 'yes';
  if (workload !== undefined && selects(selector, workload.podLabels)) return 'yes';
  return object !== undefined && selects(selector, labelsOf(object)) ? 'perhaps' : 'no';
}

function problemOf(object: KubeObject, store: Datastore, known: Inventory): BackupProblem | undefined {
  const { value } = object;
  const template = objectAt(value, 'spec', 'template');
  if (booleanAt(value, 'spec', 'paused') === true) return { kind: 'suspended' };
  if ((textAt(value, 'spec', 'schedule') ?? '').trim() === '') return { kind: 'unscheduled' };
  const live = known.liveOf(object);
  if (live !== undefined && textAt(live.value, 'status', 'phase') === 'FailedValidation')
    return { kind: 'broken', what: 'Velero refuses it (FailedValidation)' };
  if (!takesVolumes(template, store)) return { kind: 'no-volumes' };
  return locationProblem(object, known);
}

/** Volumes are saved as snapshots unless that is turned off, and as files where that is turned on. */
function takesVolumes(template: ReturnType<typeof objectAt>, { workload }: Datastore): boolean {
  const included = texts(valueAt(template, 'includedResources'));
  const excluded = texts(valueAt(template, 'excludedResources'));
  const names = ['persistentvolumeclaims', 'persistentvolumeclaim', 'pvc', 'pvcs'];
  if (included.length > 0 && !included.includes('*') && !included.some((entry) => names.includes(entry))) return false;
  if (excluded.some((entry) => entry === '*' || names.includes(entry))) return false;
  const asFiles =
    booleanAt(template, 'defaultVolumesToFsBackup') === true || booleanAt(template, 'defaultVolumesToRestic') === true;
  return (
    booleanAt(template, 'snapshotVolumes') !== false ||
    asFiles ||
    workload?.podAnnotations.has('backup.velero.io/backup-volumes') === true
  );
}

function locationProblem(object: KubeObject, known: Inventory): BackupProblem | undefined {
  const name = textAt(object.value, 'spec', 'template', 'storageLocation');
  if (name === undefined) return undefined;
  const found = known.lookup('velero.io', 'BackupStorageLocation', object.ref.namespace, name);
  if (found.status === 'absent') return { kind: 'broken', what: `its BackupStorageLocation ${name} does not exist` };
  if (found.status !== 'found') return undefined;
  if (textAt(found.object.value, 'spec', 'accessMode') === 'ReadOnly')
    return { kind: 'broken', what: `its BackupStorageLocation ${name} is read-only` };
  const live = known.liveOf(found.object);
  if (live !== undefined && textAt(live.value, 'status', 'phase') === 'Unavailable')
    return { kind: 'broken', what: `its BackupStorageLocation ${name} is unavailable` };
  return undefined;
}
