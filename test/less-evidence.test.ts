import { describe, expect, it } from 'vitest';
import type { Bundle, Slot, SourceFile } from '../src/evidence/bundle.ts';
import type { Assessment, Outcome } from '../src/model/judgement.ts';
import type { ReviewResult } from '../src/model/result.ts';
import { review } from '../src/review.ts';
import { type BundleName, bundleNames, changeObjects, environments, gatherAll } from './bundles.ts';
import { asOf } from './gravl.ts';

const { bundles, results } = await gatherAll();

describe('less evidence', () => {
  const isOpen = ({ outcome }: { readonly outcome: Outcome }) => outcome === 'fail' || outcome === 'unknown';
  /**
   * Checks that were open and count as settled with less. What is said of the document or source itself goes with it: who takes an
   * unfinished runbook away has none, which is the finding of the alert that links to it.
   */
  const better = (before: ReviewResult, { checks }: ReviewResult, gone?: Slot) => {
    const wasOpen = (id: string) =>
      before.checks.some(
        (check) => check.id === id && check.assessments.some((assessment) => isOpen(assessment) && !isAbout(assessment, gone)),
      );
    return checks.filter(({ id, outcome }) => outcome === 'pass' && wasOpen(id)).map(({ id }) => id);
  };
  const isAbout = ({ target }: Assessment, slot: Slot | undefined) =>
    slot !== undefined && ['Document', 'Source'].includes(target.kind) && target.name === slot.source;
  const reviewed = (bundle: Bundle): ReviewResult | undefined => {
    try {
      return review(bundle, { asOf });
    } catch {
      // Without any object there is no review at all.
      return undefined;
    }
  };
  const failed = ({ id, kind, source, role, environment }: Slot): Slot => ({
    id,
    kind,
    source,
    role,
    environment,
    status: 'failed',
    code: 'SW_SOURCE',
    reason: 'it could not be read',
  });

  it('starts from bundles in which much is open', () => {
    const openOf = (name: BundleName) => results[name].checks.filter(isOpen).length;
    expect(openOf('staging')).toBeGreaterThan(30);
    expect(openOf('spoilt')).toBeGreaterThan(50);
  });

  it.each(bundleNames)('a slot of %s that is gone makes nothing better', (name) => {
    const { slots } = bundles[name];
    const found = slots.map((slot) => {
      const result = reviewed({ ...bundles[name], slots: slots.filter((other) => other !== slot) });
      return [slot.id, result === undefined ? [] : better(results[name], result, slot)] as const;
    });
    expect(found.filter(([, checks]) => checks.length > 0)).toEqual([]);
  });

  it.each(bundleNames)('a source of objects of %s that failed makes nothing better', (name) => {
    const { slots } = bundles[name];
    const found = slots
      .filter(({ kind }) => kind === 'objects')
      .map((slot) => {
        const result = reviewed({ ...bundles[name], slots: slots.map((other) => (other === slot ? failed(slot) : other)) });
        return [slot.id, result === undefined ? [] : better(results[name], result)] as const;
      });
    expect(found.filter(([, checks]) => checks.length > 0)).toEqual([]);
  });

  it.each(environments)('a file of %s that cannot be read is a launch that cannot be judged', (name) => {
    const files = bundles[name].slots.flatMap((slot) =>
      slot.kind === 'objects' && slot.status === 'collected' && slot.role !== 'comparison' ? slot.data.files : [],
    );
    expect(files.length).toBeGreaterThan(10);
    const problem = {
      code: 'unreadable',
      severity: 'error',
      message: 'it may not be read',
      position: { line: 1, column: 1, offset: 0 },
    } as const;
    for (const file of files) {
      const unreadable: SourceFile = { path: file.path, masks: [], problems: [problem] };
      const result = review(
        changeObjects(bundles[name], (data) => ({
          files: data.files.map((other) => (other.path === file.path ? unreadable : other)),
        })),
        { asOf },
      );
      expect([file.path, result.verdict, result.checks.find(({ id }) => id === 'readable-input')?.outcome]).toEqual([
        file.path,
        'do-not-launch',
        'fail',
      ]);
    }
  });

  it.each(bundleNames)('sources of %s that claim to be complete for nothing make nothing better', (name) => {
    const result = review(
      changeObjects(bundles[name], () => ({ complete: [] })),
      { asOf },
    );
    expect(better(results[name], result)).toEqual([]);
  });
});
