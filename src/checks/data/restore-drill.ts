import { datastores } from '../../facts/datastores.ts';
import { ageInDays, type Drill, drills } from '../../facts/drills.ts';
import { formatRef } from '../../model/object-ref.ts';
import { addDays } from '../../model/time.ts';
import { defineCheck } from '../define-check.ts';

export const restoreDrill = defineCheck({
  id: 'restore-drill',
  gate: 'data',
  level: 'high',
  title: 'The restore of every datastore was rehearsed not long ago',
  rationale: 'A backup that nobody has restored is a hope: the first restore should not be the one that has to work.',
  remedy: 'drill-restore',
  references: ['https://sre.google/sre-book/data-integrity/', 'https://velero.io/docs/main/restore-reference/'],
  decidedBy: 'person',
  attestable: true,
  whenToWaive: 'A store whose loss is acceptable and whose backup is waived for the same reason.',
  needs: { datastores, drills },
  parameters: { maxAgeDays: 90 },
  stricter: { maxAgeDays: 'lower' },
  messages: {
    rehearsed: '{store} was restored {days} days ago, as {record} says.',
    ephemeral: '{store} keeps nothing on a volume: there is nothing to restore.',
    stale:
      'The restore of {store} was last rehearsed {days} days ago ({record}); {max} are allowed: rehearse it again, and record or attest it.',
    recorded:
      '{record} records a restore drill, and nothing in its name or title says that it is about {store}: name it there, or attest it.',
    undated: '{record} records a restore drill of {store} without a date in its name or title: add one, or attest it.',
    future: '{record} is dated after this review.',
    unfinished: '{record} records a restore drill of {store} and is not finished.',
    none: 'Nothing shows that {store} was ever restored: add a document of kind restore-drill that names it, or attest the drill.',
  },
  looksFor: ['*'],
  *targets({ datastores }) {
    for (const store of datastores)
      yield { ref: store.ref, ...(store.object === undefined ? {} : { object: store.object }), store };
  },
  assess({ store }, { drills, parameters, asOf }, say) {
    const name = { store: formatRef(store.ref) };
    if (store.durability === 'ephemeral') return say.notApplicable('ephemeral', name);
    const person = { reason: 'needs-a-person' as const };
    const [drill] = drills.of(store);
    if (drill === undefined) return { ...say.unknown('none', name), ...person };
    const data = { ...name, record: recordOf(drill) };
    if (drill.at === undefined) return { ...say.unknown(drill.about === 'names' ? 'undated' : 'recorded', data), ...person };
    const days = ageInDays(drill.at, asOf);
    if (days < 0) return { ...say.unknown('future', data), ...person, until: drill.at };
    const max = parameters.maxAgeDays;
    if (days > max) return { ...say.unknown('stale', { ...data, days, max }), reason: 'stale' };
    if (drill.about === 'general') return { ...say.unknown('recorded', data), ...person };
    if (drill.source.kind === 'document' && drill.source.unfinished) return { ...say.unknown('unfinished', data), ...person };
    return { ...say.pass('rehearsed', { ...data, days }), until: addDays(drill.at, max + 1) };
  },
});

const recordOf = ({ source }: Drill): string =>
  source.kind === 'document' ? source.document.path : `Velero Restore ${source.name}`;
