import { describe, expect, it } from 'vitest';
import { matchesWhole, relabel } from './relabel.ts';

describe('matchesWhole', () => {
  it.each([
    ['true', 'true', true],
    ['true', 'truest', false],
    ['a|b', 'b', true],
    ['(a|b)', 'b', true],
    ['^(?:a|b)$', 'c', false],
    ['.*-metrics', 'web-metrics', true],
    ['.+', '', false],
    ['.*', '', true],
    [String.raw`web\.shop`, 'web.shop', true],
    ['web.shop', 'web.shop', undefined],
    ['w[a-e]b', 'web', undefined],
    ['a|b+', 'a', true],
    ['a|b+', 'c', undefined],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(matchesWhole(pattern, text)).toBe(expected);
  });

  it('takes no more than linear time for each wildcard', () => {
    const started = performance.now();
    matchesWhole(`${'.*a'.repeat(300)}b`, 'a'.repeat(4000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('relabel', () => {
  const labels = new Map<string, string | undefined>([
    ['__address__', 'pod:8080'],
    ['app', 'web'],
    ['node', undefined],
  ]);
  it.each([
    ['keep', [{ action: 'keep', source_labels: ['app'], regex: 'web' }], 'yes'],
    ['keep of another', [{ action: 'keep', source_labels: ['app'], regex: 'api' }], 'no'],
    ['a label that is not there is empty', [{ action: 'keep', source_labels: ['zone'], regex: '' }], 'yes'],
    ['labels are joined by semicolons', [{ action: 'keep', source_labels: ['app', 'zone'], regex: 'web;' }], 'yes'],
    ['a label whose value nobody knows', [{ action: 'drop', source_labels: ['node'], regex: 'a' }], 'unknown'],
    [
      'a label that a rule before has set',
      [
        { source_labels: ['app'], target_label: 'job' },
        { action: 'keep', source_labels: ['job'], regex: 'web' },
      ],
      'yes',
    ],
    [
      'a doubtful rule before one that drops',
      [
        { action: 'keep', source_labels: ['node'], regex: 'a' },
        { action: 'drop', source_labels: ['app'], regex: 'web' },
      ],
      'no',
    ],
  ])('%s', (_, rules, kept) => {
    expect(relabel(rules, labels).kept).toBe(kept);
  });

  it('puts the annotated port into the address', () => {
    const rule = {
      action: 'replace',
      source_labels: ['__address__', 'port'],
      regex: String.raw`([^:]+)(?::\d+)?;(\d+)`,
      replacement: '$1:$2',
      target_label: '__address__',
    };
    expect(relabel([rule], new Map([...labels, ['port', '9090']]))).toEqual({ kept: 'yes', address: 'pod:9090' });
    expect(relabel([rule], labels)).toEqual({ kept: 'yes', address: 'pod:8080' });
  });
});
