import type { Bundle } from '../evidence/bundle.ts';
import type { FactStore } from '../facts/fact.ts';
import { objects } from '../facts/objects.ts';
import type { Note } from '../model/result.ts';

/** What a reader must know about the review itself: assumptions, and words that do not mean what they seem to. */
export function notesOf(bundle: Bundle, facts: FactStore, asOf: string): readonly Note[] {
  const declared = bundle.declared.review;
  const notes: Note[] = [];
  if (declared.environmentAssumed) {
    notes.push({
      id: 'environment-assumed',
      message: 'The launch target was not named: production is assumed. Set spec.environment or --environment.',
    });
  }
  for (const item of declared.providedElsewhere) {
    if (item.expires <= asOf)
      notes.push({
        id: 'provided-expired',
        message: `The assumption that ${item.kind} ${item.name} is provided by ${item.owner} ended at ${item.expires}; it settles nothing.`,
        ...(item.place === undefined ? {} : { location: { ...item.place, path: '' } }),
      });
  }
  for (const { file, problem, rendered } of facts(objects).problems) {
    if (problem.severity !== 'warning') continue;
    const position = 'position' in problem && !rendered ? { line: problem.position.line, column: problem.position.column } : {};
    notes.push({ id: `source-${problem.code}`, message: problem.message, location: { file, ...position, path: '' } });
  }
  return notes;
}
