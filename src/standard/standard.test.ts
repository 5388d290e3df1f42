import { describe, expect, it } from 'vitest';
import type { AnyCheck } from '../checks/define-check.ts';
import type { StandardOverlay } from '../evidence/declared.ts';
import { SeaworthyError } from '../model/errors.ts';
import { resolveStandard } from './standard.ts';

const check = (id: string, more: Partial<AnyCheck> = {}): AnyCheck => ({
  id,
  gate: 'secrets',
  level: 'medium',
  title: id,
  rationale: '',
  remedy: 'fix',
  references: [],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: '',
  needs: {},
  parameters: {},
  messages: {},
  looksFor: [],
  targets: () => [],
  assess: () => [],
  ...more,
});

const checks = [
  check('secret-rotation', {
    parameters: { maxAgeDays: 90, minLength: 32, mode: 'strict', kinds: ['Secret'] },
    stricter: { maxAgeDays: 'lower', minLength: 'higher' },
  }),
  check('pod-disruption-budget', { gate: 'workloads' }),
  check('load-test', { gate: 'performance', level: 'blocker', decidedBy: 'evidence' }),
];

const overlay = (origin: StandardOverlay['origin'], more: Partial<StandardOverlay>): StandardOverlay => ({
  origin,
  id: 'acme',
  levels: {},
  parameters: {},
  exemptGates: {},
  waivableUnknowns: [],
  signOffs: {},
  place: { file: 'seaworthy.yaml', line: 7, column: 3 },
  ...more,
});

const resolve = (...overlays: StandardOverlay[]) => resolveStandard(checks, { base: 'recommended', overlays });

function errorOf(run: () => unknown): SeaworthyError {
  try {
    run();
  } catch (error) {
    if (error instanceof SeaworthyError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('resolveStandard', () => {
  it('takes levels and parameters from the checks', () => {
    const standard = resolve();
    expect(standard.id).toBe('recommended');
    expect([...standard.checks.keys()]).toEqual(['load-test', 'pod-disruption-budget', 'secret-rotation']);
    expect(standard.checks.get('load-test')).toEqual({ level: 'blocker', parameters: {} });
    expect(standard.launchVerdict).toBe(true);
  });

  it('has no launch verdict and no sign-offs for manifests, and only what manifests decide', () => {
    const standard = resolveStandard(checks, {
      base: 'manifests',
      overlays: [overlay('review', { signOffs: { secrets: ['security'] }, levels: { 'load-test': 'blocker' } })],
    });
    expect(standard.launchVerdict).toBe(false);
    expect([...standard.checks.keys()]).toEqual(['pod-disruption-budget', 'secret-rotation']);
    expect(standard.requiredSignOffs.size).toBe(0);
  });

  it('lets an organisation loosen, exempt and allow', () => {
    const standard = resolve(
      overlay('organisation', {
        levels: { 'load-test': 'advisory' },
        parameters: { 'secret-rotation': { maxAgeDays: 365, mode: 'lax' } },
        exemptGates: { performance: 'Internal tool.' },
        waivableUnknowns: ['load-test'],
      }),
    );
    expect(standard.checks.get('load-test')?.level).toBe('advisory');
    expect(standard.checks.get('secret-rotation')?.parameters).toEqual({
      maxAgeDays: 365,
      minLength: 32,
      mode: 'lax',
      kinds: ['Secret'],
    });
    expect(standard.exemptGates.get('performance')).toBe('Internal tool.');
    expect([...standard.waivableUnknowns]).toEqual(['load-test']);
    expect(standard.id).toBe('recommended+acme');
  });

  it('lets a review file tighten, also what an organisation loosened before', () => {
    const standard = resolve(
      overlay('organisation', { parameters: { 'secret-rotation': { maxAgeDays: 365 } } }),
      overlay('review', {
        id: 'gravl',
        levels: { 'pod-disruption-budget': 'high' },
        parameters: { 'secret-rotation': { maxAgeDays: 180, minLength: 64, mode: 'strict' } },
      }),
    );
    expect(standard.checks.get('pod-disruption-budget')?.level).toBe('high');
    expect(standard.checks.get('secret-rotation')?.parameters).toMatchObject({ maxAgeDays: 180, minLength: 64 });
  });

  it('adds up the roles that must sign', () => {
    const standard = resolve(
      overlay('organisation', { signOffs: { secrets: ['security'] } }),
      overlay('review', { signOffs: { secrets: ['architect', 'security'], tls: ['security'] } }),
    );
    expect([...standard.requiredSignOffs]).toEqual([
      ['secrets', ['architect', 'security']],
      ['tls', ['security']],
    ]);
  });

  it.each<[string, Partial<StandardOverlay>, RegExp, RegExp]>([
    ['a lower level', { levels: { 'load-test': 'high' } }, /lowers load-test from blocker to high/, /loosening is a waiver/],
    ['a laxer upper bound', { parameters: { 'secret-rotation': { maxAgeDays: 91 } } }, /from 90 to 91/, /loosening is a waiver/],
    ['a laxer lower bound', { parameters: { 'secret-rotation': { minLength: 31 } } }, /from 32 to 31/, /loosening is a waiver/],
    ['a parameter without a direction', { parameters: { 'secret-rotation': { mode: 'x' } } }, /may not change/, /organisation/],
    ['an exemption', { exemptGates: { tls: 'no' } }, /exempts the gate tls/, /loosening is a waiver/],
    ['waivable unknowns', { waivableUnknowns: ['load-test'] }, /unknowns of load-test/, /loosening is a waiver/],
    ['an unknown check', { levels: { 'laod-test': 'blocker' } }, /no check "laod-test"/, /Did you mean load-test\?/],
    ['an unknown check of a parameter', { parameters: { 'secret-rotations': {} } }, /no check/, /secret-rotation/],
    ['an unknown parameter', { parameters: { 'secret-rotation': { maxAgeDay: 1 } } }, /no parameter "maxAgeDay"/, /maxAgeDays/],
    ['an inherited name', { parameters: { 'secret-rotation': { constructor: 1 } } }, /no parameter "constructor"/, /maxAgeDays/],
  ])('refuses %s in a review file, with its place', (_, more, message, hint) => {
    const error = errorOf(() => resolve(overlay('review', more)));
    expect(error.code).toBe('SW_REVIEW_FILE');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.where).toBe('seaworthy.yaml:7:3');
  });

  it.each<[string, unknown]>([
    ['a text', '30'],
    ['no number', Number.NaN],
    ['nothing', null],
    ['a list', ['30']],
  ])('refuses %s for a number, from an organisation too', (_, value) => {
    const error = errorOf(() => resolve(overlay('organisation', { parameters: { 'secret-rotation': { maxAgeDays: value } } })));
    expect(error.code).toBe('SW_STANDARD_FILE');
    expect(error.message).toMatch(/maxAgeDays must be a number/);
  });

  it('digests the demands, not the order or the name', () => {
    const { digest } = resolve();
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(resolveStandard([...checks].reverse(), { base: 'recommended', overlays: [] }).digest).toBe(digest);
    expect(resolve(overlay('organisation', { id: 'other' })).digest).toBe(digest);
    const changes: Partial<StandardOverlay>[] = [
      { levels: { 'load-test': 'high' } },
      { parameters: { 'secret-rotation': { maxAgeDays: 30 } } },
      { exemptGates: { tls: 'no' } },
      { waivableUnknowns: ['load-test'] },
      { signOffs: { tls: ['security'] } },
    ];
    const digests = changes.map((change) => resolve(overlay('organisation', change)).digest);
    expect(new Set([digest, ...digests]).size).toBe(6);
  });
});
