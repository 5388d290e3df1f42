import { describe, expect, it } from 'vitest';
import { checks } from '../src/checks/index.ts';
import { examine } from '../src/checks/testing.ts';
import { exampleFiles, partsOf, readExamples } from '../tools/examples.ts';

const files = exampleFiles();

for (const check of checks) {
  describe(`examples of ${check.id}`, () => {
    const file = files.get(check.id);
    const examples = file === undefined ? [] : readExamples(file);

    it('show a pass and an unknown whose evidence is missing', () => {
      const outcomes = new Set(examples.map(({ outcome }) => outcome));
      // What only a person can decide passes by an attestation alone, which is laid over afterwards.
      if (check.decidedBy !== 'person') expect(outcomes).toContain('pass');
      expect(outcomes).toContain('unknown');
    });

    it('have names of their own', () => {
      expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
    });

    it.each(examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
      const assessments = examine(check, partsOf(example));
      const said = assessments.map(({ outcome, messageId, location }) => ({ outcome, message: messageId, at: location?.path }));
      const wanted = {
        outcome: example.outcome,
        message: example.message,
        ...(example.at === undefined ? {} : { at: example.at }),
      };
      expect(said).toContainEqual(
        example.at === undefined
          ? { ...wanted, at: said.find(({ outcome, message }) => outcome === wanted.outcome && message === wanted.message)?.at }
          : wanted,
      );
      // A pass example shows a passing check, not one passing target among failing ones.
      if (example.outcome === 'pass') expect(assessments.map(({ outcome }) => outcome)).not.toContain('fail');
    });
  });
}
