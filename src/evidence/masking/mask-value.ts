import type { JsonValue } from '../../kube/json.ts';
import type { ScalarLeaf } from '../../kube/yaml/scalars.ts';
import { readSource } from '../../kube/yaml/source.ts';
import type { Mask, Strength } from '../../model/mask.ts';
import { contentOf } from './content.ts';
import { type DetectedPart, type Detection, detect, detectorVersion } from './detect.ts';
import { base64Bytes, printable, strengthOf, strengthOfBytes } from './strength.ts';
import type { Context } from './where.ts';
import { contextOf, contextReader } from './where.ts';

/** A mask and the parts of the value that it hides; without parts it hides the whole value. */
export interface MaskedValue {
  readonly mask: Mask;
  readonly parts?: readonly DetectedPart[];
}

/** Embedded documents are followed this deep: a manifest in an annotation, a configuration file in that manifest. */
const deepest = 3;
const longestEmbedded = 4_000_000;

/** Judges one value of a document. Undefined: it stays readable. */
export function maskValue(context: Context, value: string, depth = 0): MaskedValue | undefined {
  if (value === '' || context.isCiphertext) return undefined;
  if (context.isSecret) return { mask: secretMask(context, value) };
  const detection = withEmbedded(detect(context.key, value, context.where), context, value, depth);
  return detection === undefined ? undefined : toMasked(detection, value);
}

function toMasked(detection: Detection, value: string): MaskedValue {
  const { parts, strength } = detection;
  const base = { class: detection.class, detector: detection.detector, ...strength, detectorVersion };
  if (parts === undefined) return { mask: base };
  const [first] = parts;
  const last = parts.at(-1);
  const leaves = parts.map((part) => ({ path: part.path, ...part.strength }));
  const url = parts.length === 1 && detection.class === 'url-credential' ? contentOf('', value) : undefined;
  const contains = url ?? (parts.length > 1 ? { kind: 'config' as const, format: 'text', credentialLeaves: leaves } : undefined);
  const mask = { ...base, start: first?.start ?? 0, end: last?.end ?? 0, ...(contains === undefined ? {} : { contains }) };
  return { mask, parts };
}

/** Secret data counts decoded; what is no base64 (`stringData`, a template) counts as it stands. */
function secretMask({ key, isEncoded }: Context, value: string): Mask {
  const bytes = isEncoded ? base64Bytes(value) : undefined;
  const decoded = bytes === undefined ? undefined : printable(bytes);
  const base = { class: 'secret-data', detector: 'secret-data', detectorVersion } as const;
  if (bytes !== undefined && decoded === undefined && bytes.length >= 8) return { ...base, ...strengthOfBytes(bytes) };
  const text = decoded ?? value;
  const contains = contentOf(key, text);
  return { ...base, ...strengthOf(text), ...(contains === undefined ? {} : { contains }) };
}

/** Adds what stands in a JSON or YAML document inside the value, where keys and name/value pairs tell more than the text does. */
function withEmbedded(outer: Detection | undefined, context: Context, value: string, depth: number): Detection | undefined {
  if ((outer !== undefined && outer.parts === undefined) || depth >= deepest || !isDocument(context, value)) return outer;
  const inner = embeddedParts(value, depth);
  if (inner.length === 0) return outer;
  const parts = joined([...(outer?.parts ?? []), ...inner]);
  const strength: Strength = parts.reduce(
    (least, part) => (part.strength.entropyBits < least.entropyBits ? part.strength : least),
    parts[0]?.strength ?? strengthOf(''),
  );
  return {
    class: outer?.class ?? 'credential',
    detector: outer?.detector ?? `key:${inner[0]?.path ?? 'embedded'}`,
    strength,
    parts,
  };
}

function isDocument({ key, where }: Context, value: string): boolean {
  if (where === 'label' || where === 'prose' || value.length > longestEmbedded) return false;
  return (
    /^\s*[[{]/.test(value) ||
    (value.includes('\n') && (/\.(?:ya?ml|json)$/i.test(key) || /^[ \t]*-?[ \t]*[\w"'.-]+:(?:[ \t]|$)/m.test(value)))
  );
}

function embeddedParts(value: string, depth: number): readonly DetectedPart[] {
  const { documents, leaves } = readSource(value);
  if (documents.length === 0) return [];
  const contexts = documents.map((document) => contextReader(document.value));
  const parts: DetectedPart[] = [];
  for (const leaf of leaves) {
    const text = textOf(leaf.value);
    if (leaf.isKey || text === undefined) continue;
    const context = contexts[leaf.documentIndex]?.(leaf.path) ?? contextOf(null, leaf.path);
    const asFile: Context = context.where === 'field' ? { ...context, where: 'configuration' } : context;
    const found = maskValue(asFile, text, depth + 1);
    if (found !== undefined) parts.push({ ...rangeOf(leaf, found, value), path: leaf.path.join('.'), strength: found.mask });
  }
  return parts.map((part) => ({ ...part, strength: strengthOnly(part.strength), path: part.path.slice(0, 200) }));
}

const strengthOnly = ({ length, alphabet, entropyBits, placeholder, knownWeak }: Strength): Strength => ({
  length,
  alphabet,
  entropyBits,
  placeholder,
  knownWeak,
});

/** Inside an embedded document a part is located where its scalar is written as it reads; otherwise the scalar is hidden as a whole. */
function rangeOf(leaf: ScalarLeaf, found: MaskedValue, value: string): { start: number; end: number } {
  const { start, end } = found.mask;
  const isPlain = value.slice(leaf.contentStart, leaf.contentEnd) === leaf.value;
  if (start === undefined || end === undefined || !isPlain) return { start: leaf.contentStart, end: leaf.contentEnd };
  return { start: leaf.contentStart + start, end: leaf.contentStart + end };
}

function joined(parts: DetectedPart[]): readonly DetectedPart[] {
  parts.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: DetectedPart[] = [];
  for (const part of parts) {
    const last = kept.at(-1);
    if (last === undefined || part.start >= last.end) kept.push(part);
    else if (part.end > last.end) kept[kept.length - 1] = { ...last, end: part.end };
  }
  return kept;
}

/** The text of a scalar that can be a credential; true, false and null cannot. */
export function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
