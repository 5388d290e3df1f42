import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { strengthOf } from '../evidence/masking/strength.ts';
import {
  generatedPassword,
  generatorStrength,
  judgeStrength,
  sealedLength,
  shortestFor,
  sopsLength,
} from './credential-strength.ts';

const demand = { minBits: 256, minLength: 0 };
const judge = (value: string) => judgeStrength(strengthOf(value), undefined, demand).kind;
/** Bytes that are as random as any, and the same on every run. */
const bytes = (seed: number, length: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 64) }, (_, block) => createHash('sha512').update(`${seed}.${block}`).digest()),
  ).subarray(0, length);

describe('strength of a value', () => {
  it('random keys of 256 bits pass in every encoding, whatever the draw', () => {
    const refused = Array.from({ length: 300 }, (_, seed) => [
      bytes(seed, 32).toString('hex'),
      bytes(seed, 32).toString('base64'),
      bytes(seed, 48).toString('base64url'),
    ])
      .flat()
      .filter((value) => judge(value) !== 'random');
    expect(refused.length).toBeLessThanOrEqual(9);
  });

  it.each<[string, string, string]>([
    ['a sentence', 'correct horse battery staple is a phrase that many people have read about somewhere else', 'undecided'],
    ['words in one piece', 'correcthorsebatterystapleisaphrasethatmanypeoplehavereadaboutsomewhereelseinthisworld', 'undecided'],
    ['dashed words', 'our-shop-production-signing-key-that-nobody-is-ever-going-to-guess-because-it-is-long', 'undecided'],
    ['a repeated word', 'secretsecretsecretsecretsecretsecretsecretsecretsecretsecretsecretsecret', 'weak'],
    ['digits in order', '0123456789'.repeat(10), 'weak'],
    ['half a key', bytes(1, 16).toString('hex'), 'weak'],
  ])('%s', (_, value, expected) => {
    expect(judge(value)).toBe(expected);
  });
});

describe('what generators draw', () => {
  it.each<[string, object, { length: number; bits: number } | undefined]>([
    ['letters and digits', { length: 64, digits: 16, symbols: 0, allowRepeat: true }, { length: 64, bits: 326 }],
    ['one case', { length: 40, digits: 0, symbols: 0, noUpper: true, allowRepeat: true }, { length: 40, bits: 188 }],
    ['defaults: 24 characters, six digits, six symbols', { allowRepeat: true }, { length: 24, bits: 117 }],
    ['without repetition', { length: 10, digits: 10, symbols: 0, allowRepeat: false }, { length: 10, bits: 21 }],
    ['more digits than exist', { length: 11, digits: 11, symbols: 0 }, undefined],
    ['more digits than characters', { length: 8, digits: 9, allowRepeat: true }, undefined],
    [
      'one symbol to choose from',
      { length: 40, digits: 0, symbols: 40, symbolCharacters: '!!!!', allowRepeat: true },
      { length: 40, bits: 0 },
    ],
    ['nonsense', { length: -1 }, undefined],
    ['a length that would take forever', { length: 1e12, allowRepeat: false }, undefined],
  ])('%s', (_, spec, expected) => {
    expect(generatedPassword(spec as never)).toEqual(expected);
  });

  it('a ClusterGenerator holds another generator, never itself', () => {
    expect(
      generatorStrength('ClusterGenerator', {
        kind: 'Password',
        generator: { passwordSpec: { length: 64, digits: 64, symbols: 0, allowRepeat: true } },
      })?.length,
    ).toBe(64);
    expect(
      generatorStrength('ClusterGenerator', {
        kind: 'ClusterGenerator',
        generator: { passwordSpec: { kind: 'ClusterGenerator' } },
      }),
    ).toBeUndefined();
  });
});

describe('ciphertexts show a length', () => {
  const sealed = (rsa: number, length: number) =>
    Buffer.concat([Buffer.from([rsa >> 8, rsa & 255]), Buffer.alloc(rsa + length + 16, 1)]).toString('base64');
  it.each<[string, string, number | undefined]>([
    ['RSA 4096', sealed(512, 64), 64],
    ['RSA 2048', sealed(256, 12), 12],
    ['an empty value', sealed(512, 0), 0],
    ['cut short', sealed(512, 0).slice(0, 100), undefined],
    ['no base64', 'not a ciphertext', undefined],
    ['a made-up text', 'AgBy3i4OJSWK', undefined],
  ])('SealedSecret: %s', (_, text, expected) => {
    expect(sealedLength(text)).toBe(expected);
  });

  it('SOPS: base64 in data counts decoded', () => {
    const text = `ENC[AES256_GCM,data:${Buffer.alloc(44).toString('base64')},iv:a,tag:b,type:str]`;
    expect([sopsLength(text, false), sopsLength(text, true), sopsLength('ENC[other]', false)]).toEqual([44, 33, undefined]);
  });

  it('a byte carries eight bits', () => {
    expect([shortestFor({ minBits: 256, minLength: 0 }), shortestFor({ minBits: 128, minLength: 32 })]).toEqual([32, 32]);
  });
});
