import { type DeclaredDocument, documentGaps, type Documents } from '../facts/documents.ts';
import type { Location } from '../model/judgement.ts';
import { ownApiVersion } from '../model/object-ref.ts';
import type { Judgement, Say, Target } from './define-check.ts';

/** What can be said of any document; a check adds its own. */
export const documentMessages = {
  undeclared: 'No document of kind {kind} is declared. Declare it under spec.documents, or attest where it stands.',
  missing: '{path} is declared and does not exist.',
  failed: '{path} could not be read: {why}.',
  empty: '{path} is empty.',
  open: '{path} is unfinished: line {line} says {marker}{more}.',
  hollow: '{path}: the section “{heading}” has no text{more}.',
  unstructured: '{path} has {sections} headings; at least {wanted} are asked for.',
  short: '{path} has {words} words; at least {wanted} are asked for.',
  written: '{path} is written: {words} words in {sections} sections, none open.',
} as const;

export interface DocumentTarget extends Target {
  readonly document: DeclaredDocument | undefined;
  readonly kind: string;
}

/** Every document of a kind; where none is declared, the kind itself. */
export function* documentTargets(documents: Documents, kind: string): Generator<DocumentTarget> {
  const list = documents.ofKind(kind);
  for (const document of list) yield { ref: document.ref, document, kind };
  if (list.length === 0) yield { ref: { apiVersion: ownApiVersion, kind: 'Document', name: kind }, document: undefined, kind };
}

/** What a document needs to be of use. */
export interface DocumentRule {
  readonly minWords: number;
  readonly minSections: number;
}

/** Judges one document by its structure: a declared document that is missing, empty or unfinished fails; an undeclared one is unknown. */
export function judgeDocument(
  { document, kind }: DocumentTarget,
  rule: DocumentRule,
  say: Say<typeof documentMessages>,
): readonly [Judgement, ...Judgement[]] {
  if (document === undefined) return [say.unknown('undeclared', { kind })];
  const { path, state, place } = document;
  if (state.status === 'missing') {
    const declared =
      place === undefined
        ? {}
        : { location: { file: place.file, line: place.line, column: place.column, path: 'spec.documents' } };
    return [{ ...say.fail('missing', { path }), ...declared }];
  }
  if (state.status === 'failed') return [say.unknown('failed', { path, why: state.reason })];
  const { data } = state;
  const at = (line: number, heading = ''): { readonly location: Location } => ({ location: { file: path, line, path: heading } });
  const [first, ...rest] = documentGaps(data, rule).map((gap): Judgement => {
    switch (gap.gap) {
      case 'empty':
        return { ...say.fail('empty', { path }), ...at(1) };
      case 'open':
        return { ...say.fail('open', { path, line: gap.line, marker: gap.marker, more: others(gap.count) }), ...at(gap.line) };
      case 'hollow':
        return { ...say.fail('hollow', { path, heading: gap.heading, more: others(gap.count) }), ...at(gap.line, gap.heading) };
      case 'unstructured':
        return { ...say.fail('unstructured', { path, sections: gap.sections, wanted: rule.minSections }), ...at(1) };
      case 'short':
        return { ...say.fail('short', { path, words: gap.words, wanted: rule.minWords }), ...at(1) };
    }
  });
  return first === undefined
    ? [{ ...say.pass('written', { path, words: data.words, sections: data.sections.length }), ...at(1) }]
    : [first, ...rest];
}

const others = (count: number): string => (count > 1 ? `, and ${count - 1} more` : '');
