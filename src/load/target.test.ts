import { describe, expect, it } from 'vitest';
import { isLoopback, needsConfirmation, parseTarget, requireConfirmed } from './target.ts';

const url = (text: string) => new URL(text);

describe('this machine', () => {
  it.each([
    'http://localhost',
    'http://LOCALHOST:3000',
    'http://localhost.:3000',
    'http://api.localhost',
    'http://127.0.0.1',
    'http://127.1',
    'http://127.255.0.9',
    'http://0x7f.1',
    'http://2130706433',
    'http://0177.0.0.1',
    'http://[::1]:80',
    'http://[0:0:0:0:0:0:0:1]',
    'https://[0000::0001]',
  ])('%s is', (text) => expect(isLoopback(url(text))).toBe(true));
  it.each([
    'http://0.0.0.0',
    'http://[::]',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
    'http://127.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://[::2]',
    'http://[::ffff:127.0.0.1]',
    'http://[fe80::1]',
    'https://staging.example',
  ])('%s is not', (text) => expect(isLoopback(url(text))).toBe(false));
});

describe('a target is a whole URL without credentials', () => {
  it.each([
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['https://Staging.Example/', 'https://staging.example'],
    ['https://staging.example:443/api', 'https://staging.example/api'],
    ['https://staging.example/api?key=abc#x', 'https://staging.example/api'],
    ['https://staging.example?key=abc', 'https://staging.example'],
  ])('%s is shown as %s', (text, shown) => expect(parseTarget(text, {}).shown).toBe(shown));

  it('a variable may be the host, and a value behind it stays unsaid', () => {
    const variables = { BASE: 'https://staging.example/v1', KEY: 's3cretPart' };
    expect(parseTarget('${BASE}', variables).shown).toBe('https://staging.example/v1');
    const { url, shown } = parseTarget('${BASE}/${KEY}/x?k=${KEY}', variables);
    expect(shown).toBe('https://staging.example/v1/${KEY}/x');
    expect(url.pathname).toBe('/v1/s3cretPart/x');
  });

  it.each([
    '',
    'staging.example',
    '/api',
    'ftp://a.example',
    'http://',
    'http:///x',
    'http:a.example',
    'file:///etc/passwd',
    'javascript:1',
    'http://a b',
  ])('%s is none', (text) => expect(() => parseTarget(text, {})).toThrow(/no absolute URL/));

  it('a password is refused and not quoted', () => {
    for (const text of ['http://me:hunter2zebra@127.0.0.1', 'http://hunter2zebra@127.0.0.1', '${T}'])
      try {
        parseTarget(text, { T: 'http://:hunter2zebra@127.0.0.1' });
        expect.unreachable();
      } catch (error) {
        expect(String(error)).toMatch(/user or a password/);
        expect(JSON.stringify(error)).not.toContain('hunter2zebra');
      }
  });
});

describe('load on another machine or on production needs its name', () => {
  it.each([
    ['http://127.0.0.1:3000', undefined, false],
    ['http://127.0.0.1:3000', 'staging', false],
    ['http://127.0.0.1:3000', 'production', true],
    ['http://127.0.0.1:3000', 'eu-prod', true],
    ['http://127.0.0.1:3000', 'Live', true],
    ['http://127.0.0.1:3000', 'preprod', false],
    ['http://127.0.0.1:3000', 'delivery', false],
    ['https://staging.example', 'staging', true],
    ['http://0.0.0.0:3000', undefined, true],
  ])('%s as %s: %s', (text, environment, expected) => expect(needsConfirmation(url(text), environment)).toBe(expected));

  const target = parseTarget('https://staging.example:8443/api', {});
  it.each([
    undefined,
    'staging.example',
    'STAGING.example:8443',
    'https://staging.example:8443',
    'staging.example:8443/api',
    '*',
    '',
  ])('--confirm %s is not enough', (confirmed) =>
    expect(() => requireConfirmed(target, 'staging', confirmed)).toThrow(
      expect.objectContaining({ code: 'SW_LOAD_TARGET', hint: expect.stringContaining('--confirm staging.example:8443') }),
    ),
  );
  it('the host with its port is', () => expect(() => requireConfirmed(target, 'staging', 'staging.example:8443')).not.toThrow());
  it('a wrong name is refused where none is needed', () =>
    expect(() => requireConfirmed(parseTarget('http://localhost:1', {}), undefined, 'staging.example')).toThrow(/another host/));
});
