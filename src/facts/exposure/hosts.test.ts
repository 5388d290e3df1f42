import { describe, expect, it } from 'vitest';
import { hostDoubt } from './host-purpose.ts';
import { covers, intersectHosts } from './hosts.ts';

describe('a name covers a host', () => {
  it.each([
    ['itself', 'a.acme.io', 'a.acme.io', true],
    ['a wildcard covers one label', '*.acme.io', 'a.acme.io', true],
    ['a wildcard does not cover two labels', '*.acme.io', 'a.b.acme.io', false],
    ['a wildcard does not cover its own domain', '*.acme.io', 'acme.io', false],
    ['a wildcard covers the same wildcard', '*.acme.io', '*.acme.io', true],
    ['a name does not cover a wildcard', 'a.acme.io', '*.acme.io', false],
    ['a wider wildcard does not cover a narrower one', '*.acme.io', '*.b.acme.io', false],
    ['an ending is no wildcard', 'acme.io', 'a.acme.io', false],
    ['another domain with the same ending', '*.acme.io', 'a.notacme.io', false],
  ])('%s', (_, name, host, expected) => {
    expect(covers(name, host)).toBe(expected);
  });
});

describe('a listener and a route serve together', () => {
  it.each([
    ['a listener for every host takes the route', undefined, 'a.acme.io', 'a.acme.io'],
    ['a route for every host takes the listener', 'a.acme.io', undefined, 'a.acme.io'],
    ['both for every host', undefined, undefined, '*'],
    ['a wildcard listener takes any number of labels', '*.acme.io', 'a.b.acme.io', 'a.b.acme.io'],
    ['a wildcard route takes a narrower listener', 'a.acme.io', '*.acme.io', 'a.acme.io'],
    ['different names', 'a.acme.io', 'b.acme.io', undefined],
    ['a wildcard is not its own domain', '*.acme.io', 'acme.io', undefined],
  ])('%s', (_, listener, route, expected) => {
    expect(intersectHosts(listener, route)).toBe(expected);
  });
});

describe('a host name says what it is for', () => {
  it.each([
    ['shop.acme.io', undefined],
    ['acme.dev', undefined],
    ['test.de', undefined],
    ['speedtest.acme.io', undefined],
    ['stages.acme.io', undefined],
    ['*.acme.io', undefined],
    ['staging.acme.io', 'purpose'],
    ['api-staging.acme.io', 'purpose'],
    ['staging-2.acme.io', 'purpose'],
    ['dev01.acme.io', 'purpose'],
    ['shop.test.acme.io', 'purpose'],
    ['shop.example.com', 'reserved'],
    ['example.com', 'reserved'],
    ['shop.local', 'reserved'],
    ['localhost', 'reserved'],
    ['10.0.0.1.nip.io', 'reserved'],
    ['10.0.0.1', 'address'],
    ['???', 'placeholder'],
    ['${host}', 'placeholder'],
    ['<your-host>', 'placeholder'],
  ])('%s', (host, expected) => {
    expect(hostDoubt(host)?.kind).toBe(expected);
  });
});
