import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReviewResult } from '../src/model/result.ts';
import { review } from '../src/review.ts';
import { asOf, gravlBundle, root } from './gravl.ts';

const environments = ['staging', 'production'] as const;
const results = {} as Record<(typeof environments)[number], ReviewResult>;

beforeAll(async () => {
  for (const name of environments) results[name] = review(await gravlBundle(name), { asOf });
});

const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** Rows of every Markdown table whose first cell matches, as trimmed cells. */
const rows = (text: string, first: RegExp) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([cell]) => cell !== undefined && first.test(cell));

const outcomeOf = (environment: (typeof environments)[number], id: string) =>
  results[environment].checks.find((check) => check.id === id)?.outcome;

describe('Gravl: the outcomes that were written by hand', () => {
  const expected = read('examples/gravl/expected.md');
  const table = rows(expected, /^`[a-z-]+`$/).filter(([, level]) =>
    ['blocker', 'high', 'medium', 'advisory'].includes(level ?? ''),
  );

  // A new check starts as advisory: it gets its row when it begins to count.
  it('cover every check that counts, and no other', () => {
    const rows = new Set(table.map(([id]) => id?.slice(1, -1)));
    const { checks } = results.staging;
    expect(checks.filter(({ id, level }) => level !== 'advisory' && !rows.has(id)).map(({ id }) => id)).toEqual([]);
    expect([...rows].filter((row) => !checks.some(({ id }) => id === row))).toEqual([]);
  });

  it.each(table.map(([id = '', , staging = '', , production = '']) => [id.slice(1, -1), staging, production] as const))(
    '%s: staging %s, production %s',
    (id, staging, production) => {
      expect({ staging: outcomeOf('staging', id), production: outcomeOf('production', id) }).toEqual({ staging, production });
    },
  );

  it.each(
    rows(expected, /^(secrets|access|network|tls|workloads|images|data|observability|performance|release)$/).map(
      ([gate = '', staging = '', , production = '']) => [gate, staging, production] as const,
    ),
  )('gate %s: staging %s, production %s', (gate, staging, production) => {
    const status = (environment: (typeof environments)[number]) =>
      results[environment].gates.find(({ id }) => id === gate)?.status;
    expect({ staging: status('staging'), production: status('production') }).toEqual({ staging, production });
  });
});

describe('Gravl: the verdicts', () => {
  it('staging must not launch, refuted and unproven', () => {
    expect([results.staging.verdict, results.staging.basis]).toEqual(['do-not-launch', ['refuted', 'unproven']]);
  });

  it('production launches with exactly the conditions that were written by hand', () => {
    expect(results.production.verdict).toBe('launch-with-conditions');
    const section = read('examples/gravl/expected.md').split('The conditions of production')[1]?.split('\n## ')[0] ?? '';
    expect([...new Set(results.production.conditions.map(({ check }) => check))].sort()).toEqual(
      rows(section, /^`/)
        .map(([id]) => id?.slice(1, -1))
        .sort(),
    );
  });
});

describe('docs/guides/gravl.md', () => {
  const lines = rows(read('docs/guides/gravl.md'), /./).filter(([, , , checks]) => checks?.includes('`'));

  it('has every line of the hand-written review', () => {
    expect(lines.length).toBeGreaterThan(80);
  });

  it.each(
    lines.map(
      ([section = '', line = '', , checks = '', staging = '', production = '']) =>
        [`${section} ${line}`, checks, staging, production] as const,
    ),
  )('%s', (_, checks, staging, production) => {
    const ids = [...checks.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id ?? '');
    const said = (environment: (typeof environments)[number]) => ids.map((id) => outcomeOf(environment, id)).join(', ');
    expect({ staging: said('staging'), production: said('production') }).toEqual({ staging, production });
  });
});
