import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadTestRecord } from '../src/evidence/load-tests/record.ts';

const root = join(import.meta.dirname, '..');
const lowestNode = join(root, 'tools/node22/node_modules/.bin/node');
const hasLowestNode = existsSync(lowestNode);
if (!hasLowestNode) console.warn('skipped: the lowest supported Node is missing; install it with: npm run tools:node22');
const project = mkdtempSync(join(tmpdir(), 'seaworthy-package-'));
const npm = (args: readonly string[], cwd: string) =>
  spawnSync('npm', [...args], { cwd, encoding: 'utf8', env: { ...process.env, npm_config_loglevel: 'error' } });

/** Packs the package as it would be published and installs it in an empty project, from the local cache where that has everything. */
beforeAll(() => {
  const packed = npm(['pack', '--ignore-scripts', '--pack-destination', project], root);
  expect(packed.status, packed.stderr).toBe(0);
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  const installed = npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`], project);
  expect(installed.status, installed.stderr).toBe(0);
}, 180_000);

describe('the packed tarball in an empty project', () => {
  it('holds what is published and nothing else', () => {
    const held = readdirSync(join(project, 'node_modules/seaworthy')).sort();
    expect(held).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'dist', 'node_modules', 'package.json', 'schema'].filter(
        (name) => name !== 'node_modules' || held.includes('node_modules'),
      ),
    );
  });

  it('runs the command line', () => {
    mkdirSync(join(project, 'k8s'), { recursive: true });
    writeFileSync(
      join(project, 'k8s/pod.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: a }] }\n',
    );
    const { stdout, status } = spawnSync(execPath, [join(project, 'node_modules/seaworthy/dist/cli.js'), 'review', 'k8s'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(stdout.split('\n')[0]).toContain('DO NOT LAUNCH');
    expect(status).toBe(1);
  });

  it.skipIf(!hasLowestNode)('runs on the lowest supported Node', () => {
    const cli = join(project, 'node_modules/seaworthy/dist/cli.js');
    const { stdout, stderr } = spawnSync(lowestNode, [cli, 'review', 'k8s', '--format', 'json', '--fail-on', 'never'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'do-not-launch' });
  });

  it.skipIf(!hasLowestNode)('load-tests on the lowest supported Node, with its workers', async () => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const cli = join(project, 'node_modules/seaworthy/dist/cli.js');
    const target = [
      '--target',
      `http://127.0.0.1:${port}/`,
      '--rate',
      '50',
      '--duration',
      '2s',
      '--warmup',
      '1s',
      '--workers',
      '2',
    ];
    const child = spawn(lowestNode, [cli, 'load', ...target, '--output', 'run.json', '--format', 'json'], { cwd: project });
    const [code] = (await once(child, 'exit')) as [number];
    server.close();
    const { counts, engine } = JSON.parse(readFileSync(join(project, 'run.json'), 'utf8')) as LoadTestRecord;
    // Two seconds settle nothing, so it is not acceptable; what was measured is there.
    expect([code, counts.ok, engine.runtime]).toEqual([1, 100, expect.stringContaining('node 22.15')]);
  });

  it('can be imported', () => {
    const { stdout } = spawnSync(
      execPath,
      ['--input-type=module', '-e', "import { checks, review } from 'seaworthy'; console.log(typeof review, checks.length > 0)"],
      { cwd: project, encoding: 'utf8' },
    );
    expect(stdout.trim()).toBe('function true');
  });

  it('carries types and schemas', () => {
    expect(existsSync(join(project, 'node_modules/seaworthy/dist/index.d.ts'))).toBe(true);
    const { stdout } = spawnSync(
      execPath,
      [
        '--input-type=module',
        '-e',
        "import schema from 'seaworthy/schema/review-file.json' with { type: 'json' }; console.log(schema.title)",
      ],
      { cwd: project, encoding: 'utf8' },
    );
    expect(stdout.trim()).toBe('Seaworthy review file');
  });
});
