import type { ScalarLeaf } from '../../kube/yaml/scalars.ts';
import type { Path } from '../../model/judgement.ts';
import type { Edit } from './source-edits.ts';
import { scanShapes } from './text-scan.ts';

const shortestToken = 16;

export interface MaskedKeys {
  readonly edits: readonly Edit[];
  /** The path under which reading the masked text finds what stood at `path`. */
  readonly rename: (document: number, path: Path) => Path;
}

/** Hides keys that have the shape of a token. Each becomes another run of letters, so that no two keys of a mapping become one. */
export function maskedKeys(leaves: readonly ScalarLeaf[]): MaskedKeys {
  const names = new Map<string, string>();
  const edits: Edit[] = [];
  for (const { isKey, value, contentStart, contentEnd } of leaves) {
    if (!isKey || typeof value !== 'string' || value.length < shortestToken || value.includes('\n')) continue;
    if (!names.has(value) && !isToken(value)) continue;
    const name = names.get(value) ?? nameOf(names.size, contentEnd - contentStart);
    names.set(value, name);
    edits.push({
      start: contentStart,
      end: contentEnd,
      fill: { text: name.padStart(contentEnd - contentStart, 'x').slice(-(contentEnd - contentStart)) },
    });
  }
  if (names.size === 0) return { edits, rename: (_document, path) => path };
  return {
    edits,
    rename: (_document, path) => path.map((step) => (typeof step === 'string' ? (names.get(step) ?? step) : step)),
  };
}

const isToken = (key: string): boolean => scanShapes(key).length > 0;

/** `xxx...xab`: the number of the key in letters, behind as many x as the key was long. */
function nameOf(index: number, length: number): string {
  let name = '';
  for (let rest = index; rest > 0; rest = Math.floor(rest / 20)) name = 'abcdefghijklmnopqrst'.charAt(rest % 20) + name;
  return name.padStart(length, 'x');
}
