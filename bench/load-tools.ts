import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { promisify } from 'node:util';

/** What a generator prints of latency, in ms, and what it managed to send. */
export interface Printed {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly requests?: number;
  readonly perSecond?: number;
  readonly dropped?: number;
}

/** Another load generator, as a program of its own. It gets a rate where it can hold one. */
export interface Tool {
  readonly name: string;
  /** Rejects where it is not installed. */
  run(url: string, load: { readonly rate: number; readonly seconds: number }): Promise<Printed>;
}

const execute = promisify(execFile);
const tools = join(import.meta.dirname, '../tools');

async function output(file: string, args: readonly string[], seconds: number): Promise<string> {
  const options = { timeout: (seconds + 30) * 1000, maxBuffer: 1 << 24, encoding: 'utf8' } as const;
  return (await execute(file, [...args], options)).stdout;
}

const number = (text: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

const present = (figures: Readonly<Record<string, number | undefined>>): Printed =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined && Number.isFinite(value)));

/** wrk prints `99% 886.10ms`, and us, ms or s as it fits. */
function wrkTime(text: string, share: string): number | undefined {
  const found = new RegExp(`^\\s*${share}%\\s+([\\d.]+)(us|ms|s)`, 'm').exec(text);
  if (found === null) return undefined;
  return Number(found[1]) * (found[2] === 's' ? 1000 : found[2] === 'us' ? 0.001 : 1);
}

export const wrk = (connections: number): Tool => ({
  name: `wrk, ${connections} connections, as fast as it can`,
  run: async (url, { seconds }) => {
    const text = await output('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url], seconds);
    return present({ p50: wrkTime(text, '50'), p99: wrkTime(text, '99'), perSecond: number(text, /Requests\/sec:\s+([\d.]+)/) });
  },
});

export const hey: Tool = {
  name: 'hey, 10 connections',
  run: async (url, { rate, seconds }) => {
    const text = await output('hey', ['-z', `${seconds}s`, '-c', '10', '-q', String(rate / 10), url], seconds);
    const at = (share: number) => {
      const value = number(text, new RegExp(`^\\s*${share}%+ in ([\\d.]+) secs`, 'm'));
      return value === undefined ? undefined : value * 1000;
    };
    return present({ p50: at(50), p95: at(95), p99: at(99), requests: number(text, /\[200\]\s+(\d+) responses/) });
  },
};

/** Only where `npm run tools:autocannon` has installed it. */
export const autocannon = (how: { readonly connections: number; readonly holdRate: boolean }): Tool => ({
  name: `autocannon, ${how.connections} connections${how.holdRate ? '' : ', as fast as it can'}`,
  run: async (url, { rate, seconds }) => {
    const file = join(tools, 'autocannon/node_modules/autocannon/autocannon.js');
    const rates = how.holdRate ? ['-R', String(rate)] : [];
    const text = await output(
      execPath,
      [file, '-c', String(how.connections), '-d', String(seconds), ...rates, '--json', url],
      seconds,
    );
    const { latency, requests } = JSON.parse(text) as {
      latency: { p50: number; p99: number };
      requests: { total: number; average: number };
    };
    return { p50: latency.p50, p99: latency.p99, requests: requests.total, perSecond: requests.average };
  },
});

const k6Command = (): string => {
  const own = join(tools, 'k6/bin/k6');
  return env['SEAWORTHY_K6'] ?? (existsSync(own) ? own : 'k6');
};

/** k6 with a constant arrival rate, and as many virtual users as it may have. */
export const k6 = (users: number): Tool => ({
  name: `k6, constant-arrival-rate, ${users} VUs`,
  run: async (url, { rate, seconds }) => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-k6-'));
    try {
      const [script, summary] = [join(folder, 'script.js'), join(folder, 'summary.json')];
      const executor = `executor: 'constant-arrival-rate', rate: ${rate}, duration: '${seconds}s', preAllocatedVUs: ${users}, maxVUs: ${users}`;
      writeFileSync(
        script,
        `import http from 'k6/http';\nexport const options = { scenarios: { steady: { ${executor} } } };\nexport default () => http.get('${url}');\n`,
      );
      const flags = ['--quiet', '--no-usage-report', '--summary-trend-stats', 'med,p(95),p(99)', '--summary-export', summary];
      await output(k6Command(), ['run', ...flags, script], seconds);
      const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as { metrics: Record<string, Record<string, number>> };
      const latency = metrics['http_req_duration'];
      return present({
        p50: latency?.['med'],
        p95: latency?.['p(95)'],
        p99: latency?.['p(99)'],
        requests: metrics['http_reqs']?.['count'],
        dropped: metrics['dropped_iterations']?.['count'] ?? 0,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
