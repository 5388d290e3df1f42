import { backupKinds, backups, type BackupProblem, type Coverage } from '../../facts/backups.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';
import { datastores } from '../../facts/datastores.ts';
import { inventory } from '../../facts/inventory.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck } from '../define-check.ts';

export const backupSchedule = defineCheck({
  id: 'backup-schedule',
  gate: 'data',
  level: 'high',
  title: 'Every datastore is backed up on a schedule that runs',
  rationale: 'Data without a backup is gone with the first deleted claim, failed disk or wrong statement.',
  remedy: 'schedule-backups',
  references: [
    'https://velero.io/docs/main/api-types/schedule/',
    'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/',
    'https://www.postgresql.org/docs/current/backup.html',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'A store whose whole content can be made again from somewhere else, such as logs or a search index.',
  needs: { inventory, datastores, backups },
  parameters: {},
  messages: {
    scheduled: '{backup} backs up {store} ({schedule}).',
    ephemeral: '{store} keeps nothing on a volume: there is nothing to back up.',
    suspended: '{backup} backs up {store}, and it is suspended.',
    unscheduled: '{backup} backs up {store}, and it has no schedule.',
    unbound: '{backup} backs up {store}, and its claim {claim} cannot be bound: StorageClass {class} does not exist.',
    cut: '{backup} backs up {store}, and the network policies keep it from port {port}.',
    'no-volumes': '{backup} covers {store}, and it takes no volumes.',
    broken: '{backup} backs up {store}, and {what}.',
    none: 'Nothing backs up {store} ({engine}).',
    unseen:
      'Nothing in the sources backs up {store} ({engine}), and {why}: add what makes the backups as a source, or attest it.',
    perhaps: '{backup} may back up {store}, but {doubt}: make it plain, or attest it.',
    managed:
      '{store} ({engine}, found by {evidence}) is not in the cluster: a person has to attest that its provider backs it up.',
    hidden:
      '{store} ({engine}, found by {evidence}) is in no source: add it, declare it under spec.datastores, or attest its backup.',
    volume: 'Nothing in the sources backs up the volume of {store}: a person has to say whether its content may be lost.',
  },
  looksFor: ['*'],
  *targets({ datastores }) {
    for (const store of datastores)
      yield { ref: store.ref, ...(store.object === undefined ? {} : { object: store.object }), store };
  },
  assess({ store }, { inventory, backups }, say) {
    const name = { store: formatRef(store.ref) };
    if (store.durability === 'ephemeral') return say.notApplicable('ephemeral', name);
    const found = backups.of(store);
    const working = found.find(({ covers, problem }) => covers === 'yes' && problem === undefined);
    if (working !== undefined)
      return {
        ...say.pass('scheduled', { ...name, backup: formatRef(working.object.ref), schedule: working.schedule ?? '' }),
        because: [proof(working)],
      };
    const possible = found.find(({ covers, problem }) => covers === 'perhaps' && problem === undefined);
    if (possible !== undefined)
      return {
        ...say.unknown('perhaps', { ...name, backup: formatRef(possible.object.ref), doubt: possible.doubt ?? '' }),
        because: [proof(possible)],
      };
    const broken = found.find(({ problem }) => problem !== undefined);
    if (broken?.problem !== undefined) {
      const { problem } = broken;
      return {
        ...say.fail(problem.kind, { ...name, backup: formatRef(broken.object.ref), ...detailsOf(problem) }),
        because: [proof(broken)],
      };
    }
    const engine = { engine: store.engine, evidence: store.evidence };
    const person = { reason: 'needs-a-person' as const };
    if (store.hosting === 'managed') return { ...say.unknown('managed', { ...name, ...engine }), ...person };
    if (store.hosting === 'unseen') return say.unknown('hidden', { ...name, ...engine });
    if (store.durability === 'unknown') return { ...say.unknown('volume', name), ...person };
    const unseen = unseenKind(inventory, backupKinds);
    return unseen === undefined
      ? say.fail('none', { ...name, ...engine })
      : say.unknown('unseen', { ...name, ...engine, why: unseen.why });
  },
});

const proof = ({ object, covers }: Coverage) => ({ note: covers === 'yes' ? 'covers it' : 'may cover it', object });

/** Values of every placeholder that the message of a problem may hold. */
function detailsOf(problem: BackupProblem): {
  readonly claim: string;
  readonly class: string;
  readonly port: number;
  readonly what: string;
} {
  return {
    claim: problem.kind === 'unbound' ? problem.claim : '',
    class: problem.kind === 'unbound' ? problem.storageClass : '',
    port: problem.kind === 'cut' ? problem.port : 0,
    what: problem.kind === 'broken' ? problem.what : '',
  };
}
