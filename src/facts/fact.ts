import type { Bundle } from '../evidence/bundle.ts';

/** A value that names what it derives from. Facts form a DAG whose leaves read the bundle. */
export interface Source<T> {
  readonly id: string;
  readonly from: readonly Source<unknown>[];
  derive(...input: never[]): T;
}

/** A leaf: reads one part of the bundle. */
export interface EvidenceSource<T> extends Source<T> {
  read(bundle: Bundle): T;
}

type Values<F extends readonly Source<unknown>[]> = { -readonly [I in keyof F]: F[I] extends Source<infer T> ? T : never };

/** Declares a leaf. `read` selects from the bundle; it derives nothing. */
export function evidence<T>(id: string, read: (bundle: Bundle) => T): EvidenceSource<T> {
  const unreadable = () => {
    throw new Error(`evidence ${id} is read, not derived`);
  };
  return { id, from: [], derive: unreadable, read };
}

/** Declares a fact: a pure function of other facts and evidence. */
export function fact<const F extends readonly Source<unknown>[], T>(
  id: string,
  from: F,
  derive: (...input: Values<F>) => T,
): Source<T> {
  return { id, from, derive: derive as (...input: never[]) => T };
}

/** Gives the value of any fact of one bundle, deriving each once. */
export type FactStore = <T>(source: Source<T>) => T;

/**
 * The facts of one bundle. A fact that throws is remembered and throws again, so that every check that needs it becomes unknown.
 */
export function createFacts(bundle: Bundle): FactStore {
  const known = new Map<Source<unknown>, { readonly value: unknown } | { readonly error: unknown }>();
  const get = <T>(source: Source<T>): T => {
    let entry = known.get(source);
    if (entry === undefined) {
      try {
        entry = { value: compute(source) };
      } catch (error) {
        entry = { error };
      }
      known.set(source, entry);
    }
    if ('error' in entry) throw entry.error;
    return entry.value as T;
  };
  const compute = (source: Source<unknown>): unknown =>
    'read' in source
      ? (source as EvidenceSource<unknown>).read(bundle)
      : (source.derive as (...input: unknown[]) => unknown)(...source.from.map(get));
  return get;
}
