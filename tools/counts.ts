import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Prints the counts of the last test run alone on a line; exits with 1 when there was none, or when something failed. */
const file = join(import.meta.dirname, '..', 'node_modules', '.cache', 'seaworthy', 'test-results.json');
const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(readFileSync(file, 'utf8')) as Record<
  string,
  number
>;
const failed = Math.max(numFailedTests ?? 0, (numFailedTestSuites ?? 0) > 0 && numFailedTests === 0 ? 1 : 0);
console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests ? `, ${numPendingTests} skipped` : ''}`);
process.exitCode = failed > 0 || !numPassedTests ? 1 : 0;
