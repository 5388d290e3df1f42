import { describe, expect, it } from 'vitest';
import { exampleFiles, partsOf, readExamples } from '../../../tools/examples.ts';
import { limitRange } from '../access/limit-range.ts';
import { podSecurityEnforcement } from '../access/pod-security-enforcement.ts';
import { examine } from '../testing.ts';
import type { AnyCheck } from '../define-check.ts';
import { readdirSync } from 'node:fs';
const checks: AnyCheck[] = [limitRange, podSecurityEnforcement];
for (const f of readdirSync(import.meta.dirname)) if (f.endsWith('.ts') && !f.endsWith('.test.ts')) checks.push(...(Object.values(await import('./' + f)) as AnyCheck[]));
const files = exampleFiles();
for (const check of checks) describe(check.id, () => {
  const examples = readExamples(files.get(check.id)!);
  it('outcomes', () => { const o = new Set(examples.map((e) => e.outcome)); expect(o).toContain('pass'); expect(o).toContain('unknown'); });
  it.each(examples.map((e) => [e.name, e] as const))('%s', (_, example) => {
    const a = examine(check, partsOf(example));
    const said = a.map(({ outcome, messageId, location, message }) => `${outcome} ${messageId} ${example.at === undefined ? '' : location?.path} :: ${message}`);
    const hit = said.some((s) => s.startsWith(`${example.outcome} ${example.message} ${example.at ?? ''}`));
    expect(hit ? [] : said).toEqual([]);
    if (example.outcome === 'pass') expect(a.map(({ outcome }) => outcome)).not.toContain('fail');
  });
});
