import { describe, expect, it } from 'vitest';
import type { DeclaredReview } from '../evidence/declared.ts';
import { SeaworthyError } from '../model/errors.ts';
import type { Assessment, Level } from '../model/judgement.ts';
import type { CheckResult } from '../model/result.ts';
import type { Remedy } from '../remedies/remedy.ts';
import { checkResultOf } from './judged.ts';
import { planOf } from './plan.ts';
import { aCheck, anAssessment, aRemedy, hours } from './testing.ts';

const nothing: DeclaredReview['plan'] = { overrides: [], tasks: [] };
const place = { file: 'seaworthy.yaml', line: 60, column: 5 };

/** A check with one failing target whose remedy is `remedy`. */
function finding(remedy: string, level: Level, more: Partial<Assessment> & { readonly name?: string } = {}): CheckResult {
  const id = `${remedy}-${level}-${more.name ?? 'backend'}`;
  return checkResultOf({ check: aCheck(id, 'tls', level), level, assessments: [anAssessment(id, 'fail', { remedy, ...more })] });
}

const plan = (checks: readonly CheckResult[], remedies: readonly Remedy[], declared: Partial<DeclaredReview['plan']> = {}) =>
  planOf({ checks, remedies, declared: { ...nothing, ...declared } });

/** The way to HTTPS, and beside it backups. */
const remedies = [
  aRemedy('install-cert-manager', 1),
  aRemedy('configure-issuer', 0.5, ['install-cert-manager']),
  aRemedy('annotate-ingress', 0.25, ['configure-issuer'], { owner: 'developer' }),
  aRemedy('add-storage-class', 1),
  aRemedy('schedule-backup', 3, ['add-storage-class'], { owner: 'data' }),
  aRemedy('document-options', 1, [], { owner: 'developer' }),
];
const everything = [
  finding('annotate-ingress', 'blocker'),
  finding('configure-issuer', 'high'),
  finding('install-cert-manager', 'medium'),
  finding('schedule-backup', 'high'),
  finding('add-storage-class', 'medium'),
  finding('document-options', 'medium'),
];

describe('plan', () => {
  it('orders by tier and dependency, and prerequisites inherit the most urgent tier', () => {
    const { tasks } = plan(everything, remedies);
    expect(tasks.map(({ remedy, tier, start, slack, critical }) => [remedy, tier, start, slack, critical])).toEqual([
      ['install-cert-manager', 'immediate', 0, 2.25, false],
      ['configure-issuer', 'immediate', 1, 2.25, false],
      ['annotate-ingress', 'immediate', 1.5, 2.25, false],
      ['add-storage-class', 'high', 0, 0, true],
      ['schedule-backup', 'high', 1, 0, true],
      ['document-options', 'medium', 0, 3, false],
    ]);
  });

  it('computes the chain, the effort, parallel tracks by role and the hours to launch', () => {
    const result = plan(everything, remedies);
    expect(result.chain).toEqual(['add-storage-class', 'schedule-backup']);
    expect(result.effort.likely).toBe(6.75);
    // platform: 1 + 0.5 + 1; then data: 3, while developer waits for the issuer.
    expect(result.hours.likely).toBe(5.5);
    expect(result.hoursToLaunch.likely).toBe(1.75);
    expect(result.byPeople.map(({ people, hours: { likely } }) => [people, likely])).toEqual([
      [1, 6.75],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
  });

  it('puts what the longest chain waits for first, and ties by id', () => {
    const list = [aRemedy('a', 1), aRemedy('b', 1), aRemedy('c', 1), aRemedy('d', 2, ['c'])];
    const { tasks } = plan(
      ['d', 'b', 'c', 'a'].map((id) => finding(id, 'high')),
      list,
    );
    expect(tasks.map(({ remedy }) => remedy)).toEqual(['c', 'd', 'a', 'b']);
  });

  it('takes a prerequisite without an open finding for done, and keeps what stands behind it', () => {
    const checks = [finding('annotate-ingress', 'blocker'), finding('install-cert-manager', 'high')];
    const { tasks } = plan(checks, remedies);
    expect(tasks.map(({ remedy, after, tier }) => [remedy, after, tier])).toEqual([
      ['install-cert-manager', [], 'immediate'],
      ['annotate-ingress', ['install-cert-manager'], 'immediate'],
    ]);
    expect(plan([finding('annotate-ingress', 'blocker')], remedies).tasks.map(({ after }) => after)).toEqual([[]]);
  });

  it.each<[string, CheckResult]>([
    ['an advisory', finding('document-options', 'advisory')],
    [
      'a waived finding',
      finding('document-options', 'blocker', { waiver: { owner: 'sre', reason: '', expires: '2027-01-01T00:00:00Z' } }),
    ],
    ['a pass', finding('document-options', 'blocker', { outcome: 'pass' })],
    ['what does not apply', finding('document-options', 'blocker', { outcome: 'not-applicable' })],
  ])('needs nothing for %s', (_, check) => {
    const result = plan([check], remedies);
    expect(result.tasks).toEqual([]);
    expect(result.hours).toEqual({ min: 0, likely: 0, max: 0 });
    expect(result.byPeople).toHaveLength(4);
  });

  it('plans for unknowns too, and shares a remedy among findings at the most urgent tier', () => {
    const checks = [
      finding('document-options', 'medium', { outcome: 'unknown', name: 'a' }),
      finding('document-options', 'high', { name: 'b' }),
    ];
    expect(plan(checks, remedies).tasks).toMatchObject([
      {
        tier: 'high',
        findings: ['document-options-high-b:b', 'document-options-medium-a:a'],
        steps: ['Do it.'],
        effortBasis: 'Measured.',
      },
    ]);
  });

  it('adds hours for each further object, not for each container', () => {
    const remedy = aRemedy('set-resources', 1, [], { perTarget: { min: 0.1, likely: 0.2, max: 0.3 } });
    const target = (name: string, container: string) => ({
      name,
      target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'n', name, container },
    });
    const checks = [
      finding('set-resources', 'high', target('a', 'x')),
      finding('set-resources', 'blocker', target('a', 'y')),
      finding('set-resources', 'high', target('b', 'x')),
      finding('set-resources', 'high', target('c', 'x')),
    ];
    expect(plan(checks, [remedy]).tasks[0]?.hours).toEqual({ min: 0.7, likely: 1.4, max: 2.1 });
  });

  it('shows a remedy that no list describes, without hours', () => {
    expect(plan([finding('mystery', 'high')], remedies).tasks).toMatchObject([
      { remedy: 'mystery', owner: 'unassigned', hours: { min: 0, likely: 0, max: 0 }, effortBasis: 'There is no estimate.' },
    ]);
  });

  it('takes effort, owner and prerequisites from the review file', () => {
    const overrides = [
      { remedy: 'document-options', effort: hours(8), owner: 'docs', after: ['schedule-backup'], place },
      { remedy: 'annotate-ingress', after: [], place },
    ];
    const { tasks } = plan(everything, remedies, { overrides });
    expect(tasks.find(({ remedy }) => remedy === 'document-options')).toMatchObject({
      owner: 'docs',
      hours: { min: 7.5, likely: 8, max: 8.5 },
      after: ['schedule-backup'],
      effortBasis: 'Given in the review file.',
    });
    expect(tasks.find(({ remedy }) => remedy === 'configure-issuer')?.tier).toBe('high');
  });

  it('adds the tasks of the review file, which may stand before a remedy', () => {
    const tasks = [
      { id: 'book-window', title: 'Book', tier: 'medium' as const, owner: 'release', effort: hours(1), after: [], place },
    ];
    const overrides = [{ remedy: 'annotate-ingress', after: ['book-window'], place }];
    const result = plan([finding('annotate-ingress', 'blocker')], remedies, { tasks, overrides });
    expect(result.tasks).toMatchObject([
      { remedy: 'book-window', tier: 'immediate', findings: [] },
      { remedy: 'annotate-ingress', tier: 'immediate', after: ['book-window'] },
    ]);
  });

  it.each<[string, Partial<DeclaredReview['plan']>, string, string | undefined]>([
    [
      'a cycle of overrides',
      { overrides: [{ remedy: 'install-cert-manager', after: ['annotate-ingress'], place }] },
      'The prerequisites form a cycle: annotate-ingress -> configure-issuer -> install-cert-manager -> annotate-ingress.',
      'Remove one of these prerequisites.',
    ],
    [
      'a task that waits for itself',
      { tasks: [{ id: 'a', title: '', tier: 'high', owner: 'x', effort: hours(1), after: ['a'], place }] },
      'The prerequisites form a cycle: a -> a.',
      'Remove one of these prerequisites.',
    ],
    [
      'an unknown remedy',
      { overrides: [{ remedy: 'anotate-ingress', place }] },
      'There is no remedy "anotate-ingress".',
      'Did you mean annotate-ingress?',
    ],
    [
      'an unknown prerequisite',
      { overrides: [{ remedy: 'annotate-ingress', after: ['zzz'], place }] },
      'There is no remedy or task "zzz".',
      undefined,
    ],
    [
      'an id that is taken',
      { tasks: [{ id: 'annotate-ingress', title: '', tier: 'high', owner: 'x', effort: hours(1), after: [], place }] },
      'Two tasks or remedies have the id "annotate-ingress".',
      'Choose another id.',
    ],
    [
      'hours that are no range',
      { overrides: [{ remedy: 'annotate-ingress', effort: { min: 2, likely: 1, max: 3 }, place }] },
      'The effort of annotate-ingress is no range: min 2, likely 1, max 3.',
      'Write 0 <= min <= likely <= max, in hours.',
    ],
  ])('refuses %s, with its place', (_, declared, message, hint) => {
    let error: unknown;
    try {
      plan(everything, remedies, declared);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SeaworthyError);
    expect(error).toMatchObject({ code: 'SW_REVIEW_FILE', message, hint, where: 'seaworthy.yaml:60:5' });
  });

  it('refuses a cycle also where no finding is open', () => {
    const overrides = [{ remedy: 'install-cert-manager', after: ['annotate-ingress'], place }];
    expect(() => plan([], remedies, { overrides })).toThrow('form a cycle');
  });

  it('bears a chain of thousands of declared tasks', () => {
    const tasks = Array.from({ length: 2000 }, (_, index) => ({
      id: `t${String(index).padStart(4, '0')}`,
      title: '',
      tier: 'medium' as const,
      owner: 'x',
      effort: hours(1, 0),
      after: index === 0 ? [] : [`t${String(index - 1).padStart(4, '0')}`],
    }));
    const result = plan([], [], { tasks: tasks.reverse() });
    expect(result.hours.likely).toBe(2000);
    expect(result.chain).toHaveLength(2000);
  });
});
