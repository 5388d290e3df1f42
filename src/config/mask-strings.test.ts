import { describe, expect, it } from 'vitest';
import { maskStrings } from './mask-strings.ts';

describe('free text of a review file', () => {
  it.each([
    ['a token in a reason', { reason: 'works with ghp_0123456789abcdefghijABCDEFGHIJ456789 only' }, 'ghp_0123456789'],
    ['a password in a target URL', { loadTest: { target: 'https://load:s3cr3tpassw0rd@staging.example' } }, 's3cr3tpassw0rd'],
    ['a token in a list', { waivers: [{ owner: 'AKIAIOSFODNN7EXAMPLZ' }] }, 'AKIAIOSFODNN7EXAMPLZ'],
  ])('%s is masked', (_, value, secret) => {
    expect(JSON.stringify(maskStrings(value))).not.toContain(secret);
    expect(JSON.stringify(maskStrings(value))).toHaveLength(JSON.stringify(value).length);
  });

  it('ordinary words, dates, paths and digests stay', () => {
    const value = {
      reason: 'Logs are kept for 14 days; see docs/logs.md',
      expires: '2026-09-01',
      image: `sha256:${'ab'.repeat(32)}`,
      n: 3,
      on: true,
    };
    expect(maskStrings(value)).toEqual(value);
  });
});
