// Records what the tests read: `node test/load/k6-recordings/record.mjs [path of k6]`. See README.md.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const k6 = process.argv[2] ?? join(import.meta.dirname, '../../../tools/k6/bin/k6');
const script = `
import http from 'k6/http';
import { check } from 'k6';
export const options = {
  scenarios: { steady: { executor: 'constant-arrival-rate', rate: 20, duration: '6s', preAllocatedVUs: 3, maxVUs: 3, gracefulStop: '1s' } },
  thresholds: { http_req_duration: ['p(95)<200', 'p(99)<1'], http_req_failed: ['rate<0.5'], dropped_iterations: ['count<1'] },
};
export function setup() {
  http.get(__ENV.TARGET + '/sign-in');
  return { token: 'recorded-token' };
}
export default function () {
  const paths = ['/', '/', '/', '/slow', '/', '/missing', '/', '/broken', '/', '/reset'];
  const path = __ITER === 34 && __VU === 1 ? '/hang' : paths[(__ITER + __VU) % paths.length];
  check(http.get(__ENV.TARGET + path), { 'status is 200': (response) => response.status === 200 });
}
export function handleSummary(data) {
  return { [__ENV.HANDLE_SUMMARY]: JSON.stringify(data, null, 1) };
}
`;

const statuses = { '/missing': 404, '/broken': 503 };
const server = createServer((request, response) => {
  if (request.url === '/hang') return;
  if (request.url === '/reset') return void request.socket.destroy();
  setTimeout(() => response.writeHead(statuses[request.url] ?? 200).end('ok'), request.url === '/slow' ? 230 : 2);
});
await new Promise((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-recording-'));
const at = (name) => join(folder, name);
writeFileSync(at('script.js'), script);
const run = (args, machineReadable) =>
  new Promise((resolve) => {
    const child = spawn(k6, ['run', '--no-usage-report', '--quiet', '--no-color', ...args, 'script.js'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        TARGET: `http://127.0.0.1:${server.address().port}`,
        // With the machine-readable summary, handleSummary gets that shape too.
        HANDLE_SUMMARY: at(machineReadable ? 'not-kept.json' : 'handle-summary.json'),
        K6_AUTO_EXTENSION_RESOLUTION: 'false',
        K6_NEW_MACHINE_READABLE_SUMMARY: String(machineReadable),
      },
    });
    child.on('close', resolve);
  });
const everyStatistic = '--summary-trend-stats=avg,min,med,max,p(90),p(95),p(99),p(99.9),count';
await run([`--summary-export=${at('summary-export.json')}`, everyStatistic, `--out=json=${at('stream.ndjson')}`], false);
await run([`--summary-export=${at('machine-readable.json')}`], true);
server.closeAllConnections();
server.close();

for (const name of ['summary-export.json', 'handle-summary.json', 'machine-readable.json'])
  writeFileSync(join(import.meta.dirname, name), readFileSync(at(name)));
writeFileSync(join(import.meta.dirname, 'stream.ndjson.gz'), gzipSync(readFileSync(at('stream.ndjson')), { level: 9 }));
rmSync(folder, { recursive: true });
console.log(execFileSync(k6, ['version'], { encoding: 'utf8' }).trim());
