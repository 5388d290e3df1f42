import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabelSelector, Requirement } from '../../../kube/selector.ts';
import { closedLabels, type Labels, matchLabels, openLabels } from '../labels.ts';
import { LabelIndex } from './label-index.ts';

const key = fc.constantFrom('app', 'tier', 'pod-template-hash');
const value = fc.constantFrom('a', 'b', 'c');
const known = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 3, selector: ([name]) => name })
  .map((entries) => new Map(entries));

/** Labels known whole, in part, and with a label that a controller sets. */
const labels: fc.Arbitrary<Labels> = fc.oneof(
  known.map((map) => closedLabels(map)),
  known.map((map) => openLabels(map, 'unseen-peer')),
  known.map((map) =>
    closedLabels(
      new Map([...map].filter(([name]) => name !== 'pod-template-hash')),
      new Map([['pod-template-hash', 'present' as const]]),
    ),
  ),
);

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom<Requirement['operator']>('In', 'NotIn'),
    values: fc.uniqueArray(value, { maxLength: 2 }),
  }),
  fc.record({ key, operator: fc.constantFrom<Requirement['operator']>('Exists', 'DoesNotExist'), values: fc.constant([]) }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.array(requirement, { maxLength: 3 }).map((requirements) => ({ requirements }));

test('the index finds what a look at each thing finds', () => {
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 12 }), selector, (items, selecting) => {
      const each = items.flatMap((item, index) => {
        const match = matchLabels(selecting, item);
        return match.truth === 'no' ? [] : [{ index, match }];
      });
      expect([...new LabelIndex(items).select(selecting)]).toEqual(each);
    }),
    { numRuns: 500 },
  );
});
