import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { loadReviewFile } from '../src/config/load.ts';
import type { Bundle } from '../src/evidence/bundle.ts';
import { gather } from '../src/gather/gather.ts';
import type { Entry, Io } from '../src/gather/io.ts';
import { nodeIo } from '../src/gather/node-io.ts';
import { readLines } from '../src/gather/read-lines.ts';
import { asOf, root } from './gravl.ts';

const home = 'examples/gravl';

/** One change to a file of Gravl, its path relative to examples/gravl. */
export type Edit =
  | { readonly file: string; readonly replace: string; readonly by: string }
  | { readonly file: string; readonly content: string }
  | { readonly file: string; readonly append: string }
  /** A copy of another file as it stands on disk. */
  | { readonly file: string; readonly copyOf: string }
  | { readonly file: string; readonly remove: true }
  | { readonly file: string; readonly change: (text: string) => string };

/** Gravl's files with changes laid over them; nothing on disk changes. */
export class Overlay {
  readonly #texts: Map<string, string | undefined>;

  constructor(texts: ReadonlyMap<string, string | undefined> = new Map()) {
    this.#texts = new Map(texts);
  }

  /** This overlay with further changes; each replacement must match exactly once. */
  with(edits: readonly Edit[]): Overlay {
    const next = new Overlay(this.#texts);
    for (const edit of edits) next.#texts.set(join(home, edit.file), next.#after(edit));
    return next;
  }

  #after(edit: Edit): string | undefined {
    if ('content' in edit) return edit.content;
    if ('copyOf' in edit) return readFileSync(join(root, home, edit.copyOf), 'utf8');
    const path = join(home, edit.file);
    const text = this.text(path);
    if ('remove' in edit) return undefined;
    if ('append' in edit) return `${text.trimEnd()}\n---\n${edit.append}`;
    if ('change' in edit) {
      const changed = edit.change(text);
      if (changed === text) throw new Error(`The change leaves ${edit.file} as it is.`);
      return changed;
    }
    const parts = text.split(edit.replace);
    if (parts.length !== 2) throw new Error(`${JSON.stringify(edit.replace)} stands ${parts.length - 1} times in ${edit.file}.`);
    if (edit.by === edit.replace) throw new Error(`The replacement leaves ${edit.file} as it is.`);
    return parts.join(edit.by);
  }

  text(path: string): string {
    const text = this.#texts.has(path) ? this.#texts.get(path) : readFileSync(join(root, path), 'utf8');
    if (text === undefined) throw new Error(`${path} was removed.`);
    return text;
  }

  /** The bundle of a review file under this overlay, without git. */
  async bundle(name: 'staging' | 'production'): Promise<Bundle> {
    const system = await loadReviewFile(async (path) => this.text(path), `${home}/${name}.seaworthy.yaml`);
    return gather(this.#io(), { ...system, sources: system.sources.filter(({ kind }) => kind !== 'git') });
  }

  #io(): Io {
    const real = nodeIo({ cwd: root, stdin: Readable.from([]), env: {}, now: () => asOf });
    const texts = this.#texts;
    const clean = (path: string) => join(path);
    const below = (path: string) => [...texts].filter(([key]) => key.startsWith(`${clean(path)}/`));
    return {
      ...real,
      async read(path, maxBytes) {
        const key = clean(path);
        if (!texts.has(key)) return real.read(path, maxBytes);
        const text = texts.get(key);
        return text === undefined
          ? { ok: false, problem: 'missing', message: `${path} does not exist` }
          : { ok: true, bytes: new TextEncoder().encode(text) };
      },
      async lines(path, limits, onLine) {
        const key = clean(path);
        if (!texts.has(key)) return real.lines(path, limits, onLine);
        const text = texts.get(key);
        return text === undefined
          ? { ok: false, problem: 'missing', message: `${path} does not exist` }
          : readLines(Readable.from([new TextEncoder().encode(text)]), path, limits, onLine);
      },
      async list(path) {
        const found = await real.list(path);
        const entries = new Map((found ?? []).map((entry) => [entry.name, entry]));
        for (const [key, text] of below(path)) {
          const [name = '', ...rest] = key.slice(clean(path).length + 1).split('/');
          if (rest.length > 0) entries.set(name, entries.get(name) ?? { name, kind: 'directory' });
          else if (text === undefined) entries.delete(name);
          else entries.set(name, { name, kind: 'file' });
        }
        if (found === undefined && entries.size === 0) return undefined;
        return [...entries.values()].sort((a: Entry, b: Entry) => (a.name < b.name ? -1 : 1));
      },
      async kindOf(path) {
        const key = clean(path);
        if (texts.has(key)) return texts.get(key) === undefined ? undefined : 'file';
        return (await real.kindOf(path)) ?? (below(path).length > 0 ? 'directory' : undefined);
      },
      async realPath(path) {
        return (
          (await real.realPath(path)) ??
          (texts.get(clean(path)) !== undefined || below(path).length > 0 ? `${root}/${clean(path)}` : undefined)
        );
      },
    };
  }
}

/** Gravl as it stands on disk. */
export const gravl = new Overlay();
