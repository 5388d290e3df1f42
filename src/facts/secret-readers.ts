import { fact } from './fact.ts';
import { access, type AccessModel } from './access/access.ts';
import { type ObjectAccess, secretReaders as everyReader } from './access/effective.ts';
import type { Binding } from './access/bindings.ts';
import { compareSubjects, type Subject, subjectKey } from './access/subject.ts';

export interface SecretReaders {
  /** Who reads one Secret by the API, and who may, through a role that cannot be seen. */
  of(namespace: string, name: string): { readonly readers: readonly ObjectAccess[]; readonly unknown: readonly Subject[] };
}

/** Readers of Secrets, indexed by place: `readersOfSecret` for many Secrets at once. */
export const secretReaders = fact('secret-readers', [access], secretReadersOf);

function secretReadersOf(model: AccessModel): SecretReaders {
  const readers = byPlace(everyReader(model), ({ namespace }) => namespace);
  const unseen = byPlace(model.bindings.filter(isUnseen), ({ namespace }) => namespace);
  const everywhere = '';
  return {
    of(namespace, name) {
      const here = [...(readers.get(everywhere) ?? []), ...(readers.get(namespace) ?? [])].filter(
        ({ names }) => names === 'all' || names.includes(name),
      );
      const sure = new Set(here.map(({ subject }) => subjectKey(subject)));
      const unknown = new Map<string, Subject>();
      for (const binding of [...(unseen.get(everywhere) ?? []), ...(unseen.get(namespace) ?? [])])
        for (const { subject } of binding.subjects) if (!sure.has(subjectKey(subject))) unknown.set(subjectKey(subject), subject);
      return {
        readers: [...here].sort((a, b) => compareSubjects(a.subject, b.subject)),
        unknown: [...unknown.values()].sort(compareSubjects),
      };
    },
  };
}

/** A binding whose role, or a part of it, is in no source: what it grants is not known. */
const isUnseen = ({ role }: Binding): boolean =>
  role.status === 'unseen' || (role.status === 'found' && role.role.undecided !== undefined);

function byPlace<T>(list: readonly T[], placeOf: (item: T) => string | undefined): ReadonlyMap<string, readonly T[]> {
  const places = new Map<string, T[]>();
  for (const item of list) {
    const place = placeOf(item) ?? '';
    const found = places.get(place);
    if (found) found.push(item);
    else places.set(place, [item]);
  }
  return places;
}
