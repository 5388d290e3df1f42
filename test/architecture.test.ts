import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Runs the real rules on a small tree that breaks one of them. */
function cruise(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-architecture-'));
  for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout } = spawnSync(execPath, [program, 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout;
}

describe('the import table is enforced: a planted violation is reported', () => {
  const leaf = 'export const x = 1;\n';
  it.each<[string, string, Readonly<Record<string, string>>]>([
    [
      'facts may not import checks',
      'facts-imports-only-to-its-left',
      { 'src/facts/a.ts': "export { x } from '../checks/b.ts';\n", 'src/checks/b.ts': leaf },
    ],
    [
      'reporters see only the model',
      'report-sees-model',
      { 'src/report/a.ts': "export { x } from '../verdict/b.ts';\n", 'src/verdict/b.ts': leaf },
    ],
    [
      'gatherers judge nothing',
      'gather-sees-evidence',
      { 'src/gather/a.ts': "export { x } from '../facts/b.ts';\n", 'src/facts/b.ts': leaf },
    ],
    [
      'no check imports a check',
      'no-check-imports-a-check',
      { 'src/checks/tls/a.ts': "export { x } from '../tls/b.ts';\n", 'src/checks/tls/b.ts': leaf },
    ],
    ['files are read only at the edge', 'io-only-at-the-edge', { 'src/facts/a.ts': "export { readFileSync } from 'node:fs';\n" }],
    [
      'no cycles',
      'no-cycles',
      {
        'src/kube/a.ts': "import { y } from './b.ts';\nexport const x = y;\n",
        'src/kube/b.ts': "import { x } from './a.ts';\nexport const y = x;\n",
      },
    ],
    [
      'types count as imports',
      'model-imports-only-to-its-left',
      {
        'src/model/a.ts': "import type { X } from '../kube/b.ts';\nexport type Y = X;\n",
        'src/kube/b.ts': 'export type X = 1;\n',
      },
    ],
  ])('%s', (_, rule, files) => {
    expect(cruise(files)).toContain(rule);
  });

  it('a clean tree has no violation', () => {
    expect(cruise({ 'src/facts/a.ts': "export { x } from '../kube/b.ts';\n", 'src/kube/b.ts': leaf })).toContain(
      'no dependency violations found',
    );
  });
});
