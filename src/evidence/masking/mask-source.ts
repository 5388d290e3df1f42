import type { SourceProblem } from '../../kube/yaml/document.ts';
import type { JsonValue } from '../../kube/json.ts';
import { parseText } from '../../kube/yaml/parse.ts';
import type { ScalarLeaf } from '../../kube/yaml/scalars.ts';
import { readSource } from '../../kube/yaml/source.ts';
import { type Mask, type MaskTable, maskKey } from '../../model/mask.ts';
import type { Path } from '../../model/judgement.ts';
import { leftoverEdits } from './leftovers.ts';
import { maskedKeys } from './masked-keys.ts';
import { maskValue, textOf, type MaskedValue } from './mask-value.ts';
import { applyEdits, type Edit } from './source-edits.ts';
import { sourceOffsets } from './source-offsets.ts';
import { scanText } from './text-scan.ts';
import { contextOf, contextReader, isSopsEncrypted } from './where.ts';

export interface MaskedSource {
  /** Same length, same lines, same columns, same documents; credentials and comments are `x`, what cannot be read is blank. */
  readonly text: string;
  readonly masks: readonly { readonly document: number; readonly table: MaskTable }[];
  /** Errors that stood in text which was dropped, and which reading the masked text therefore no longer shows. */
  readonly problems: readonly SourceProblem[];
}

/**
 * Masks a YAML or JSON text before anything else sees it: Secret data and comments always, elsewhere what the detector recognises. Text
 * that cannot be read is dropped. Pure; never throws for any text. No rule depends on the path so far.
 */
export function maskSource(text: string, _options: { readonly path: string }): MaskedSource {
  const parsed = readSource(text);
  const { leaves, comments } = parsed;
  const keys = maskedKeys(leaves);
  const edits: Edit[] = [...keys.edits];
  for (const { start, end } of comments) edits.push({ start: start + 1, end, fill: 'characters' });
  const tables = maskLeaves(
    text,
    leaves,
    parsed.documents.map(({ value }) => value),
    keys.rename,
    edits,
  );
  const leftovers = leftoverEdits(text, parsed.documents, leaves, comments);
  let masked = applyEdits(text, [...edits, ...leftovers]);
  const masks = [...tables].map(([document, table]) => ({ document, table }));
  if (leftovers.length === 0) return { text: masked, masks, problems: [] };
  const after = parseText(masked);
  if (after.documents.length !== parsed.documents.length) {
    // Nothing that cannot be told apart may stay, and no document may be taken for another.
    masked = applyEdits(text, [{ start: 0, end: text.length, fill: 'blanks' }]);
    return {
      text: masked,
      masks: [],
      problems: [...parsed.problems.filter(isError).map(withoutText), lost(parsed.documents.length)],
    };
  }
  const isShown = (problem: SourceProblem) =>
    after.problems.some(({ code, position }) => code === problem.code && position.offset === problem.position.offset);
  return {
    text: masked,
    masks,
    problems: parsed.problems.filter((problem) => isError(problem) && !isShown(problem)).map(withoutText),
  };
}

const isError = ({ severity }: SourceProblem): boolean => severity === 'error';

const lost = (documents: number): SourceProblem => ({
  code: 'yaml-syntax',
  severity: 'error',
  message: `${documents} documents stand beside text that cannot be told apart from them; the text was dropped`,
  position: { line: 1, column: 1, offset: 0 },
});

/** Messages name keys, and a key may be a token. */
function withoutText(problem: SourceProblem): SourceProblem {
  const { path, ...rest } = problem;
  const isClean =
    scanText(problem.message).length === 0 &&
    (path ?? []).every((step) => typeof step === 'number' || scanText(step).length === 0);
  return isClean ? problem : { ...rest, message: 'the text cannot be read' };
}

type Tables = Map<number, Record<string, Mask>>;

function maskLeaves(
  text: string,
  leaves: readonly ScalarLeaf[],
  roots: readonly JsonValue[],
  rename: (document: number, path: Path) => Path,
  edits: Edit[],
): Tables {
  const tables: Tables = new Map();
  const put = ({ documentIndex, path }: ScalarLeaf, mask: Mask) => {
    const table = tables.get(documentIndex) ?? {};
    table[maskKey(rename(documentIndex, path))] = mask;
    tables.set(documentIndex, table);
  };
  const overridden = overriddenSecrets(leaves, roots);
  const contexts = roots.map(contextReader);
  const found = new Map<number, MaskedValue>();
  for (const leaf of leaves) {
    const value = leaf.isKey ? undefined : textOf(leaf.value);
    if (value === undefined) continue;
    const context = contexts[leaf.documentIndex]?.(leaf.path) ?? contextOf(null, leaf.path);
    const isSecret =
      context.isSecret ||
      (overridden.has(leaf.documentIndex) && leaf.path.some((step) => step === 'data' || step === 'stringData'));
    const isSealed = isSecret && value.startsWith('ENC[') && isSopsEncrypted(roots[leaf.documentIndex]);
    const result = isSealed ? undefined : maskValue({ ...context, isSecret }, value);
    if (result === undefined) continue;
    // An anchor's text is read under several paths: what one of them hides is hidden for all.
    if (!found.has(leaf.contentStart) || result.parts === undefined) found.set(leaf.contentStart, result);
    put(leaf, result.mask);
    edits.push(...editsOf(text, leaf, value, result));
  }
  if (found.size > 0) for (const leaf of leaves) shareMask(leaf, found, tables, rename, put);
  return tables;
}

function shareMask(
  leaf: ScalarLeaf,
  found: ReadonlyMap<number, MaskedValue>,
  tables: Tables,
  rename: (document: number, path: Path) => Path,
  put: (leaf: ScalarLeaf, mask: Mask) => void,
): void {
  const known = leaf.isKey ? undefined : found.get(leaf.contentStart);
  if (known === undefined) return;
  const table = tables.get(leaf.documentIndex);
  if (table === undefined || !Object.hasOwn(table, maskKey(rename(leaf.documentIndex, leaf.path)))) put(leaf, known.mask);
}

/** Documents that said `kind: Secret` before a later duplicate of the key said otherwise. */
function overriddenSecrets(leaves: readonly ScalarLeaf[], roots: readonly JsonValue[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { documentIndex, path, value, isKey } of leaves) {
    if (isKey || path.at(-1) !== 'kind' || value !== 'Secret') continue;
    let current: JsonValue | undefined = roots[documentIndex];
    for (const step of path) {
      const holder: unknown = current;
      current =
        typeof holder === 'object' && holder !== null && Object.hasOwn(holder, step)
          ? (holder as Record<string | number, JsonValue>)[step]
          : undefined;
    }
    if (current !== 'Secret') found.add(documentIndex);
  }
  return found;
}

/** JSON's grammar for numbers: such a scalar stays a number, since JSON has no other unquoted text. */
const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function editsOf(text: string, leaf: ScalarLeaf, value: string, { parts }: MaskedValue): readonly Edit[] {
  const { contentStart: start, contentEnd: end } = leaf;
  const offsets = parts === undefined ? undefined : sourceOffsets(text, leaf, value);
  if (parts !== undefined && offsets !== undefined)
    return parts.map((part) => ({ start: offsets(part.start), end: offsets(part.end), fill: 'characters' as const }));
  const isNumber = (leaf.style === 'plain' || leaf.style === 'json') && jsonNumber.test(text.slice(start, end));
  if (isNumber && leaf.start === start) return [{ start, end, fill: 'digits' }];
  return [{ start, end, fill: 'characters' }, ...tagEdit(text, leaf.start)];
}

/** A tag such as `!!int` would no longer fit the masked text. */
function tagEdit(text: string, start: number): readonly Edit[] {
  const before = text.slice(Math.max(0, start - 160), start);
  const match = /(?:^|[\s,[{])(!(?:<[^>\s]*>|[^\s"',<>]*))[ \t]+(?:&[^\s]+[ \t]+)?$/.exec(before);
  const tag = match?.[1];
  if (match === null || tag === undefined) return [];
  const at = start - before.length + match.index + match[0].indexOf(tag);
  return [{ start: at, end: at + tag.length, fill: 'blanks' }];
}
