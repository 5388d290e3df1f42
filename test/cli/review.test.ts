import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReviewResult } from '../../src/model/result.ts';
import { reportFormats } from '../../src/report/index.ts';
import { deployment, run } from './host.ts';

const json = (text: string) => JSON.parse(text) as ReviewResult;

describe('seaworthy review', () => {
  it('prints the verdict first, then exits with 1 when it is not acceptable', async () => {
    const { code, stdout, stderr } = await run(['review', 'k8s'], { 'k8s/web.yaml': deployment() });
    expect(stdout.split('\n')[0]).toContain('DO NOT LAUNCH');
    expect([code, stderr]).toEqual([1, '']);
  });

  it('says that the environment was assumed', async () => {
    const { stdout } = await run(['review', 'k8s', '-f', 'json'], { 'k8s/web.yaml': deployment() });
    expect(json(stdout).review).toMatchObject({ environment: 'production', environmentAssumed: true });
    expect(json(stdout).notes.map(({ id }) => id)).toContain('environment-assumed');
  });

  it('names file, line and column of a finding', async () => {
    const { stdout } = await run(['review', 'k8s', '-f', 'json'], { 'k8s/web.yaml': deployment() });
    const finding = json(stdout).checks.find(({ id }) => id === 'memory-limits')?.assessments[0];
    expect(finding?.location).toMatchObject({
      file: 'k8s/web.yaml',
      line: 10,
      column: 11,
      path: 'spec.template.spec.containers[0].resources',
    });
  });

  it.each(reportFormats)('the format %s never changes the exit code', async (format) => {
    const files = { 'k8s/web.yaml': deployment() };
    expect((await run(['review', 'k8s', '-f', format], files)).code).toBe(1);
    expect((await run(['review', 'k8s', '-f', format, '--fail-on', 'never'], files)).code).toBe(0);
  });

  it('writes several reports in one run', async () => {
    const { files, code } = await run(
      ['review', 'k8s', '-o', 'out/review.md', '-o', 'sarif=out/findings', '--fail-on', 'never'],
      { 'k8s/web.yaml': deployment() },
    );
    expect([...files.keys()]).toEqual(['out/review.md', 'out/findings']);
    expect([files.get('out/review.md')?.startsWith('# '), code]).toEqual([true, 0]);
  });

  it('in GitHub Actions the summary goes to the step summary', async () => {
    const { files } = await run(
      ['review', 'k8s', '-f', 'github'],
      { 'k8s/web.yaml': deployment() },
      { env: { GITHUB_STEP_SUMMARY: 'summary.md' } },
    );
    expect(files.get('summary.md')).toContain('DO NOT LAUNCH');
  });

  it('reads standard input', async () => {
    const { stdout } = await run(['review', '-', '-f', 'json'], {}, { stdin: deployment() });
    expect(json(stdout).inventory.workloads).toBe(1);
  });

  it('the manifests standard gives no launch verdict', async () => {
    const { stdout } = await run(['review', 'k8s', '--standard', 'manifests', '-f', 'json'], { 'k8s/web.yaml': deployment() });
    expect(json(stdout).verdict).toBe('no-verdict');
  });

  it('replays a saved bundle byte for byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-'));
    const bundle = join(folder, 'review.bundle.gz');
    const first = await run(['review', 'k8s', '-f', 'json', '--save', bundle], { 'k8s/web.yaml': deployment() });
    const second = await run(['review', '--from', bundle, '-f', 'json']);
    expect(second.stdout).toBe(first.stdout);
  });

  it.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ['edited', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 40), Buffer.from([bytes[40]! ^ 1]), bytes.subarray(41)])],
    ['not a bundle', () => Buffer.from('hello')],
  ])('refuses a bundle that is %s', async (_, damage) => {
    const bundle = join(mkdtempSync(join(tmpdir(), 'seaworthy-')), 'review.bundle.gz');
    await run(['review', 'k8s', '--save', bundle], { 'k8s/web.yaml': deployment() });
    writeFileSync(bundle, damage(readFileSync(bundle)));
    const { code, stderr } = await run(['review', '--from', bundle]);
    expect(code).toBe(2);
    expect(stderr).toContain('[SW_BUNDLE]');
  });

  it('--fail-on new fails on new findings only', async () => {
    const before = await run(['review', 'k8s', '-f', 'json'], { 'k8s/web.yaml': deployment() });
    const same = { 'k8s/web.yaml': `# moved\n${deployment()}`, 'base.json': before.stdout };
    expect((await run(['review', 'k8s', '--baseline', 'base.json', '--fail-on', 'new'], same)).code).toBe(0);
    const worse = { ...same, 'k8s/more.yaml': deployment().replace('name: web, namespace', 'name: other, namespace') };
    const after = await run(['review', 'k8s', '--baseline', 'base.json', '--fail-on', 'new'], worse);
    expect([after.code, after.stdout.includes('new: memory-limits')]).toEqual([1, true]);
  });
});

describe('bad input gives a position, a next step, no stack trace, and exit code 2', () => {
  const review = 'apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec:\n';
  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['no such path', ['review', 'nowhere'], {}, 'nowhere: There is no such file or directory'],
    ['an empty directory', ['review', 'k8s'], { 'k8s/notes.txt': 'hello' }, 'hold no Kubernetes object'],
    ['nothing to review', ['review'], {}, 'seaworthy init'],
    ['only broken YAML', ['review', 'k8s'], { 'k8s/a.yaml': 'apiVersion: v1\nkind: [' }, 'k8s/a.yaml:'],
    [
      'a chart passed as plain YAML',
      ['review', 'a.yaml'],
      { 'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.x }}\n' },
      'a.yaml:3',
    ],
    [
      'an unknown key in the review file',
      ['review', '-c', 'sw.yaml'],
      { 'sw.yaml': `${review}  trafic: []\n` },
      'sw.yaml:5:3: spec has an unknown key "trafic"',
    ],
    ['its suggestion', ['review', '-c', 'sw.yaml'], { 'sw.yaml': `${review}  trafic: []\n` }, 'Did you mean "traffic"?'],
    [
      'a waiver without an end',
      ['review', '-c', 'sw.yaml'],
      { 'sw.yaml': `${review}  waivers: [{ check: replicas, owner: me, reason: why }]\n` },
      'needs "expires"',
    ],
    [
      'a date without a zone',
      ['review', '-c', 'sw.yaml'],
      { 'sw.yaml': `${review}  launchAt: 2026-03-10T09:00:00\n` },
      'has no time zone',
    ],
    [
      'a day that does not exist',
      ['review', '-c', 'sw.yaml'],
      { 'sw.yaml': `${review}  launchAt: 2026-02-30\n` },
      'not a day of the calendar',
    ],
    [
      'a review file that loosens the standard',
      ['review', '-c', 'sw.yaml'],
      {
        'k8s/web.yaml': deployment(),
        'sw.yaml': `${review}  sources: [{ manifests: k8s }]\n  standard: { levels: { memory-limits: advisory } }\n`,
      },
      'sw.yaml:6',
    ],
    [
      'an unknown check in the standard',
      ['review', '-c', 'sw.yaml'],
      {
        'k8s/web.yaml': deployment(),
        'sw.yaml': `${review}  sources: [{ manifests: k8s }]\n  standard: { levels: { memory-limit: blocker } }\n`,
      },
      'memory-limits',
    ],
    ['--fail-on new without a baseline', ['review', 'k8s', '--fail-on', 'new'], { 'k8s/web.yaml': deployment() }, '--baseline'],
    [
      'a baseline that is none',
      ['review', 'k8s', '--baseline', 'b.json'],
      { 'k8s/web.yaml': deployment(), 'b.json': '{}' },
      '[SW_RESULT]',
    ],
    ['--from together with paths', ['review', 'k8s', '--from', 'x'], { 'k8s/web.yaml': deployment() }, 'not both'],
    ['--as-of that is no moment', ['review', 'k8s', '--as-of', 'now'], { 'k8s/web.yaml': deployment() }, '--as-of'],
    ['--as-of launch without a launch', ['review', 'k8s', '--as-of', 'launch'], { 'k8s/web.yaml': deployment() }, 'launchAt'],
    ['an output without a format', ['review', 'k8s', '-o', 'report.pdf'], { 'k8s/web.yaml': deployment() }, 'FORMAT=FILE'],
    ['an unknown command', ['revew'], {}, 'review'],
    [
      'several kustomizations',
      ['review', 'k8s'],
      { 'k8s/a/kustomization.yaml': 'resources: []', 'k8s/b/kustomization.yaml': 'resources: []' },
      'k8s/a, k8s/b',
    ],
  ])('%s', async (_, args, files, says) => {
    const { code, stderr, stdout } = await run(args, files);
    expect(stderr).toContain(says);
    expect(stderr + stdout).not.toMatch(/\n\s+at .+:\d+:\d+\)/);
    expect(code).toBe(2);
  });

  it('an output that cannot be written', async () => {
    const { code, stderr } = await run(['review', 'k8s', '-o', 'x.md'], { 'k8s/web.yaml': deployment() }, { unwritable: true });
    expect([code, stderr.includes('x.md: The file cannot be written (EACCES)')]).toEqual([2, true]);
  });
});

describe('what can be read is reviewed, what cannot fails readable-input', () => {
  const findings = async (files: Readonly<Record<string, string | Uint8Array>>) => {
    const { stdout, stderr } = await run(['review', 'k8s', '-f', 'json'], { 'k8s/web.yaml': deployment(), ...files });
    expect(stderr).toBe('');
    const result = json(stdout);
    expect(result.inventory.workloads).toBeGreaterThan(0);
    return result.checks
      .find(({ id }) => id === 'readable-input')
      ?.assessments.filter(({ outcome }) => outcome === 'fail')
      .map(({ message, location }) => `${location?.file}:${location?.line} ${message}`)
      .join('\n');
  };
  const bomb = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: bomb }\na0: &a0 [x]\n${Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index},*a${index},*a${index},*a${index}]`).join('\n')}\n`;
  it.each<[string, string | Uint8Array, RegExp]>([
    ['broken YAML', 'apiVersion: v1\nkind: Pod\n  bad: [', /k8s\/bad.yaml:\d+/],
    ['a tab as indentation', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n', /k8s\/bad.yaml:4/],
    ['a duplicate key', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: b\n  a: c\n', /k8s\/bad.yaml:6/],
    ['a kind without metadata', 'apiVersion: v1\nkind: Pod\n', /k8s\/bad.yaml.*metadata.name/],
    ['an alias bomb', bomb, /k8s\/bad.yaml/],
    [
      'invalid UTF-8',
      Buffer.concat([
        Buffer.from('apiVersion: v1\nkind: Pod\nmetadata: { name: '),
        Buffer.from([0xff, 0xfe, 0x41]),
        Buffer.from(' }\n'),
      ]),
      /k8s\/bad.yaml:3/,
    ],
    ['a binary file', Buffer.from('apiVersion kind \u0000\u0001'), /binary/],
    ['the same object twice', deployment(), /Deployment shop\/web is defined twice/],
  ])('%s', async (_, content, says) => {
    expect(await findings({ 'k8s/bad.yaml': content })).toMatch(says);
  });

  it.each([
    ['CRLF line ends', deployment().replaceAll('\n', '\r\n').replaceAll('web', 'crlf')],
    ['a byte order mark', `\ufeff${deployment().replaceAll('web', 'bom')}`],
    ['files that are no manifests', 'replicaCount: 3\nimage: { tag: latest }\n'],
  ])('%s are no problem', async (_, content) => {
    expect(await findings({ 'k8s/bad.yaml': content })).toBe('');
  });
});

describe('seaworthy explain, plan, init', () => {
  it('explains a check', async () => {
    const { stdout, code } = await run(['explain', 'memory-limits']);
    expect(stdout).toContain('Every container has a memory limit');
    expect(code).toBe(0);
  });
  it('suggests the nearest check', async () => {
    expect((await run(['explain', 'memory-limit'])).stderr).toContain('Did you mean "memory-limits"?');
  });
  it('explains a finding by its fingerprint', async () => {
    const files = { 'k8s/web.yaml': deployment() };
    const result = json((await run(['review', 'k8s', '-f', 'json'], files)).stdout);
    const fingerprint = result.checks.find(({ id }) => id === 'memory-limits')?.assessments[0]?.fingerprint ?? '';
    expect((await run(['explain', fingerprint, 'k8s'], files)).stdout).toContain('Container web has no memory limit.');
  });
  it('prints the plan with its steps', async () => {
    expect((await run(['plan', 'k8s'], { 'k8s/web.yaml': deployment() })).stdout).toContain('[set-resources]');
  });
  it('init writes a review file that review accepts', async () => {
    const { files } = await run(['init', 'k8s'], { 'k8s/web.yaml': deployment() });
    const written = files.get('seaworthy.yaml') ?? '';
    const { stdout, code } = await run(['review', '-f', 'json', '--fail-on', 'never'], {
      'k8s/web.yaml': deployment(),
      'seaworthy.yaml': written,
    });
    expect([code, json(stdout).inventory.workloads]).toEqual([0, 1]);
  });
  it('init does not overwrite', async () => {
    expect((await run(['init', 'k8s'], { 'k8s/web.yaml': deployment(), 'seaworthy.yaml': 'x' })).stderr).toContain('--force');
  });
});
