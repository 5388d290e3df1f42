import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseReview } from '../src/config/normalise.ts';
import { reviewFileSchema } from '../src/config/schema.ts';
import { aRecord, type RecordParts, type RunShape } from '../src/evidence/load-tests/testing.ts';
import type { BundleParts } from '../src/evidence/testing.ts';
import { readDocument } from '../src/gather/documents/read-document.ts';
import { readScan } from '../src/gather/images/read-scan.ts';
import { parseText } from '../src/kube/yaml/parse.ts';
import type { Outcome } from '../src/model/judgement.ts';

/** One executed example of a check, as its file tells it. */
export interface Example {
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly at?: string;
  readonly asOf?: string;
  readonly objects?: string;
  readonly platform?: string;
  readonly comparison?: { readonly environment: string; readonly objects: string };
  readonly complete?: readonly string[];
  readonly platformComplete?: readonly string[];
  readonly review?: Readonly<Record<string, unknown>>;
  readonly documents?: readonly { readonly kind: string; readonly path: string; readonly text: string }[];
  readonly imageScans?: readonly { readonly path: string; readonly report: unknown }[];
  /** Runs in a few words; the whole record with its blocks and histograms is made from them. */
  readonly loadTests?: readonly { readonly path: string; readonly run: RunShape; readonly record?: RecordParts }[];
  readonly live?: boolean;
}

const knownKeys = new Set([
  'name',
  'outcome',
  'message',
  'at',
  'asOf',
  'objects',
  'platform',
  'comparison',
  'complete',
  'platformComplete',
  'review',
  'documents',
  'imageScans',
  'loadTests',
  'live',
]);

const root = join(import.meta.dirname, '..', 'src', 'checks');

/** Paths of every examples file by check id. */
export function exampleFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const gate of readdirSync(root, { withFileTypes: true })) {
    if (!gate.isDirectory()) continue;
    for (const name of readdirSync(join(root, gate.name)))
      if (name.endsWith('.examples.yaml')) files.set(name.slice(0, -'.examples.yaml'.length), join(root, gate.name, name));
  }
  return files;
}

/** Reads the examples of a check. Throws on an unknown key: a misspelt one would make an example say less than it seems to. */
export function readExamples(file: string): readonly Example[] {
  const { documents, problems } = parseText(readFileSync(file, 'utf8'));
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem) throw new Error(`${file}:${problem.position.line}: ${problem.message}`);
  const list = (documents[0]?.value ?? []) as unknown as readonly Example[];
  for (const example of list)
    for (const key of Object.keys(example))
      if (!knownKeys.has(key)) throw new Error(`${file}: example "${example.name}" has an unknown key ${key}`);
  return list;
}

/** The bundle that an example describes. */
export function partsOf(example: Example): BundleParts & { readonly asOf?: string } {
  const file = {
    apiVersion: 'seaworthy.dev/v1alpha1',
    kind: 'Review',
    metadata: { name: 'example' },
    spec: example.review ?? {},
  };
  const value = reviewFileSchema.parse(file);
  const { review } = normaliseReview(
    { value, unmasked: value, placeOf: () => ({ file: 'seaworthy.yaml', line: 1, column: 1 }) },
    'seaworthy.yaml',
    undefined,
  );
  return {
    ...(example.objects === undefined ? {} : { objects: example.objects }),
    ...(example.platform === undefined ? {} : { platform: example.platform }),
    ...(example.comparison === undefined ? {} : { comparison: example.comparison }),
    ...(example.complete === undefined ? {} : { complete: example.complete }),
    ...(example.platformComplete === undefined ? {} : { platformComplete: example.platformComplete }),
    ...(example.live === undefined ? {} : { live: example.live }),
    ...(example.asOf === undefined ? {} : { asOf: example.asOf }),
    review,
    documents: (example.documents ?? []).map(({ kind, path, text }) => readDocument(kind, path, text)),
    imageScans: (example.imageScans ?? []).flatMap(({ path, report }) => readScan(path, JSON.stringify(report)) ?? []),
    loadTests: (example.loadTests ?? []).map(({ path, run, record }) => ({ path, record: aRecord(run, record) })),
  };
}
