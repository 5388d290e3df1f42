import { SeaworthyError } from '../../model/errors.ts';
import type { Environment, K6Program, RunProgram } from './program.ts';

export type FoundK6 =
  | { readonly ok: true; readonly k6: K6Program }
  | { readonly ok: false; readonly problem: 'missing' | 'too-old' | 'unusable'; readonly error: SeaworthyError };

/** The first version with the results, exit codes and flags that are relied on. */
const oldestMajor = 1;
const limits = { timeoutMs: 20_000, maxOutputBytes: 1 << 20 } as const;

/** Looks for k6: the program that SEAWORTHY_K6 names, else `k6` on the PATH. It is asked for its version, and nothing is run with it. */
export async function findK6(env: Environment, run: RunProgram): Promise<FoundK6> {
  const named = env['SEAWORTHY_K6'];
  const command = named === undefined || named === '' ? 'k6' : named;
  const asJson = await run(command, ['version', '--json'], limits);
  if (!asJson.ok && asJson.problem === 'not-found') return missing(command);
  const told = asJson.ok ? fromJson(decode(asJson.stdout)) : undefined;
  const k6 = told ?? fromText(await plainVersion(command, run));
  if (k6 === undefined) return unusable(`${command} does not say which version of k6 it is, so it is not used.`);
  if (Number(k6.version.split('.')[0]) < oldestMajor)
    return {
      ok: false,
      problem: 'too-old',
      error: new SeaworthyError('SW_LOAD_ENGINE', `${command} is k6 ${k6.version}; 1.0 or later is needed.`, {
        hint: installHint,
      }),
    };
  return { ok: true, k6: { command, ...k6 } };
}

const missing = (command: string): FoundK6 => ({ ok: false, problem: 'missing', error: k6Missing(command) });

const unusable = (message: string): FoundK6 => ({
  ok: false,
  problem: 'unusable',
  error: new SeaworthyError('SW_LOAD_ENGINE', message, { hint: 'SEAWORTHY_K6 or `k6` on the PATH must be k6 itself.' }),
});

const installHint = [
  'Install k6:',
  '  macOS          brew install k6',
  '  Debian/Ubuntu  curl -fsSL https://dl.k6.io/key.gpg | sudo gpg --dearmor -o /usr/share/keyrings/k6-archive-keyring.gpg',
  '                 echo "deb [signed-by=/usr/share/keyrings/k6-archive-keyring.gpg] https://dl.k6.io/deb stable main" | sudo tee /etc/apt/sources.list.d/k6.list',
  '                 sudo apt-get update && sudo apt-get install k6',
  '  Windows        winget install k6 --source winget',
  '  Docker         docker run --rm -i grafana/k6 run --quiet --out json=- - <load-test.js >result.ndjson, and name the file under loadTest.results',
  '  Go             go install go.k6.io/k6@latest',
  'SEAWORTHY_K6 names a k6 that is not on the PATH.',
  'Without k6, --engine embedded runs the scenario of the review file as a substitute; its record says that it is one.',
].join('\n');

/** A script is run by k6 and by nothing else: what to say when there is none. */
export function k6Missing(command = 'k6'): SeaworthyError {
  const what = command === 'k6' ? 'k6 is not on the PATH' : `${command}, which SEAWORTHY_K6 names, does not exist`;
  return new SeaworthyError('SW_LOAD_ENGINE', `The load test did not run: its script needs k6, and ${what}.`, {
    hint: installHint,
  });
}

type Version = Omit<K6Program, 'command'>;

function fromJson(text: string): Version | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const { version: told, go_version: go, go_os: system, go_arch: architecture } = value ?? {};
    const version = typeof told === 'string' ? versionIn(told) : undefined;
    if (version === undefined) return undefined;
    const isKnown = [go, system, architecture].every((part) => typeof part === 'string' && /^[\w.-]{1,40}$/.test(part));
    return { version, ...(isKnown ? { runtime: `${String(go)} ${String(system)}/${String(architecture)}` } : {}) };
  } catch {
    return undefined;
  }
}

async function plainVersion(command: string, run: RunProgram): Promise<string> {
  const plain = await run(command, ['version'], limits);
  return plain.ok ? decode(plain.stdout) : '';
}

function fromText(text: string): Version | undefined {
  const version = versionIn(/^k6 (\S{1,40})/.exec(text)?.[1] ?? '');
  return version === undefined ? undefined : { version };
}

const versionIn = (text: string): string | undefined => /^v?(\d{1,4}\.\d{1,4}\.\d{1,6}(?:[-+][\w.+-]{1,40})?)$/.exec(text)?.[1];
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
