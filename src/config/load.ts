import {
  type DeclaredLoadTest,
  type DeclaredReview,
  type DeclaredStandard,
  emptyReview,
  type StandardOverlay,
} from '../evidence/declared.ts';
import type { SourceSpec } from '../evidence/source-spec.ts';
import { SeaworthyError } from '../model/errors.ts';
import { normaliseReview } from './normalise.ts';
import { dirname, joinPath } from './paths.ts';
import { readFileWith } from './read-file.ts';
import { reviewFileSchema, type StandardFile, standardFileSchema } from './schema.ts';

/** What is reviewed, what was declared about it, and what is demanded. */
export interface System {
  readonly review: DeclaredReview;
  readonly standard: DeclaredStandard;
  readonly sources: readonly SourceSpec[];
  /** The load test with its literal headers and bodies, for running it; no output may hold it. `review.loadTest` is its masked form. */
  readonly loadTest?: DeclaredLoadTest;
}

/** Reads a file's text; throws a SeaworthyError when it cannot. */
export type ReadText = (path: string) => Promise<string>;

const builtIn = ['recommended', 'manifests'] as const;
const isBuiltIn = (name: string): name is DeclaredStandard['base'] => (builtIn as readonly string[]).includes(name);

/** Whether a YAML text is one of our review files rather than a manifest. */
export function isReviewFile(text: string): boolean {
  return /^apiVersion:\s*["']?seaworthy\.dev\//m.test(text) && /^kind:\s*["']?Review\b/m.test(text);
}

/** Paths without a review file: everything by default, and the output says what was assumed. */
export function defaultSystem(paths: readonly string[], environment?: string): System {
  const [first = '.'] = paths;
  const name =
    first === '-'
      ? 'stdin'
      : (first.replace(/\/+$/, '').split('/').at(-1) ?? 'system').replace(/\.(ya?ml|json)$/, '') || 'system';
  const review = emptyReview(name === '.' || name === '..' ? 'system' : name, environment);
  const common = { role: 'system', environment: review.environment } as const;
  return {
    review,
    standard: { base: 'recommended', overlays: [] },
    sources: [
      ...paths.map((path): SourceSpec => ({ kind: 'manifests', path, ...common })),
      ...(first === '-' ? [] : [{ kind: 'git', path: first, ...common } as const]),
    ],
  };
}

/** Reads a review file; paths in it are relative to the file. Throws SW_REVIEW_FILE with file:line:column. */
export async function loadReviewFile(read: ReadText, path: string, environment?: string): Promise<System> {
  const file = readFileWith(reviewFileSchema, await read(path), path, 'SW_REVIEW_FILE');
  const { review, sources, overlay, loadTest } = normaliseReview(file, path, environment);
  const extended = await extendStandard(read, file.value.spec?.standard?.extends ?? ['recommended'], dirname(path), []);
  return {
    review,
    sources,
    ...(loadTest === undefined ? {} : { loadTest }),
    standard: { base: extended.base, overlays: [...extended.overlays, ...(overlay === undefined ? [] : [overlay])] },
  };
}

/** `--standard NAME|FILE`: replaces the base and the organisation's part; what the review file tightens stays. */
export async function loadStandardFile(read: ReadText, name: string, current: DeclaredStandard): Promise<DeclaredStandard> {
  const own = current.overlays.filter((overlay) => overlay.origin === 'review');
  const extended = await extendStandard(read, [name], '.', []);
  return { base: extended.base, overlays: [...extended.overlays, ...own] };
}

async function extendStandard(
  read: ReadText,
  names: readonly string[],
  folder: string,
  chain: readonly string[],
): Promise<DeclaredStandard> {
  let base: DeclaredStandard['base'] = 'recommended';
  const overlays: StandardOverlay[] = [];
  for (const name of names) {
    if (isBuiltIn(name)) {
      base = name;
      continue;
    }
    const path = joinPath(folder, name);
    if (chain.includes(path))
      throw new SeaworthyError('SW_STANDARD_FILE', `The standard extends itself: ${[...chain, path].join(' -> ')}.`, {
        where: path,
      });
    const { value, placeOf } = readFileWith(standardFileSchema, await read(path), path, 'SW_STANDARD_FILE');
    const parent = await extendStandard(read, value.spec?.extends ?? ['recommended'], dirname(path), [...chain, path]);
    base = parent.base;
    overlays.push(...parent.overlays, overlayOf(value, placeOf('metadata', 'name')));
  }
  return { base, overlays };
}

function overlayOf(file: StandardFile, place: StandardOverlay['place']): StandardOverlay {
  const { levels = {}, parameters = {}, exemptGates = {}, waivableUnknowns = [], signOffs = {} } = file.spec ?? {};
  return {
    origin: 'organisation',
    id: file.metadata.name,
    levels,
    parameters,
    exemptGates: defined(exemptGates),
    waivableUnknowns,
    signOffs: defined(signOffs),
    ...(place === undefined ? {} : { place }),
  };
}

/** A copy without undefined values. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
