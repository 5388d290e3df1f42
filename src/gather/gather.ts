import { type Bundle, bundleFormat, type Slot } from '../evidence/bundle.ts';
import type { DeclaredReview, DeclaredStandard } from '../evidence/declared.ts';
import type { SourceSpec } from '../evidence/source-spec.ts';
import { SeaworthyError } from '../model/errors.ts';
import { version } from '../model/version.ts';
import { gatherDocuments } from './documents/documents.ts';
import { gatherGit } from './git/git.ts';
import { renderHelm } from './helm/helm.ts';
import { gatherImageScans } from './images/image-scans.ts';
import type { Io } from './io.ts';
import { renderKustomize } from './kustomize/kustomize.ts';
import { gatherLoadScript } from './load-tests/load-script.ts';
import { gatherLoadTests } from './load-tests/load-tests.ts';
import { readManifests, selectFiles } from './manifests/manifests.ts';
import { renderedRoots } from './manifests/roots.ts';

/** What to gather, and what was declared. */
export interface GatherRequest {
  readonly sources: readonly SourceSpec[];
  readonly review: DeclaredReview;
  readonly standard: DeclaredStandard;
}

/** Announces each source before it is gathered; the command line shows it on a terminal. */
export type OnProgress = (source: string, index: number, total: number) => void;

/**
 * Gathers every source into a bundle. A source that fails fills its slot with the reason and the others go on; only when no source
 * of objects could be read at all is its error thrown. An ambiguous directory is always thrown: the choice is the user's.
 */
export async function gather(io: Io, request: GatherRequest, onProgress: OnProgress = () => {}): Promise<Bundle> {
  const slots: Slot[] = [];
  const errors: SeaworthyError[] = [];
  for (const [index, spec] of request.sources.entries()) {
    onProgress(nameOf(spec), index, request.sources.length);
    try {
      slots.push(...(await gatherSource(io, spec, request.review)));
    } catch (error) {
      if (!(error instanceof SeaworthyError) || error.code === 'SW_SOURCE_AMBIGUOUS') throw error;
      errors.push(error);
      slots.push(failedSlot(spec, error));
    }
  }
  const [first] = errors;
  if (first !== undefined && !slots.some((slot) => slot.kind === 'objects' && slot.status === 'collected')) throw first;
  return {
    format: bundleFormat,
    tool: { version },
    collectedAt: io.now(),
    declared: { review: request.review, standard: request.standard },
    slots: withUniqueIds(slots),
  };
}

async function gatherSource(io: Io, spec: SourceSpec, { loadTest }: DeclaredReview): Promise<readonly Slot[]> {
  switch (spec.kind) {
    case 'manifests':
    case 'dump': {
      const selection = await selectFiles(io, spec.path);
      const rendered = await renderedRoots(io, spec, selection);
      // A directory that is nothing but a kustomization or a chart has no plain manifests of its own.
      return selection.files.length === 0 && rendered.length > 0
        ? rendered
        : [await readManifests(io, spec, selection), ...rendered];
    }
    case 'kustomize':
      return [await renderKustomize(io, spec)];
    case 'helm':
      return [await renderHelm(io, spec)];
    case 'document':
      return gatherDocuments(io, spec);
    case 'image-scan':
      return gatherImageScans(io, spec);
    case 'load-test':
      return gatherLoadTests(io, spec, [loadTest?.thresholds.p95Ms ?? [], loadTest?.thresholds.p99Ms ?? []].flat());
    case 'load-script':
      return [await gatherLoadScript(io, spec)];
    case 'git':
      return [await gatherGit(io, spec)];
  }
}

const slotKind = (spec: SourceSpec): Slot['kind'] =>
  spec.kind === 'manifests' || spec.kind === 'dump' || spec.kind === 'kustomize' || spec.kind === 'helm' ? 'objects' : spec.kind;

/** A source as its user would name it. */
export function nameOf(spec: SourceSpec): string {
  if (spec.kind === 'helm') return `helm chart ${spec.chart}`;
  if (spec.kind === 'git') return 'git';
  return spec.path === '-' ? 'standard input' : spec.path;
}

function failedSlot(spec: SourceSpec, error: SeaworthyError): Slot {
  const kind = slotKind(spec);
  const source = nameOf(spec);
  return {
    id: `${kind}:${spec.role}:${spec.environment}:${source}`,
    kind,
    source,
    role: spec.role,
    environment: spec.environment,
    status: 'failed',
    code: error.code,
    reason: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** The same path given twice is two sources. */
function withUniqueIds(slots: readonly Slot[]): readonly Slot[] {
  const seen = new Map<string, number>();
  return slots.map((slot) => {
    const count = (seen.get(slot.id) ?? 0) + 1;
    seen.set(slot.id, count);
    return count === 1 ? slot : { ...slot, id: `${slot.id}#${count}` };
  });
}
