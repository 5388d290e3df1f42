import type { Log, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { Assessment } from '../model/judgement.ts';
import type { ReviewResult } from '../model/result.ts';
import { sarif } from './sarif.ts';
import { aCheck, anAssessment, sampleResult } from './testing.ts';

const run = (result: ReviewResult) => {
  const log = JSON.parse([...sarif.render(result, { color: false, width: 80, unicode: true, details: 'all' })].join('')) as Log;
  const [only] = log.runs;
  if (only === undefined) throw new Error('no run');
  return only;
};
const resultOf = (parts: Partial<Assessment>, level: 'blocker' | 'high' | 'medium' | 'advisory' = 'high'): Result | undefined =>
  run({ ...sampleResult(), checks: [aCheck('a-check', 'tls', level, [anAssessment(1, parts)])] }).results?.[0];

describe('results', () => {
  test.each([
    ['blocker', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['advisory', 'note'],
  ] as const)('a failed %s is of level %s', (level, expected) =>
    expect(resultOf({}, level)).toMatchObject({ kind: 'fail', level: expected }),
  );

  test.each([
    ['missing', 'open'],
    ['needs-a-person', 'review'],
  ] as const)('unknown because of %s is of kind %s and has no level', (reason, kind) =>
    expect(resultOf({ outcome: 'unknown', reason }, 'blocker')).toMatchObject({ kind, level: 'none' }),
  );

  test.each(['pass', 'not-applicable'] as const)('%s is no result, but is counted', (outcome) => {
    expect(resultOf({ outcome })).toBeUndefined();
    expect(run(sampleResult()).properties).toMatchObject({ checks: { pass: 5, fail: 3, unknown: 2, notApplicable: 1 } });
  });

  test('a waiver is an accepted suppression; without one the list is empty', () => {
    const waiver = { owner: 'sre', reason: 'known', expires: '2026-03-20T00:00:00Z' };
    expect(resultOf({ waiver })?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'waived by sre until 2026-03-20 00:00 UTC: known' },
    ]);
    expect(resultOf({})?.suppressions).toEqual([]);
  });

  test('the fingerprint is the assessment\u2019s', () =>
    expect(resultOf({})?.partialFingerprints).toEqual({ 'seaworthy/v1': '0000000000000001' }));

  test('regions are real: 1-based where known, none for rendered sources, no location where there is no file', () => {
    const at = { file: 'a.yaml', line: 3, column: 5, endLine: 3, endColumn: 9, path: '' };
    expect(resultOf({ location: at })?.locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 3,
      startColumn: 5,
      endLine: 3,
      endColumn: 9,
    });
    expect(resultOf({ location: { file: 'a.yaml', path: '' } })?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'a.yaml', uriBaseId: '%SRCROOT%' },
    });
    expect(resultOf({})?.locations).toEqual([]);
  });

  test.each([
    ['k8s/a b#1%.yaml', 'k8s/a%20b%231%25.yaml'],
    ['./k8s\\win.yaml', 'k8s/win.yaml'],
    ['a:b.yaml', 'a%3Ab.yaml'],
    ['\ud800.yaml', '%EF%BF%BD.yaml'],
    ['', '-'],
  ])('the path %j is the URI %j', (file, uri) =>
    expect(resultOf({ location: { file, path: '' } })?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
      uri,
      uriBaseId: '%SRCROOT%',
    }),
  );

  test('an absolute path is a file URI without a base', () => {
    expect(
      resultOf({ location: { file: '/srv/a b.yaml', path: '' } })?.locations?.[0]?.physicalLocation?.artifactLocation,
    ).toEqual({ uri: 'file:///srv/a%20b.yaml' });
  });

  test('brackets and braces of the data make no links and placeholders', () => {
    expect(resultOf({ message: 'see [x](1) and {0}' })?.message.text).toBe(
      'Deployment gravl-prod/backend: see \\[x\\](1) and {{0}}.',
    );
  });
});

describe('rules', () => {
  test('every result points to its rule by index', () => {
    const { results, tool } = run(sampleResult());
    expect(results?.every(({ ruleId, ruleIndex }) => tool.driver.rules?.[ruleIndex ?? -1]?.id === ruleId)).toBe(true);
    expect(results).toHaveLength(10);
  });

  test('a name of one word would repeat the id and is left out', () => {
    const rules = run(sampleResult()).tool.driver.rules ?? [];
    expect(rules.filter(({ id, name }) => name?.toLowerCase() === id.toLowerCase())).toEqual([]);
    expect(rules.find(({ id }) => id === 'https-redirect')?.name).toBe('HttpsRedirect');
  });
});
