import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A real k6 for the tests, where Go is installed: built from the Go module proxy, because k6 is in no registry of packages. It is run as a
 * program and never shipped. Without Go the tests on it are skipped, and this says so.
 */
const version = 'v1.8.1';
const bin = join(import.meta.dirname, 'bin');
const k6 = join(bin, process.platform === 'win32' ? 'k6.exe' : 'k6');
const skip = (why) => console.log(`tools:k6: skipped, ${why}; tests on a real k6 are skipped too.`);

const isThere = existsSync(k6) && spawnSync(k6, ['version'], { encoding: 'utf8' }).stdout?.includes(`k6 ${version} `);
if (isThere) console.log(`tools:k6: k6 ${version} is there.`);
else if (spawnSync('go', ['version']).status !== 0) skip('Go is not installed');
else {
  const { status, error } = spawnSync('go', ['install', `go.k6.io/k6@${version}`], {
    // Not the go.mod, nor the toolchain, of wherever this runs.
    env: { ...process.env, GOBIN: bin, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: 900_000,
  });
  if (status === 0 && existsSync(k6)) console.log(`tools:k6: k6 ${version} is built.`);
  else skip(`go install go.k6.io/k6@${version} failed (${error?.message ?? `exit code ${status}`})`);
}
