import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gateIds } from '../src/model/gate.ts';

/** The text of src/checks/index.ts for the check files that exist, sorted by gate and id. */
export function registryText(root: string): string {
  const found = [...gateIds].sort().flatMap((gate) => {
    const folder = join(root, 'src', 'checks', gate);
    const names = existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => /^[a-z0-9-]+\.ts$/.test(name))
          .sort()
      : [];
    return names.map((name) => ({ path: `./${gate}/${name}`, name: camelCase(name.slice(0, -'.ts'.length)) }));
  });
  return `import type { AnyCheck } from './define-check.ts';
${found.map(({ path, name }) => `import { ${name} } from '${path}';`).join('\n')}

const all = [
${found.map(({ name }) => `  ${name},`).join('\n')}
] as const;

/** Every check: the explicit list from which the standard, the docs and the schema derive. */
export const checks: readonly AnyCheck[] = all;

const checkIds = all.map(({ id }) => id);
export type CheckId = (typeof checkIds)[number];
`;
}

/** `image-age` -> `imageAge`: the name that a check's file exports. */
export const camelCase = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
