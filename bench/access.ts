import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';

/** One measured analysis in a process of its own: seconds, peak MB, and what was looked at. */
interface Run {
  readonly accounts: number;
  readonly bindings: number;
  readonly roles: number;
  readonly subjects: number;
  readonly permissions: number;
  readonly escalations: number;
  readonly model: number;
  readonly effective: number;
  readonly escalation: number;
  readonly parse: number;
  readonly peak: number;
}

/** Time and peak memory of the access analysis at two sizes: the model, everybody's permissions by namespace, and every escalation. */
export async function run(): Promise<void> {
  const runs = [1_000, 10_000].map(measure);
  console.log(
    '| ServiceAccounts | bindings | roles | subjects | permissions | escalations | model s | effective s | escalation s | all s | JSON.parse s | ratio | peak MB |',
  );
  console.log(`|${' --- |'.repeat(13)}`);
  for (const run of runs) {
    const counts = [run.accounts, run.bindings, run.roles, run.subjects, run.permissions, run.escalations];
    const seconds = [run.model, run.effective, run.escalation, total(run), run.parse].map((value) => value.toFixed(2));
    console.log(`| ${[...counts, ...seconds, (total(run) / run.parse).toFixed(1), run.peak.toFixed(0)].join(' | ')} |`);
  }
  const [small, large] = runs;
  if (small && large)
    console.log(
      `growth from ${small.accounts} to ${large.accounts} ServiceAccounts: ${(total(large) / total(small)).toFixed(1)} x`,
    );
}

const total = ({ model, effective, escalation }: Run): number => model + effective + escalation;

function measure(accounts: number): Run {
  const { stdout, stderr, status } = spawnSync(execPath, [join(import.meta.dirname, 'access-one.ts'), String(accounts)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`access ${accounts}: ${stderr}`);
  return JSON.parse(stdout) as Run;
}
