import type { DocumentData, SlotOf } from '../../evidence/bundle.ts';
import { digestOf } from '../../evidence/digest.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import type { Io } from '../io.ts';
import { decode } from '../manifests/decode.ts';
import { readDocument } from './read-document.ts';

const maxDocumentBytes = 4 << 20;
const documentName = /\.(md|markdown|mdx|txt|adoc|rst)$/i;

/** A document, or every document of a folder. A missing one is an absent slot: that nobody wrote it is what a check wants to know. */
export async function gatherDocuments(
  io: Io,
  spec: Extract<SourceSpec, { kind: 'document' }>,
): Promise<readonly SlotOf<'document'>[]> {
  const kind = await io.kindOf(spec.path);
  const paths = kind === 'directory' ? await listDocuments(io, spec.path, 0) : [spec.path];
  if (paths.length === 0)
    return [{ ...head(spec, spec.path), status: 'absent', reason: `the folder ${spec.path} holds no document` }];
  return Promise.all(paths.map((path) => readOne(io, spec, path)));
}

async function listDocuments(io: Io, folder: string, depth: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of (await io.list(folder)) ?? []) {
    const path = `${folder.replace(/\/+$/, '')}/${entry.name}`;
    if (entry.kind === 'directory' && depth < 5 && !entry.name.startsWith('.'))
      found.push(...(await listDocuments(io, path, depth + 1)));
    else if (entry.kind !== 'directory' && documentName.test(entry.name)) found.push(path);
  }
  return found;
}

const head = (spec: Extract<SourceSpec, { kind: 'document' }>, path: string) =>
  ({
    id: `document:${spec.environment}:${spec.documentKind}:${path}`,
    kind: 'document',
    source: path,
    role: spec.role,
    environment: spec.environment,
  }) as const;

async function readOne(io: Io, spec: Extract<SourceSpec, { kind: 'document' }>, path: string): Promise<SlotOf<'document'>> {
  const read = await io.read(path, maxDocumentBytes);
  if (!read.ok) {
    return read.problem === 'missing'
      ? { ...head(spec, path), status: 'absent', reason: read.message }
      : { ...head(spec, path), status: 'failed', code: 'SW_SOURCE_UNREADABLE', reason: read.message };
  }
  const decoded = decode(read.bytes);
  if (!decoded.ok)
    return { ...head(spec, path), status: 'failed', code: 'SW_SOURCE_UNREADABLE', reason: `${path}: ${decoded.problem.message}` };
  const data: DocumentData = readDocument(spec.documentKind, path, decoded.text);
  return { ...head(spec, path), status: 'collected', collectedAt: io.now(), digest: digestOf(decoded.text), data };
}
