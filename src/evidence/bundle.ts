import type { MaskTable } from '../model/mask.ts';
import type { SourceProblem } from '../kube/yaml/document.ts';
import type { DeclaredReview, DeclaredStandard } from './declared.ts';
import type { LoadTestRecord } from './load-tests/record.ts';

export const bundleFormat = 'seaworthy.bundle/v1';

/** Everything that decides a review. `review(bundle, { asOf })` has no other input. */
export interface Bundle {
  readonly format: typeof bundleFormat;
  readonly tool: { readonly version: string };
  /** RFC 3339, UTC. The default of `asOf`. */
  readonly collectedAt: string;
  readonly declared: { readonly review: DeclaredReview; readonly standard: DeclaredStandard };
  readonly slots: readonly Slot[];
}

/**
 * - system: what is under review. platform: what it stands on (cluster add-ons, namespaces, StorageClasses).
 * - comparison: another environment, only for checks that compare.
 */
export type SourceRole = 'system' | 'platform' | 'comparison';

interface SlotHead<K extends keyof SlotData> {
  /** Unique in a bundle: `objects:k8s/production`. */
  readonly id: string;
  readonly kind: K;
  /** As the user would name it: a path, `helm chart charts/gravl`, `git`. */
  readonly source: string;
  readonly role: SourceRole;
  readonly environment: string;
}

/** What a slot of each kind holds once collected. */
export interface SlotData {
  readonly objects: ObjectsData;
  readonly document: DocumentData;
  readonly git: GitData;
  readonly 'image-scan': ImageScanData;
  readonly 'load-test': LoadTestData;
  readonly 'load-script': LoadScriptData;
}
export type SlotKind = keyof SlotData;

export type SlotOf<K extends SlotKind> = SlotHead<K> &
  (
    | { readonly status: 'collected'; readonly collectedAt: string; readonly digest: string; readonly data: SlotData[K] }
    | { readonly status: 'absent'; readonly reason: string }
    | { readonly status: 'failed'; readonly code: string; readonly reason: string; readonly hint?: string }
  );
export type Slot = { [K in SlotKind]: SlotOf<K> }[SlotKind];

export interface ObjectsData {
  readonly form: 'manifests' | 'dump' | 'kustomize' | 'helm';
  /** Kinds of which the source holds all that exist in its environment. Absent: the namespaced kinds found in it. */
  readonly complete?: readonly string[];
  /** Namespace of namespaced objects that name none. */
  readonly defaultNamespace: string;
  readonly files: readonly SourceFile[];
}

/** One file (or rendered stream) of object documents. */
export interface SourceFile {
  /** Path with `/`, relative to where the command ran. */
  readonly path: string;
  /** Masked text. Absent where the file could not be read as a whole: then `problems` says why. */
  readonly text?: string;
  /** Masks by document index. */
  readonly masks: readonly { readonly document: number; readonly table: MaskTable }[];
  /** Problems that only the gatherer can see (unreadable, not UTF-8, too large) or that stand in text that was dropped. */
  readonly problems: readonly SourceProblem[];
  /** For rendered streams: the origin of each document (`templates/deployment.yaml`), by document index. */
  readonly origins?: readonly string[];
  /** For rendered streams: values that differ between two renderings, as [document, path]; kept out of digests. */
  readonly generatedAtRender?: readonly { readonly document: number; readonly path: readonly (string | number)[] }[];
  /** RFC 3339 of a live dump, where known. */
  readonly live?: boolean;
}

/** A document's structure. Its text stays where it is: the judgement needs only what is there and what is left open. */
export interface DocumentData {
  readonly documentKind: string;
  readonly path: string;
  readonly title?: string;
  readonly words: number;
  readonly sections: readonly DocumentSection[];
  /** Markers of unfinished text: TODO, TBD, FIXME, `to be completed`, `???`, lorem ipsum, `<placeholder>`. */
  readonly openMarkers: readonly { readonly marker: string; readonly line: number }[];
}

export interface DocumentSection {
  readonly heading: string;
  readonly level: number;
  readonly line: number;
  /** Words of the section's own text, sub-sections not counted. */
  readonly words: number;
}

export interface GitData {
  readonly commit: string;
  readonly dirty: boolean;
  readonly root: string;
}

export interface ImageScanData {
  readonly tool: string;
  readonly path: string;
  /** Absent where the report says no time: then its age is unknown. */
  readonly scannedAt?: string;
  /** `sha256:...` digests the report is about; a tag alone identifies nothing. */
  readonly digests: readonly string[];
  readonly image: string;
  /** False for a report that is empty, truncated or says that a part failed. */
  readonly whole: boolean;
  readonly problem?: string;
  readonly vulnerabilities: Readonly<Record<string, number>>;
  /** Secrets found in the image; absent when the scan did not look for secrets. */
  readonly secrets?: number;
}

/** One run of a load test, as a file holds it. */
export interface LoadTestData {
  readonly path: string;
  readonly record: LoadTestRecord;
}

/** The script that the review file names as its load test, as it stands now. */
export interface LoadScriptData {
  readonly path: string;
  /** `sha256:` and 64 hex digits of the file's bytes. */
  readonly sha256: string;
}

/** The slots of one kind. */
export function slotsOf<K extends SlotKind>(bundle: Bundle, kind: K): readonly SlotOf<K>[] {
  return bundle.slots.filter((slot): slot is Extract<Slot, { kind: K }> => slot.kind === kind) as readonly SlotOf<K>[];
}
