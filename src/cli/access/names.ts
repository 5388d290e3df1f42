import type { AccessModel } from '../../facts/access/access.ts';
import { namedSubject, type NamedSubject, subjectId } from '../../facts/access/subject-name.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { printable } from '../render-error.ts';

/** Throws SW_UNKNOWN_NAME with the nearest names, or with all that it may stand for. */
export function resolveSubject(model: AccessModel, text: string): Extract<NamedSubject, { kind: 'found' }> {
  const found = namedSubject(model, text);
  if (found.kind === 'found') return found;
  const name = printable(text);
  if (found.kind === 'ambiguous')
    throw new SeaworthyError('SW_UNKNOWN_NAME', `${name} may be any of ${found.candidates.length} subjects.`, {
      hint: `Say which: ${found.candidates.slice(0, 10).map(subjectId).join(', ')}.`,
    });
  throw new SeaworthyError('SW_UNKNOWN_NAME', `No binding, workload or ServiceAccount of the sources names ${name}.`, {
    hint:
      found.suggestions.length > 0
        ? `Did you mean ${found.suggestions.join(', or ')}?`
        : 'Name a ServiceAccount (shop/deployer), user:NAME or group:NAME.',
  });
}
