import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { strengthOf } from './strength.ts';

const bytes = (seed: number, length: number) =>
  Buffer.concat([0, 1, 2, 3].map((part) => createHash('sha256').update(`${seed}/${part}`).digest())).subarray(0, length);

test('random keys keep their full strength: 64 hex digits and 32 bytes of base64 are 256 bits', () => {
  let weak = 0;
  for (let seed = 0; seed < 2000; seed++) {
    if (strengthOf(bytes(seed, 32).toString('hex')).entropyBits < 256) weak++;
    if (strengthOf(bytes(seed, 32).toString('base64')).entropyBits < 256) weak++;
  }
  expect(weak).toBeLessThanOrEqual(2);
});

test.each([
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 8],
  ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 64],
  ['abcdefghijklmnopqrstuvwxyz', 16],
  ['12345678', 8],
  ['', 0],
])('%s is at most %i bits', (value, most) => {
  expect(strengthOf(value).entropyBits).toBeLessThanOrEqual(most);
});

test.each([
  ['changeme', false, true],
  ['CHANGE_ME', true, true],
  ['<password>', true, false],
  ['${DB_PASSWORD}', true, false],
  ['{{ .Values.password }}', true, false],
  ['your-api-key-here', true, false],
  ['Password123!', false, true],
  [Buffer.from('changeme').toString('base64'), false, true],
  ['kX82jdLq0ZmP4vRt7WyB1nCs', false, false],
])('%s: placeholder %s, well known %s', (value, placeholder, knownWeak) => {
  expect(strengthOf(value)).toMatchObject({ placeholder, knownWeak });
});
