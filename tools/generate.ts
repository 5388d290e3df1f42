import { existsSync, mkdirSync, readFileSync, rmSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { argv, exit } from 'node:process';
import { reviewFileJsonSchema } from '../src/config/schema.ts';
import { resultJsonSchema } from '../src/report/result-schema.ts';
import { referencePages } from './generate-docs.ts';
import { fieldTable } from './generate-fields.ts';

/** Everything that is derived from the code, by path. `--check` compares instead of writing. */
const root = join(import.meta.dirname, '..');

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const files = new Map<string, string>([
  ['src/kube/generated/fields.json', await fieldTable()],
  ['schema/review-file.schema.json', json(reviewFileJsonSchema())],
  ['schema/review-result.schema.json', json(resultJsonSchema())],
  ...referencePages(),
]);

const check = argv.includes('--check');
let stale = 0;
for (const [path, content] of files) {
  const full = join(root, path);
  if (existsSync(full) && readFileSync(full, 'utf8') === content) continue;
  stale += 1;
  if (check) console.error(`stale: ${path}`);
  else {
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
}
/** Pages of things that are gone. */
for (const folder of ['docs/reference']) {
  for (const path of listFiles(join(root, folder))) {
    const name = relative(root, path);
    if (files.has(name)) continue;
    stale += 1;
    if (check) console.error(`left over: ${name}`);
    else rmSync(path);
  }
}
console.log(
  check ? `${files.size} generated files, ${stale} not current` : `${files.size} generated files, ${stale} written or removed`,
);
if (check && stale > 0) {
  console.error('Run: npm run generate');
  exit(1);
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? listFiles(path) : [path];
  });
}
