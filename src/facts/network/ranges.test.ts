import { describe, expect, test } from 'vitest';
import { formatRange, joinRanges, parseCidr, parseRange, publicIPv4, splitRange } from '../../kube/address.ts';
import { allPorts, formatPorts, noPorts, portSet, subtractPorts, unitePorts } from './ports.ts';

describe('addresses', () => {
  test.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['1:0:0:2::/64', '1:0:0:2::/64'],
    ['::ffff:10.0.0.1/128', '::ffff:a00:1'],
  ])('%s is read as %s', (text, range) => {
    const parsed = parseCidr(text);
    expect(parsed && formatRange(parsed)).toBe(range);
  });
  test.each([
    '10.0.0.0',
    '010.0.0.0/8',
    '10.0.0.0/33',
    '10.0.0/8',
    '1::2::3/64',
    '10.0.0.0/',
    '10.0.0.0/08',
    ':::/0',
    '256.0.0.0/8',
    '1:2:3/64',
    '1.2.3.4:5::/64',
  ])('%s is no block', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
  test('a range is cut at both ends of the others, and can be put together again', () => {
    const ranges = ['10.0.0.0/8', '10.1.0.0/16', '11.0.0.0/8'].flatMap((text) => parseRange(text) ?? []);
    const [whole] = ranges;
    const parts = whole ? splitRange(whole, ranges) : [];
    expect(parts.map(formatRange)).toEqual(['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0-10.255.255.255']);
    expect(joinRanges(parts)).toEqual([whole]);
  });
  test('public addresses leave out private ones', () => {
    const holds = (text: string) =>
      publicIPv4.some(({ first, last }) => first <= (parseRange(text)?.first ?? 0n) && (parseRange(text)?.first ?? 0n) <= last);
    expect(['8.8.8.8', '10.0.0.1', '172.31.0.1', '172.32.0.1', '169.254.169.254', '255.255.255.255'].map(holds)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('ports', () => {
  test('sets unite, lose holes and read well', () => {
    const web = unitePorts(portSet('TCP', 80), unitePorts(portSet('TCP', 81), portSet('UDP', 53)));
    expect(formatPorts(web)).toBe('TCP 80-81 and UDP 53');
    expect(formatPorts(subtractPorts(portSet('TCP'), web))).toBe('TCP 1-79,82-65535');
    expect([formatPorts(allPorts), formatPorts(noPorts), formatPorts(portSet('UDP'))]).toEqual([
      'every port',
      'no port',
      'UDP *',
    ]);
  });
});
