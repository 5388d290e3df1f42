import {
  type Bundle,
  bundleFormat,
  type DocumentData,
  type ImageScanData,
  type LoadScriptData,
  type LoadTestData,
  type Slot,
  type SourceRole,
} from './bundle.ts';
import { type DeclaredReview, type DeclaredStandard, emptyReview } from './declared.ts';
import { digestOf } from './digest.ts';
import { maskSource } from './masking/mask-source.ts';

/** A bundle in a few words, for tests and examples. Texts go through the real masking. */
export interface BundleParts {
  readonly objects?: string;
  readonly platform?: string;
  readonly comparison?: { readonly environment: string; readonly objects: string };
  readonly complete?: readonly string[];
  readonly platformComplete?: readonly string[];
  readonly review?: Partial<DeclaredReview>;
  readonly standard?: DeclaredStandard;
  readonly documents?: readonly DocumentData[];
  readonly imageScans?: readonly ImageScanData[];
  readonly loadTests?: readonly LoadTestData[];
  readonly loadScripts?: readonly LoadScriptData[];
  readonly collectedAt?: string;
  readonly live?: boolean;
}

const defaultMoment = '2026-03-06T08:50:00Z';

export function aBundle(parts: BundleParts): Bundle {
  const collectedAt = parts.collectedAt ?? defaultMoment;
  const source = (
    id: string,
    text: string,
    role: SourceRole,
    environment: string,
    complete: readonly string[] | undefined,
  ): Slot => {
    const masked = maskSource(text, { path: `${id}.yaml` });
    const file = {
      path: `${id}.yaml`,
      masks: masked.text === undefined ? [] : masked.masks,
      problems: masked.problems,
      ...(masked.text === undefined ? {} : { text: masked.text }),
      ...(parts.live ? { live: true } : {}),
    };
    return {
      id: `objects:${id}`,
      kind: 'objects',
      source: `${id}.yaml`,
      role,
      environment,
      status: 'collected',
      collectedAt,
      digest: digestOf(text),
      data: {
        form: parts.live ? 'dump' : 'manifests',
        ...(complete === undefined ? {} : { complete }),
        defaultNamespace: 'default',
        files: [file],
      },
    };
  };
  const evidenceSlot = (kind: 'document' | 'image-scan' | 'load-test' | 'load-script', path: string, data: unknown): Slot =>
    ({
      id: `${kind}:${path}`,
      kind,
      source: path,
      role: 'system',
      environment: 'production',
      status: 'collected',
      collectedAt,
      digest: digestOf(data),
      data,
    }) as Slot;
  const slots: Slot[] = [source('system', parts.objects ?? '', 'system', 'production', parts.complete)];
  if (parts.platform !== undefined)
    slots.push(source('platform', parts.platform, 'platform', 'production', parts.platformComplete));
  if (parts.comparison !== undefined)
    slots.push(
      source(parts.comparison.environment, parts.comparison.objects, 'comparison', parts.comparison.environment, undefined),
    );
  for (const data of parts.documents ?? []) slots.push(evidenceSlot('document', data.path, data));
  for (const data of parts.imageScans ?? []) slots.push(evidenceSlot('image-scan', data.path, data));
  for (const data of parts.loadTests ?? []) slots.push(evidenceSlot('load-test', data.path, data));
  for (const data of parts.loadScripts ?? []) slots.push(evidenceSlot('load-script', data.path, data));
  return {
    format: bundleFormat,
    tool: { version: '0.0.0-test' },
    collectedAt,
    declared: {
      review: { ...emptyReview('test', 'production'), ...parts.review },
      standard: parts.standard ?? { base: 'recommended', overlays: [] },
    },
    slots,
  };
}
