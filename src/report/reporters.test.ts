import { describe, expect, test } from 'vitest';
import type { ReviewResult } from '../model/result.ts';
import { columns } from './clean-text.ts';
import { isReportFormat, type RenderOptions, reportFormats, reporters } from './index.ts';
import { aCheck, anAssessment, emptyResult, hostileResult, manyFindings, sampleResult } from './testing.ts';

const plain: RenderOptions = { color: false, width: 100, unicode: true, details: 'findings' };
const render = (format: (typeof reportFormats)[number], result: ReviewResult, options: Partial<RenderOptions> = {}) => [
  ...reporters[format].render(result, { ...plain, ...options }),
];
const cases = { sample: sampleResult(), empty: emptyResult(), hostile: hostileResult() };

// oxlint-disable-next-line no-control-regex
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;

describe.each(reportFormats)('%s', (format) => {
  test('is registered under its own id, with an extension of its own', () => {
    expect(reporters[format].id).toBe(format);
    expect(reporters[format].extension).toMatch(/^\.[a-z]+$/);
    expect(reportFormats.filter((other) => reporters[other].extension === reporters[format].extension)).toEqual([format]);
  });

  test.each(Object.keys(cases))('of the %s result ends in exactly one line feed and is the same twice', (name) => {
    const result = cases[name as keyof typeof cases];
    const text = render(format, result).join('');
    expect(text).toMatch(/[^\n]\n$/);
    expect(render(format, structuredClone(result)).join('')).toBe(text);
  });

  test('lets no control character or reordering mark of the data through', () => {
    for (const details of ['summary', 'findings', 'all'] as const)
      expect(render(format, hostileResult(), { details }).join('')).not.toMatch(acting);
  });

  test('gives no order to a GitHub runner by way of the data', () => {
    for (const width of [60, 100]) {
      const lines = render(format, hostileResult(), { details: 'all', width }).join('').split('\n');
      expect(lines.filter((line) => line.includes('##['))).toEqual([]);
      const own = format === 'github' ? /^::(error|warning|notice) / : /^$/;
      expect(lines.filter((line) => /^\s*::[a-z]/i.test(line) && !own.test(line))).toEqual([]);
    }
  });

  test('is well-formed Unicode', () => {
    expect(render(format, hostileResult()).join('').isWellFormed()).toBe(true);
  });

  test('writes 10,000 findings in bounded chunks, in linear time', () => {
    const few = timed(() => render(format, manyFindings(2_500), { details: 'all' }));
    const many = timed(() => render(format, manyFindings(10_000), { details: 'all' }));
    expect(Math.max(...many.value.map((chunk) => chunk.length))).toBeLessThan(64_000);
    expect(many.ms).toBeLessThan(Math.max(400, few.ms * 16));
  });
});

function timed<T>(run: () => T): { readonly value: T; readonly ms: number } {
  const start = performance.now();
  const value = run();
  return { value, ms: performance.now() - start };
}

test.each(reportFormats)('%s of the sample is the committed one', async (format) => {
  await expect(render(format, sampleResult()).join('')).toMatchFileSnapshot(`__snapshots__/sample${reporters[format].extension}`);
});

test.each(['summary', 'all'] as const)('text with details %s is the committed one', async (details) => {
  await expect(render('text', sampleResult(), { details, unicode: false, width: 80 }).join('')).toMatchFileSnapshot(
    `__snapshots__/sample-${details}.txt`,
  );
});

test('names that are no format are refused, also those of Object.prototype', () => {
  expect(['text', 'html', 'toString', '__proto__'].map((name) => isReportFormat(name))).toEqual([true, false, false, false]);
});

describe('text', () => {
  test.each([60, 80, 100, 160])('at width %i wraps, and leaves no space at the end of a line', (width) => {
    for (const details of ['summary', 'findings', 'all'] as const) {
      const lines = render('text', sampleResult(), { width, details }).join('').split('\n');
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
      // A longer line is one word that nobody wants broken: a path to copy.
      expect(
        lines.filter(
          (line) =>
            columns(line) > width &&
            line
              .trim()
              .replace(/^(- |because )/, '')
              .includes(' '),
        ),
      ).toEqual([]);
    }
  });

  test('without unicode is ASCII, also where the data is not', () => {
    expect(render('text', hostileResult(), { unicode: false, details: 'all' }).join('')).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('has colour exactly when asked, and the colours change no text', () => {
    const coloured = render('text', sampleResult(), { color: true }).join('');
    // oxlint-disable-next-line no-control-regex
    const bare = coloured.replace(/\x1b\[\d+m/g, '');
    expect(coloured).not.toBe(bare);
    expect(bare).toBe(render('text', sampleResult()).join(''));
  });

  test('says the verdict first and the next command last', () => {
    const lines = render('text', sampleResult()).join('').trimEnd().split('\n');
    expect(lines[0]).toContain('DO NOT LAUNCH');
    expect(lines.at(-1)).toBe('Next: seaworthy explain managed-secrets');
  });

  test('summary of 40 findings over ten gates and 30 tasks that block, a line each, fits 125 lines', () => {
    const sample = sampleResult();
    const gates = [
      'secrets',
      'access',
      'network',
      'tls',
      'workloads',
      'images',
      'data',
      'observability',
      'performance',
      'release',
    ] as const;
    const checks = gates.flatMap((gate, g) =>
      [0, 1, 2, 3].map((n) => aCheck(`${gate}-${n}`, gate, 'high', [anAssessment(g * 10 + n)])),
    );
    const gateResults = gates.map((id) => ({ ...(sample.gates[0] as (typeof sample.gates)[number]), id, title: id }));
    const notes = Array.from({ length: 30 }, (_, index) => ({ id: 'note', message: `Note ${index}` }));
    const tasks = Array.from({ length: 30 }, (_, index) => ({
      ...(sample.plan.tasks[0] as (typeof sample.plan.tasks)[number]),
      remedy: `task-${index}`,
    }));
    for (const width of [60, 100]) {
      const lines = render(
        'text',
        { ...sample, checks, gates: gateResults, notes, plan: { ...sample.plan, tasks } },
        { details: 'summary', width },
      )
        .join('')
        .split('\n');
      expect(lines.length).toBeLessThanOrEqual(width === 60 ? 150 : 125);
    }
  });

  test('lists five targets of a root cause, then how many are left; all of them with details all', () => {
    const findings = render('text', sampleResult()).join('');
    expect(findings).toContain('status.gravl.app');
    expect(findings).not.toContain('www.gravl.app');
    expect(findings).toContain('and 1 more');
    expect(render('text', sampleResult(), { details: 'all' }).join('')).toContain('www.gravl.app');
  });

  test('with details all names each finding by the fingerprint that `explain` takes', () => {
    expect(render('text', sampleResult(), { details: 'all' }).join('')).toContain(
      'Host www.gravl.app at k8s/production/ingress.yaml:25:9 [0000000000000015]',
    );
  });

  test('puts what is not proven before what fails, and neither waived nor claimed among the passes', () => {
    const checks = [
      aCheck('first', 'tls', 'blocker', [anAssessment(1)]),
      aCheck('second', 'tls', 'medium', [anAssessment(2, { outcome: 'unknown', reason: 'missing' })]),
      aCheck('third', 'tls', 'high', [anAssessment(3, { outcome: 'pass', reason: 'claimed' })]),
      aCheck('fourth', 'tls', 'high', [anAssessment(4, { outcome: 'pass' })]),
    ];
    const text = render('text', { ...sampleResult(), checks, gates: [] }).join('');
    expect(text.indexOf('second:')).toBeLessThan(text.indexOf('first:'));
    expect(text).toContain('third: high, claimed');
    expect(text).toContain('1 of 4 checks pass');
  });
});
