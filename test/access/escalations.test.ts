import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cut, Escalation, Escalations } from '../../src/facts/access/escalation.ts';
import type { Change } from '../../src/facts/access/escalation-cuts.ts';
import { formatSubject, subjectKey } from '../../src/facts/access/subject.ts';
import { account, bind, can, deployment, everything, namespace, role, world, yaml } from '../../src/facts/access/testing.ts';
import { bindingNamed, cluster } from './random-cluster.ts';
import { simpleEscalations } from './simple-escalations.ts';

const runs = { numRuns: 200, seed: 20260306 };
const sources = fc.constantFrom(everything, everything, ['Role', 'ServiceAccount', 'Namespace'], []);

type Told = Pick<Escalation, 'subject' | 'edge' | 'target' | 'certain' | 'length'>;
const lines = (paths: readonly Told[]) =>
  paths
    .map(({ subject, edge, target, certain, length }) => `${formatSubject(subject)}: ${edge} ${target} ${certain} ${length}`)
    .toSorted();
const read = (objects: readonly object[], complete: readonly string[]) => world(yaml(...objects), { complete });
const proofs = ({ all }: Escalations) =>
  all.map((path) => [
    formatSubject(path.subject),
    path.target,
    path.certain,
    path.steps.map(({ note }) => note),
    path.cuts.map(({ note }) => note),
  ]);

describe('escalations of random small clusters', () => {
  it('are those of the simple analysis: subjects, targets, certainty and shortest length', () => {
    let seen = 0;
    fc.assert(
      fc.property(cluster, sources, (objects, complete) => {
        const { known, running, model, escalations } = read(objects, complete);
        const expected = simpleEscalations(known, running, model);
        seen += expected.filter(({ length }) => length > 2).length;
        expect(lines(escalations.all)).toEqual(lines(expected));
      }),
      runs,
    );
    // The clusters are worth comparing: many paths are longer than two moves.
    expect(seen).toBeGreaterThan(200);
  });

  it('do not depend on the order of objects, proof and cuts neither', () => {
    fc.assert(
      fc.property(cluster, sources, fc.infiniteStream(fc.nat()), (objects, complete, order) => {
        const shuffled = objects
          .map((object) => ({ object, rank: order.next().value as number }))
          .sort((a, b) => a.rank - b.rank);
        const one = read(objects, complete);
        const other = read(
          shuffled.map(({ object }) => object),
          complete,
        );
        expect(proofs(other.escalations)).toEqual(proofs(one.escalations));
      }),
      { ...runs, numRuns: 40 },
    );
  });

  it('are not changed by a namespace that nothing here names', () => {
    const apart = [
      namespace('apart'),
      account('apart/z'),
      deployment('apart/z', { serviceAccountName: 'z' }),
      role('apart/z', can('get', 'configmaps')),
      bind('apart/z', 'Role z', 'user zoe'),
    ];
    fc.assert(
      fc.property(cluster, (objects) => {
        const one = read(objects, everything).escalations;
        const other = read([...objects, ...apart], everything).escalations;
        expect(lines(other.all.filter(({ target }) => !target.includes('apart')))).toEqual(lines(one.all));
      }),
      { ...runs, numRuns: 100 },
    );
  });

  it('only grow by one more binding', () => {
    fc.assert(
      fc.property(cluster, sources, bindingNamed('more'), (objects, complete, more) => {
        const before = read(objects, complete).escalations;
        const after = read([...objects, more], complete);
        for (const path of before.all) {
          const now = after.escalations.everyOf(path.subject);
          const homes = new Set(after.model.grantsOf(path.subject).map((grant) => grant.namespace));
          // Who holds the cluster, every namespace, or the namespace of an account is told that and no less.
          const covered = now.some(
            (other) =>
              (other.certain || !path.certain) &&
              [path.target, `${path.target.split(':')[0]}:*`, 'cluster-admin'].includes(other.target),
          );
          const place = path.target.startsWith('subject:') ? path.target.slice('subject:'.length).split('/')[0] : undefined;
          expect(covered || (place !== undefined && homes.has(place)), `${subjectKey(path.subject)} ${path.target}`).toBe(true);
        }
      }),
      runs,
    );
  });

  it('end where what would cut them is taken away', () => {
    let cut = 0;
    fc.assert(
      fc.property(cluster, (objects) => {
        for (const path of read(objects, everything).escalations.all) {
          if (path.length > 1) continue;
          const [first] = path.cuts;
          if (first?.kind !== 'rights' || !first.note.startsWith(`take from ${formatSubject(path.subject)}:`)) continue;
          cut += 1;
          const after = read(without(objects, first), everything).escalations.everyOf(path.subject);
          const left = after.filter(({ edge, target, length }) => edge === path.edge && target === path.target && length === 1);
          expect(left.map(({ steps }) => steps.map(({ note }) => note))).toEqual([]);
        }
      }),
      { ...runs, numRuns: 30 },
    );
    expect(cut).toBeGreaterThan(50);
  });
});

/** The objects without the rules, or the bindings, that a cut names. */
function without(objects: readonly object[], { changes }: Cut): readonly object[] {
  const isAt = (object: object, change: Change) => {
    const { kind, metadata } = object as { kind: string; metadata: { namespace?: string; name: string } };
    return (
      change.object?.ref.kind === kind &&
      change.object.ref.namespace === metadata.namespace &&
      change.object.ref.name === metadata.name
    );
  };
  return objects.flatMap((object) => {
    const here = changes.filter((change) => isAt(object, change));
    if (here.length === 0) return [object];
    if (here.some(({ at }) => at[0] === 'roleRef')) return [];
    const gone = new Set(here.map(({ at }) => at[1]));
    const { rules } = object as { rules: readonly object[] };
    return [{ ...object, rules: rules.filter((_, index) => !gone.has(index)) }];
  });
}
