import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { argv, execPath, exit, stdout } from 'node:process';

/** Gravl's story: the review of staging as the hand-written page describes it, then of production with everything remedied. */
const root = join(import.meta.dirname, '..');
const asOf = '2026-03-06T08:50:00Z';
const scenes = [
  {
    title: 'Scene 1. Gravl as the hand-written review describes it: can it launch?',
    file: 'examples/gravl/staging.seaworthy.yaml',
  },
  { title: 'Scene 2. Gravl with everything remedied: what is left?', file: 'examples/gravl/production.seaworthy.yaml' },
];
const color = stdout.isTTY ? ['--color', 'always'] : [];
for (const { title, file } of scenes) {
  const command = ['review', file, '--as-of', asOf, '--details', 'summary'];
  console.log(`\n${title}\n$ seaworthy ${command.join(' ')}\n`);
  const { status } = spawnSync(execPath, [join(root, 'dist', 'cli.js'), ...command, ...color, ...argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status === 2) exit(2);
  console.log(`(exit code ${status}: ${status === 0 ? 'acceptable' : 'not acceptable'})`);
}
