import { execPath } from 'node:process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const recordings = resolve(import.meta.dirname, 'k6-recordings');
export const recordedStream = gunzipSync(readFileSync(join(recordings, 'stream.ndjson.gz'))).toString('utf8');

/** A program in the place of k6. It proves arguments, environment and parsing; that k6 behaves so, the tests on the real one prove. */
export interface FakeK6 {
  readonly command: string;
  readonly folder: string;
  /** Each call so far: its arguments, and what stands in its environment. */
  readonly calls: () => readonly { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }[];
  readonly remove: () => void;
}

/**
 * `onRun` is the body of `k6 run` in JavaScript, with `stream` (the recording's text), `summaryFile`, `writeSummary()`, `out(text)`,
 * `err(text)` and `exit(code)` at hand.
 */
export function fakeK6(onRun: string, version = 'v1.8.1'): FakeK6 {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-fake-k6-'));
  const command = join(folder, 'k6');
  const calls = join(folder, 'calls.ndjson');
  const data = { stream: recordedStream, summary: readFileSync(join(recordings, 'summary-export.json'), 'utf8') };
  writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
  writeFileSync(
    command,
    `#!${execPath}
const { appendFileSync, writeFileSync, writeSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, env: process.env }) + '\\n');
if (args[0] === 'version') {
  console.log(args[1] === '--json' ? JSON.stringify({ version: ${JSON.stringify(version)}, go_version: 'go1.26.8', go_os: 'linux', go_arch: 'amd64' }) : 'k6 ${version} (fake)');
  process.exit(0);
}
const { stream, summary } = require(${JSON.stringify(join(folder, 'data.json'))});
const summaryFile = args.find((arg) => arg.startsWith('--summary-export='))?.slice('--summary-export='.length);
const writeSummary = (text = summary) => writeFileSync(summaryFile, text);
const write = (fd, text) => { for (let at = 0; at < text.length; ) try { at += writeSync(fd, text.slice(at, at + 32768)); } catch (error) { if (error.code !== 'EAGAIN') throw error; } };
const out = (text) => write(1, text);
const err = (text) => write(2, text);
const exit = (code) => process.exit(code);
${onRun}
`,
  );
  chmodSync(command, 0o755);
  return {
    command,
    folder,
    calls: () =>
      readFileSync(calls, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { args: string[]; env: Record<string, string> }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
