import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from 'sarif';
import { expect, test } from 'vitest';
import { reporters } from '../../src/report/index.ts';
import { emptyResult, hostileResult, manyFindings, sampleResult } from '../../src/report/testing.ts';
import { review } from '../../src/review.ts';
import { asOf, gravlBundle } from '../gravl.ts';

/** Microsoft's validator: a .NET program of 104 MB, so it is installed only by who wants it: `npm ci --prefix tools/sarif`. */
const validator = join(import.meta.dirname, '../../tools/sarif/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
const installed = process.platform === 'linux' && process.arch === 'x64' && existsSync(validator);
if (!installed) console.warn('skipped: no SARIF validator; install it with: npm ci --prefix tools/sarif');

/** What the validator asks for and we do not give, with the reason. */
const expected: ReadonlyMap<string, string> = new Map([
  ['SARIF2017', 'A rendered source has no line of its own: a region would be invented.'],
]);

test.skipIf(!installed).each(
  Object.entries({
    sample: sampleResult(),
    empty: emptyResult(),
    hostile: hostileResult(),
    many: manyFindings(500),
    gravl: review(await gravlBundle('staging'), { asOf }),
  }),
)('the independent validator accepts the SARIF of the %s result', async (name, result) => {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-sarif-'));
  try {
    const file = join(folder, `${name}.sarif`);
    const report = join(folder, 'report.sarif');
    await writeFile(file, reporters.sarif.render(result, { color: false, width: 80, unicode: true, details: 'all' }));
    // It exits with 1 when it has findings; they are in its report.
    await promisify(execFile)(validator, ['validate', file, '--output', report, '--log', 'ForceOverwrite'], {
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    }).catch(() => undefined);
    const log = JSON.parse(await readFile(report, 'utf8')) as Log;
    const findings = log.runs.flatMap((run) => run.results ?? []).filter(({ ruleId = '' }) => !expected.has(ruleId));
    expect(findings.map(({ ruleId, message }) => `${ruleId}: ${message.text ?? message.arguments?.join(' ')}`)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
