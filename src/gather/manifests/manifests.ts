import type { ObjectsData, SlotOf, SourceFile } from '../../evidence/bundle.ts';
import { digestOf } from '../../evidence/digest.ts';
import { maskSource } from '../../evidence/masking/mask-source.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Io, ReadResult } from '../io.ts';
import { decode } from './decode.ts';
import { expandGlob, isGlob, walk } from './walk.ts';

/** A file beyond this is no manifest: 64 MB holds about 50,000 objects. */
const maxFileBytes = 64 << 20;

export type ObjectSpec = Extract<SourceSpec, { kind: 'manifests' | 'dump' | 'kustomize' | 'helm' }>;

/** What the files of a `manifests` source are, before they are read. */
export interface Selection {
  readonly files: readonly string[];
  readonly kustomizations: readonly string[];
  readonly charts: readonly string[];
  readonly skipped: readonly string[];
  /** Named one by one, so that each must be a manifest; in a directory other YAML may lie about. */
  readonly explicit: boolean;
}

/** Finds the files of a path. Throws SW_SOURCE_NOT_FOUND when there is nothing there. */
export async function selectFiles(io: Io, path: string): Promise<Selection> {
  const none = { kustomizations: [], charts: [], skipped: [] };
  if (path === '-') return { files: ['-'], ...none, explicit: true };
  const kind = await io.kindOf(path);
  if (kind === 'directory') {
    const found = await walk(io, trimSlash(path));
    if (found.cut)
      throw new SeaworthyError('SW_SOURCE_UNREADABLE', 'The directory holds too many entries to be a set of manifests.', {
        where: path,
        hint: 'Name the folder that holds the manifests.',
      });
    return { ...found, explicit: false };
  }
  if (kind !== undefined) return { files: [path], ...none, explicit: true };
  if (isGlob(path)) {
    const files = await expandGlob(io, path);
    if (files.length > 0) return { files, ...none, explicit: true };
    throw new SeaworthyError('SW_SOURCE_NOT_FOUND', 'No file matches the pattern.', {
      where: path,
      hint: 'Quote the pattern, and write it with "/".',
    });
  }
  throw new SeaworthyError('SW_SOURCE_NOT_FOUND', 'There is no such file or directory.', {
    where: path,
    hint: 'Give the path of a manifest, a folder of manifests, a kustomization or a chart.',
  });
}

const trimSlash = (path: string) => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** Reads manifests into a slot: masked texts, and problems for what could not be read. */
export async function readManifests(
  io: Io,
  spec: Extract<ObjectSpec, { path: string }>,
  selection: Selection,
): Promise<SlotOf<'objects'>> {
  const files: SourceFile[] = [];
  for (const path of selection.files) {
    const read = path === '-' ? await io.stdin(maxFileBytes) : await io.read(path, maxFileBytes);
    const file = readSource(path === '-' ? '<stdin>' : path, read, { explicit: selection.explicit, live: spec.kind === 'dump' });
    if (file !== undefined) files.push(file);
  }
  return objectsSlot(
    spec,
    spec.path === '-' ? 'standard input' : spec.path,
    spec.kind === 'dump' ? 'dump' : 'manifests',
    files,
    io.now(),
  );
}

/** One file, decoded and masked. Undefined for a file of a directory that is no manifest at all. */
function readSource(
  path: string,
  read: ReadResult,
  options: { readonly explicit: boolean; readonly live: boolean },
): SourceFile | undefined {
  if (!read.ok) {
    return {
      path,
      masks: [],
      problems: [
        {
          code: read.problem === 'too-large' ? 'too-large' : 'unreadable',
          severity: 'error',
          message: read.message,
          position: start,
        },
      ],
    };
  }
  const decoded = decode(read.bytes);
  if (!decoded.ok) return { path, masks: [], problems: [decoded.problem] };
  if (!options.explicit && !mayHoldObjects(decoded.text)) return undefined;
  return sourceFile(path, decoded.text, options.live);
}

/**
 * values.yaml, docker-compose.yml, package.json: without both words no document in it can be an object. One that has a kind and
 * metadata was meant as an object, and its `apiVersion` is missing or misspelt: silence about it would be a pass.
 */
const mayHoldObjects = (text: string): boolean =>
  (text.includes('apiVersion') && text.includes('kind')) || (/^kind\s{0,5}:/m.test(text) && /^metadata\s{0,5}:/m.test(text));

const start = { line: 1, column: 1, offset: 0 } as const;

/** Masks a text before anything else sees it. */
export function sourceFile(path: string, text: string, live: boolean): SourceFile {
  const masked = maskSource(text, { path });
  return {
    path,
    ...(masked.text === undefined ? {} : { text: masked.text }),
    masks: masked.text === undefined ? [] : masked.masks,
    problems: masked.problems,
    ...(live ? { live } : {}),
  };
}

/** The collected slot of an object source. Its digest covers what the objects say, not what rendering invents anew each time. */
export function objectsSlot(
  spec: ObjectSpec,
  source: string,
  form: ObjectsData['form'],
  files: readonly SourceFile[],
  now: string,
  digested?: unknown,
): SlotOf<'objects'> {
  const data: ObjectsData = {
    form,
    ...(spec.complete === undefined ? {} : { complete: spec.complete }),
    defaultNamespace: spec.namespace ?? 'default',
    files,
  };
  return {
    id: `objects:${spec.role}:${spec.environment}:${source}`,
    kind: 'objects',
    source,
    role: spec.role,
    environment: spec.environment,
    status: 'collected',
    collectedAt: now,
    digest: digestOf(digested ?? files.map((file) => [file.path, file.text ?? null, file.masks])),
    data,
  };
}
