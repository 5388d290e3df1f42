import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import type { Io } from '../io.ts';

/** What a directory holds: object files to read, and roots of things that must be rendered first. */
export interface Walk {
  /** Paths with `/`, sorted, each real file once. */
  readonly files: readonly string[];
  /** Directories with a kustomization file. Their own files are not in `files`. */
  readonly kustomizations: readonly string[];
  /** Directories with a `Chart.yaml`. Nothing under them is in `files`. */
  readonly charts: readonly string[];
  /** Ignored or unreadable directories, for the record. */
  readonly skipped: readonly string[];
  /** Too many entries or too deep: the walk stopped. */
  readonly cut: boolean;
}

const manifestName = /\.(ya?ml|json)$/i;
const kustomizationNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);
/** Never manifests, whatever an ignore file says. */
const alwaysIgnored = new Set(['.git', 'node_modules', '.terraform', '.svn', '.hg']);
const maxEntries = 200_000;
const maxDepth = 40;

/** Lists a directory recursively: links are followed once, `.gitignore` files hold, hidden directories are left out. */
export async function walk(io: Io, root: string): Promise<Walk> {
  const files: string[] = [];
  const kustomizations: string[] = [];
  const charts: string[] = [];
  const skipped: string[] = [];
  const seen = new Set<string>();
  let entriesLeft = maxEntries;
  let cut = false;

  const visit = async (directory: string, depth: number, rules: readonly Rules[]): Promise<void> => {
    const real = await io.realPath(directory);
    if (real === undefined || seen.has(real)) return;
    seen.add(real);
    if (depth > maxDepth) {
      cut = true;
      return;
    }
    const entries = await io.list(directory);
    if (entries === undefined) {
      skipped.push(directory);
      return;
    }
    const names = new Set(entries.map((entry) => entry.name));
    if (names.has('Chart.yaml')) {
      charts.push(directory);
      return;
    }
    const isKustomization = [...kustomizationNames].some((name) => names.has(name));
    if (isKustomization) kustomizations.push(directory);
    const own = names.has('.gitignore') ? [...rules, await readRules(io, directory)] : rules;
    for (const entry of entries) {
      entriesLeft -= 1;
      if (entriesLeft < 0) {
        cut = true;
        return;
      }
      const path = directory === '.' ? entry.name : `${directory}/${entry.name}`;
      const kind = entry.kind === 'link' ? await io.kindOf(path) : entry.kind;
      const ignored =
        (entry.name.startsWith('.') && kind === 'directory') ||
        alwaysIgnored.has(entry.name) ||
        isIgnored(own, path, kind === 'directory');
      if (ignored) {
        if (kind === 'directory' && !entry.name.startsWith('.')) skipped.push(path);
      } else if (kind === 'directory') await visit(path, depth + 1, own);
      else if (kind === 'file' && !isKustomization && manifestName.test(entry.name) && (await isNew(path))) files.push(path);
    }
  };
  const isNew = async (path: string): Promise<boolean> => {
    const real = await io.realPath(path);
    if (real === undefined || seen.has(real)) return false;
    seen.add(real);
    return true;
  };
  await visit(root, 0, []);
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return {
    files: files.sort(order),
    kustomizations: kustomizations.sort(order),
    charts: charts.sort(order),
    skipped: skipped.sort(order),
    cut,
  };
}

interface Rules {
  readonly directory: string;
  readonly matcher: Ignore;
}

async function readRules(io: Io, directory: string): Promise<Rules> {
  const file = await io.read(directory === '.' ? '.gitignore' : `${directory}/.gitignore`, 1 << 20);
  const text = file.ok ? new TextDecoder().decode(file.bytes) : '';
  return { directory, matcher: ignore().add(text) };
}

function isIgnored(rules: readonly Rules[], path: string, isDirectory: boolean): boolean {
  return rules.some(({ directory, matcher }) => {
    const relative = directory === '.' ? path : path.slice(directory.length + 1);
    return relative !== '' && matcher.ignores(isDirectory ? `${relative}/` : relative);
  });
}

export const isGlob = (path: string): boolean => /[*?[\]{}]/.test(path);

/** Files that a glob matches, below its fixed part. */
export async function expandGlob(io: Io, pattern: string): Promise<readonly string[]> {
  const { base } = picomatch.scan(pattern);
  const matches = picomatch(pattern, { dot: false });
  const found = await walk(io, base === '' ? '.' : base);
  return found.files.filter((file) => matches(file));
}
