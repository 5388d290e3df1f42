import { describe, expect, it } from 'vitest';
import { findK6, k6Missing } from './find.ts';
import type { RunProgram } from './program.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
/** A program that answers `version --json` and `version`; undefined: it fails. */
const program =
  (json: string | undefined, plain: string | undefined, asked: string[] = []): RunProgram =>
  async (command, args) => {
    asked.push([command, ...args].join(' '));
    const answer = args.includes('--json') ? json : plain;
    return answer === undefined
      ? { ok: false, problem: 'exit', code: 1, stderr: 'unknown flag: --json' }
      : { ok: true, stdout: bytes(answer), stderr: '' };
  };
const nowhere: RunProgram = async () => ({ ok: false, problem: 'not-found', stderr: '' });

describe('finding k6', () => {
  it('SEAWORTHY_K6 comes before the PATH', async () => {
    const asked: string[] = [];
    const json = '{"go_arch":"amd64","go_os":"linux","go_version":"go1.26.8","version":"v1.8.1"}';
    expect(await findK6({ SEAWORTHY_K6: '/opt/my k6' }, program(json, undefined, asked))).toEqual({
      ok: true,
      k6: { command: '/opt/my k6', version: '1.8.1', runtime: 'go1.26.8 linux/amd64' },
    });
    expect(asked).toEqual(['/opt/my k6 version --json']);
    expect(await findK6({ SEAWORTHY_K6: '' }, program(json, undefined))).toMatchObject({ k6: { command: 'k6' } });
  });

  it.each([
    ['without --json', undefined, 'k6 v1.0.0 (commit/abc, go1.24.1, linux/amd64)\n', '1.0.0'],
    ['a later one', '{"version":"v2.2.0"}', undefined, '2.2.0'],
    ['a build of its own', '{"version":"v1.9.0-rc1+dirty"}', undefined, '1.9.0-rc1+dirty'],
  ])('%s', async (_name, json, plain, version) => {
    expect(await findK6({}, program(json, plain))).toMatchObject({ ok: true, k6: { version } });
  });

  it('an older one is told its version and what is needed', async () => {
    const found = await findK6({}, program(undefined, 'k6 v0.47.0 (2023-10-05, go1.21.2, linux/amd64)'));
    expect(found).toMatchObject({
      ok: false,
      problem: 'too-old',
      error: { code: 'SW_LOAD_ENGINE', message: 'k6 is k6 0.47.0; 1.0 or later is needed.' },
    });
  });

  it.each<[string, string | undefined, string | undefined]>([
    ['fails', undefined, undefined],
    ['says nothing', '', ''],
    ['is another program', '{"version":"v9.9.9\\u001b[2J"}', 'kubectl v1.34.0'],
    ['answers with another kind of JSON', 'null', '[]'],
    ['answers with numbers', '{"version":2}', ''],
  ])('a program that %s is not used', async (_name, json, plain) => {
    expect(await findK6({}, program(json, plain))).toMatchObject({
      ok: false,
      problem: 'unusable',
      error: { code: 'SW_LOAD_ENGINE' },
    });
  });

  it('none: the test did not run, how to get k6, and what to do without', async () => {
    const found = await findK6({}, nowhere);
    expect(found).toMatchObject({ ok: false, problem: 'missing' });
    const { message, hint } = found.ok ? k6Missing() : found.error;
    expect(message).toBe('The load test did not run: its script needs k6, and k6 is not on the PATH.');
    for (const way of [
      'brew install k6',
      'https://dl.k6.io/deb stable main',
      'apt-get install k6',
      'winget install k6',
      'docker run',
      'go install go.k6.io/k6@latest',
      '--engine embedded',
      'SEAWORTHY_K6',
    ])
      expect(hint).toContain(way);
  });

  it('none where SEAWORTHY_K6 points', async () => {
    expect(await findK6({ SEAWORTHY_K6: '/opt/k6' }, nowhere)).toMatchObject({
      error: { message: expect.stringContaining('/opt/k6, which SEAWORTHY_K6 names, does not exist') },
    });
  });
});
