import { describe, expect, test } from 'vitest';
import { portSet } from '../ports.ts';
import { assumptionsOf, maskOf } from './assumption-mask.ts';
import { ValueTable } from './value-table.ts';

const values = new ValueTable();
const { ports } = values;
const web = ports.idOf(portSet('TCP', 80));
const declared = maskOf(['declared-labels']);
const host = maskOf(['host-network']);
const joined = (...[a, b]: readonly Parameters<ValueTable['idOf']>[0][]) => {
  if (a === undefined || b === undefined) throw new Error('two values are joined');
  const { must, may, given, open } = values.valueOf(values.join(values.idOf(a), values.idOf(b)));
  return { must, may, given: assumptionsOf(given), open: assumptionsOf(open) };
};

describe('both ends of a connection', () => {
  test('what both certainly open is open, and takes for granted what either does', () => {
    expect(
      joined({ must: web, may: web, given: declared, open: 0 }, { must: ports.all, may: ports.all, given: 0, open: 0 }),
    ).toEqual({ must: web, may: web, given: ['declared-labels'], open: [] });
  });

  test('what one end leaves open depends on its doubt, and on what the other takes for granted', () => {
    expect(
      joined({ must: web, may: web, given: declared, open: 0 }, { must: ports.none, may: ports.all, given: 0, open: host }),
    ).toEqual({ must: ports.none, may: web, given: [], open: ['declared-labels', 'host-network'] });
  });

  test('an end that is certain of all that is left adds no doubt of its own', () => {
    expect(
      joined({ must: web, may: ports.all, given: 0, open: host }, { must: ports.none, may: web, given: 0, open: declared }),
    ).toEqual({ must: ports.none, may: web, given: [], open: ['declared-labels'] });
  });

  test('what either denies is denied, and rests on nothing here', () => {
    const denied = { must: ports.none, may: ports.none, given: 0, open: 0 };
    expect(joined({ must: web, may: ports.all, given: declared, open: host }, denied)).toEqual({
      must: ports.none,
      may: ports.none,
      given: [],
      open: [],
    });
  });

  test('the order of the ends does not show', () => {
    const a = values.idOf({ must: web, may: ports.all, given: declared, open: host });
    const b = values.idOf({ must: ports.none, may: web, given: 0, open: declared });
    expect(values.join(a, b)).toBe(values.join(b, a));
  });
});
