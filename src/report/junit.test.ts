import { describe, expect, test } from 'vitest';
import type { ReviewResult } from '../model/result.ts';
import { junit } from './junit.ts';
import { aCheck, anAssessment, hostileResult, manyFindings, sampleResult } from './testing.ts';

const render = (result: ReviewResult) =>
  [...junit.render(result, { color: false, width: 80, unicode: true, details: 'all' })].join('');
const waiver = { owner: 'sre', reason: 'known', expires: '2026-03-20T00:00:00Z' };

test.each([
  ['fail', { outcome: 'fail' }, '<failure'],
  ['unknown', { outcome: 'unknown', reason: 'missing' }, '<error'],
  ['waived', { outcome: 'fail', waiver }, '<skipped message="waived by sre'],
  ['claimed', { outcome: 'pass', reason: 'claimed' }, '<skipped message="claimed'],
  ['not applicable', { outcome: 'not-applicable' }, '<skipped message="not applicable'],
  ['pass', { outcome: 'pass' }, 'time="0"/>'],
] as const)('%s is told apart', (_, parts, expected) => {
  expect(render({ ...sampleResult(), gates: [], checks: [aCheck('c', 'tls', 'high', [anAssessment(1, parts)])] })).toContain(
    expected,
  );
});

describe('the document', () => {
  test.each(Object.entries({ sample: sampleResult(), hostile: hostileResult(), many: manyFindings(300) }))(
    'of the %s result is well-formed and counts right',
    (_, result) => {
      const xml = render(result);
      expect(wellFormed(xml)).toBe(true);
      for (const [kind, attribute] of [
        ['failure', 'failures'],
        ['error', 'errors'],
        ['skipped', 'skipped'],
        ['testcase', 'tests'],
      ] as const) {
        const stated = Number(new RegExp(`<testsuites [^>]*${attribute}="(\\d+)"`).exec(xml)?.[1]);
        expect(xml.match(new RegExp(`<${kind}[ >]`, 'g'))?.length ?? 0, kind).toBe(stated);
      }
    },
  );

  test('a missing sign-off is an error, never silence', () =>
    expect(render(sampleResult())).toContain('<error message="sign-off: security missing" type="sign-off"/>'));
});

/** Tags nest, attributes are quoted, text holds no bare `<` or `&`, and every character is one of XML 1.0. */
function wellFormed(xml: string): boolean {
  // oxlint-disable-next-line no-control-regex
  if (!xml.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml)) return false;
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml[^?]*\?>/, '')
    .replace(
      /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
      (_, close: string, name: string, attributes: string, empty: string) => {
        if (attributes.includes('&') && !/^(?:[^&]|&(?:amp|lt|gt|quot|apos);)*$/.test(attributes)) open.push('!');
        if (close && open.pop() !== name) open.push('!');
        if (!close && !empty) open.push(name);
        return '';
      },
    );
  return open.length === 0 && /^(?:[^<>&]|&(?:amp|lt|gt|quot|apos);)*$/.test(rest);
}
