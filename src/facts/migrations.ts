import { booleanAt, listAt, numberAt, textAt, texts, valueAt } from '../kube/json.ts';
import { readImageReference } from '../kube/image-reference.ts';
import { type Container, readWorkload, type Workload } from '../kube/workload.ts';
import { compareRefs, refKey } from '../model/object-ref.ts';
import { connections } from './connections.ts';
import { type Datastore, datastores } from './datastores.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { workloads } from './workloads.ts';

/** A container that changes the schema of a datastore. */
export interface Migration {
  readonly workload: Workload;
  readonly container: Container;
  /** An init container runs before each Pod of its workload; a Job once. */
  readonly form: 'job' | 'init';
  readonly digest: string | undefined;
  /** What a dump of the cluster says of it. `other`: the run that it shows was of another image. */
  readonly run: 'completed' | 'failed' | 'other' | 'unseen';
}

/** A workload under review that uses a datastore with a schema. */
export interface MigratedWorkload {
  readonly workload: Workload;
  readonly stores: readonly Datastore[];
  /** Digest of the image that uses the schema; undefined where it is named by tag. */
  readonly digest: string | undefined;
  /** Migrations that are of this workload's image, or of an image of their own in its namespace. */
  readonly migrations: readonly (Migration & { readonly image: 'same' | 'other' | 'own' })[];
}

/** Workloads that depend on a schema, sorted by ref, with the migrations that bring it about. */
export const migrations = fact(
  'migrations',
  [inventory, workloads, datastores, connections],
  (known, running, stores, found): readonly MigratedWorkload[] => {
    const all = running.system.flatMap((workload) => migrationsIn(workload, known));
    const users = new Map<string, { readonly workload: Workload; readonly stores: Set<Datastore> }>();
    for (const store of stores.filter(({ schema }) => schema)) {
      for (const workload of store.clients) {
        if (workload.runsToCompletion || workload.ref.kind === 'CronJob') continue;
        const entry = users.get(refKey(workload.ref)) ?? { workload, stores: new Set() };
        entry.stores.add(store);
        users.set(refKey(workload.ref), entry);
      }
    }
    for (const { workload, engine } of found) {
      const isOpen = engine === undefined || engine.schema;
      if (
        !isOpen ||
        workload.runsToCompletion ||
        users.has(refKey(workload.ref)) ||
        stores.some((store) => store.workload?.object === workload.object)
      )
        continue;
      users.set(refKey(workload.ref), { workload, stores: new Set() });
    }
    const repositories = new Set([...users.values()].flatMap(({ workload }) => repositoriesOf(workload)));
    return [...users.values()]
      .filter(({ workload }) => !stores.some((store) => store.workload?.object === workload.object))
      .map(({ workload, stores: used }) => migrated(workload, [...used], all, repositories))
      .sort((a, b) => compareRefs(a.workload.ref, b.workload.ref));
  },
);

const migrationWords = /migrat|flyway|liquibase|alembic|prisma|sqitch|goose|dbmate|atlas|schema|knex|typeorm|sequelize|db:/i;

function migrationsIn(workload: Workload, known: Inventory): readonly Migration[] {
  const isJob = workload.ref.kind === 'Job';
  const candidates = workload.containers.filter(({ role }) =>
    isJob ? role === 'container' : role === 'init' && !workload.runsToCompletion,
  );
  return candidates.flatMap((container): readonly Migration[] => {
    const words = [
      container.name,
      container.image?.replace(/@.*$/, '') ?? '',
      ...texts(valueAt(container.value, 'command')),
      ...texts(valueAt(container.value, 'args')),
      isJob ? workload.ref.name : '',
    ].join(' ');
    if (!migrationWords.test(words.slice(0, 10_000))) return [];
    return [
      { workload, container, form: isJob ? 'job' : 'init', digest: digestOf(container), run: runOf(workload, container, known) },
    ];
  });
}

const digestOf = ({ image }: Container): string | undefined =>
  image === undefined ? undefined : readImageReference(image)?.digest;
const repositoryOf = ({ image }: Container): string | undefined => {
  const read = image === undefined ? undefined : readImageReference(image);
  return read === undefined ? undefined : `${read.registry}/${read.repository}`;
};
const repositoriesOf = (workload: Workload): readonly string[] =>
  workload.containers.filter(({ role }) => role === 'container').flatMap((container) => repositoryOf(container) ?? []);

/** A run counts only for the image that ran: the live object's, compared by digest. */
function runOf(workload: Workload, container: Container, known: Inventory): Migration['run'] {
  const live = known.liveOf(workload.object);
  const state = live === undefined ? undefined : stateOf(live.value, workload);
  if (live === undefined || state === undefined) return 'unseen';
  const ran = readWorkload(live)?.containers.find(({ name }) => name === container.name);
  const digest = digestOf(container);
  if (ran === undefined || digest === undefined || digestOf(ran) !== digest) return 'other';
  return state;
}

function stateOf(live: Parameters<typeof textAt>[0], workload: Workload): 'completed' | 'failed' | undefined {
  if (workload.ref.kind === 'Job') {
    const condition = (type: string) =>
      listAt(live, 'status', 'conditions').some((entry) => textAt(entry, 'type') === type && textAt(entry, 'status') === 'True');
    if (condition('Complete')) return 'completed';
    return condition('Failed') ? 'failed' : undefined;
  }
  // A Pod is available only after its init containers have succeeded. Every Pod must be of the present template.
  const generation = numberAt(live, 'metadata', 'generation');
  const replicas = numberAt(live, 'spec', 'replicas') ?? 1;
  const isCurrent =
    generation !== undefined &&
    numberAt(live, 'status', 'observedGeneration') === generation &&
    booleanAt(live, 'spec', 'paused') !== true;
  const isWhole =
    numberAt(live, 'status', 'updatedReplicas') === replicas &&
    (numberAt(live, 'status', 'availableReplicas') ?? 0) >= replicas &&
    replicas > 0;
  return isCurrent && isWhole ? 'completed' : undefined;
}

function migrated(
  workload: Workload,
  stores: readonly Datastore[],
  all: readonly Migration[],
  repositories: ReadonlySet<string>,
): MigratedWorkload {
  const own = repositoriesOf(workload);
  const related = all.filter(
    (migration) =>
      migration.workload.namespace === workload.namespace &&
      (migration.form === 'job' || migration.workload.object === workload.object),
  );
  const digests = new Map(
    workload.containers
      .filter(({ role }) => role === 'container')
      .flatMap((container) => {
        const repository = repositoryOf(container);
        return repository === undefined ? [] : [[repository, digestOf(container)] as const];
      }),
  );
  const mine = related.flatMap((migration): MigratedWorkload['migrations'] => {
    const repository = repositoryOf(migration.container);
    if (repository !== undefined && own.includes(repository))
      return [
        {
          ...migration,
          image:
            digests.get(repository) !== undefined && digests.get(repository) === migration.digest
              ? ('same' as const)
              : ('other' as const),
        },
      ];
    // An image that some other workload runs migrates that workload's schema.
    return repository !== undefined && repositories.has(repository) ? [] : [{ ...migration, image: 'own' as const }];
  });
  const [first] = workload.containers.filter(({ role }) => role === 'container');
  return { workload, stores, digest: first === undefined ? undefined : digestOf(first), migrations: mine };
}
