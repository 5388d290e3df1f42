import { type MigratedWorkload, migrations } from '../../facts/migrations.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck } from '../define-check.ts';

export const migrationsValidated = defineCheck({
  id: 'migrations-validated',
  gate: 'data',
  level: 'high',
  title: 'The schema migrations of the release under review were run',
  rationale: 'A migration that fails or locks a table at launch takes the service down, and often cannot be undone.',
  remedy: 'rehearse-migrations',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/job/', 'https://martinfowler.com/articles/evodb.html'],
  decidedBy: 'person',
  attestable: true,
  whenToWaive: 'A release that changes no schema, where that was shown by comparing schemas.',
  needs: { migrations },
  parameters: {},
  messages: {
    completed: '{migration} ran the migrations of the image of {workload} to the end.',
    failed: '{migration}, which migrates the schema of {workload}, failed in the cluster.',
    unproven:
      '{migration} has the image of {workload}, and no dump of the cluster shows that it ran: give one, or attest the rehearsal.',
    'other-image':
      '{migration} is of another image than {workload}: that it ran proves nothing about this release. Bind it to the digest under review, or attest the rehearsal.',
    untagged:
      '{migration} and {workload} are not both named by digest, so that nothing ties the migration to this release: pin them, or attest the rehearsal.',
    none: '{workload} uses a schema ({store}), and no migration Job or init container is in the sources: attest how the migrations of this release were rehearsed.',
  },
  looksFor: ['*'],
  *targets({ migrations }) {
    for (const migrated of migrations) yield { ref: migrated.workload.ref, object: migrated.workload.object, migrated };
  },
  assess({ migrated }, _, say) {
    const workload = formatRef(migrated.workload.ref);
    const person = { reason: 'needs-a-person' as const };
    const [first] = [...migrated.migrations].sort((a, b) => weight(a) - weight(b));
    if (first === undefined)
      return { ...say.unknown('none', { workload, store: migrated.stores[0]?.name ?? 'found by its variables' }), ...person };
    const data = {
      workload,
      migration: first.form === 'job' ? formatRef(first.workload.ref) : `Init container ${first.container.name}`,
    };
    const place = {
      in: first.workload.object,
      at: first.container.path,
      because: [{ note: 'migrates the schema', object: first.workload.object, at: first.container.path }],
    };
    if (first.image !== 'other' && first.run === 'failed') return { ...say.fail('failed', data), ...place };
    if (first.digest === undefined || (first.image !== 'own' && migrated.digest === undefined))
      return { ...say.unknown('untagged', data), ...person, ...place };
    if (first.image === 'other' || first.run === 'other') return { ...say.unknown('other-image', data), ...person, ...place };
    return first.run === 'completed'
      ? { ...say.pass('completed', data), ...place }
      : { ...say.unknown('unproven', data), ...person, ...place };
  },
});

/** The migration that decides: a failed one of this image first, then the one that ran, then one that is bound to it. */
function weight({ image, run }: MigratedWorkload['migrations'][number]): number {
  const kind = image === 'same' ? 0 : image === 'own' ? 1 : 2;
  return run === 'failed' && image !== 'other' ? -1 : (run === 'completed' ? 0 : 10) + kind + (image === 'other' ? 20 : 0);
}
