import { expect, it } from 'vitest';
import { aBundle } from '../../evidence/testing.ts';
import { createFacts } from '../fact.ts';
import { access } from './access.ts';
import { inventory } from '../inventory.ts';
import { surroundingsOf } from './surroundings.ts';
import { namespace, yaml } from './testing.ts';

it.each([
  ['the manifest has no level and the cluster has one: applying keeps other labels', undefined, 'restricted', 'closed'],
  ['the manifest lowers the level of the cluster', 'privileged', 'restricted', 'open'],
  ['neither has one', undefined, undefined, 'open'],
])('%s', (_, written, running, expected) => {
  const bundle = aBundle({ objects: yaml(namespace('shop', written)), platform: yaml(namespace('shop', running)) });
  const slots = bundle.slots.map((slot) =>
    slot.kind === 'objects' && slot.role === 'platform' && slot.status === 'collected'
      ? { ...slot, data: { ...slot.data, files: slot.data.files.map((file) => ({ ...file, live: true as const })) } }
      : slot,
  );
  const facts = createFacts({ ...bundle, slots });
  expect(surroundingsOf(facts(inventory), [], facts(access)).podSecurity('shop').status).toBe(expected);
});
