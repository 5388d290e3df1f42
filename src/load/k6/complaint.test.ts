import { describe, expect, it } from 'vitest';
import { complaintOf, createTail } from './complaint.ts';
import { k6Environment, secretsIn } from './environment.ts';
import { goDurationMs } from './go-duration.ts';

describe('durations of Go', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1h2m3.5s', 3_723_500],
    ['10m31s', 631_000],
    ['250us', 0.25],
  ])('%s', (text, ms) => expect(goDurationMs(text)).toBeCloseTo(ms));
  it.each(['', '5', 's', '-1s', '1d', '1s ', '1.s', null, 5, `${'1'.repeat(60)}s`])('%s is none', (value) =>
    expect(goDurationMs(value)).toBeUndefined(),
  );
});

describe('what k6 said', () => {
  it('errors, not warnings, and nothing that the script printed', () => {
    const stderr = [
      'level=info msg="a" source=console',
      'time="x" level=warning msg="b"',
      'time="x" level=error msg="c \\"d\\"\\n\\te" hint="f"',
      'panic: g',
    ].join('\n');
    expect(complaintOf(stderr, {})).toBe('c "d" e\npanic: g');
  });

  it('the last ones, each shortened', () => {
    const stderr = Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(1000)}`).join('\n');
    const lines = complaintOf(stderr, {}).split('\n');
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['46 ', '47 ', '48 ', '49 ']);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(300);
  });

  it.each([
    ['control characters', 'a\u001b[31mb\u0007c\u202ed', 'ab c d'],
    ['queries and fragments of URLs', 'Get "https://h/p?a=1&b=2#c": EOF', 'Get "https://h/p": EOF'],
    ['users in URLs', 'dial http://me:pw@h/: no', 'dial http://h/: no'],
    ['values, the longest first', 'abcdef abcd', '${LONG} ${SHORT}'],
  ])('without %s', (_name, stderr, expected) => {
    expect(complaintOf(stderr, { SHORT: 'abcd', LONG: 'abcdef' })).toBe(expected);
  });

  it('does not blank out short values, which are words', () => {
    expect(complaintOf('no such host', { A: 'no' })).toBe('no such host');
  });

  it('a hostile line takes no time', () => {
    const started = performance.now();
    complaintOf(`level=error msg="${'\\"'.repeat(100_000)}\n${'http://'.repeat(20_000)}\n${'time= level='.repeat(20_000)}`, {
      A: 'secret',
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('keeps the end of what is said', () => {
    const tail = createTail(10);
    for (const text of ['0123456789', 'abc']) tail.push(text);
    expect(tail.text()).toBe('3456789abc');
  });
});

describe('the environment of k6', () => {
  it('is the user’s, without settings that make another test of the script; variables of the test come last', () => {
    const env = {
      PATH: '/bin',
      K6_VUS: '9',
      k6_duration: '1h',
      K6_BROWSER_HEADLESS: 'true',
      K6_INSECURE_SKIP_TLS_VERIFY: 'true',
      GONE: undefined,
      TARGET: 'old',
    };
    expect(k6Environment(env, { TARGET: 'new', K6_OWN: 'x' })).toEqual({
      PATH: '/bin',
      K6_BROWSER_HEADLESS: 'true',
      K6_INSECURE_SKIP_TLS_VERIFY: 'true',
      TARGET: 'new',
      K6_OWN: 'x',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
      K6_NEW_MACHINE_READABLE_SUMMARY: 'false',
      K6_NO_USAGE_REPORT: 'true',
      K6_NO_SUMMARY: 'false',
    });
  });

  it('what is long and no path may be a secret', () => {
    expect(secretsIn({ PATH: '/usr/bin:/bin', HOME: '/root', TOKEN: 'abcdefgh', LANG: 'C' }, { SHORT: 'abcd' })).toEqual({
      TOKEN: 'abcdefgh',
      SHORT: 'abcd',
    });
  });
});
