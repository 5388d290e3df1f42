import { nearest } from '../../model/suggest.ts';
import type { AccessModel } from './access.ts';
import { group, serviceAccount, type Subject, subjectKey, user } from './subject.ts';

/** How a subject is written for machines and on the command line: `shop/deployer`, `user:alice`, `group:devs`. */
export const subjectId = (subject: Subject): string =>
  subject.kind === 'ServiceAccount' ? `${subject.namespace}/${subject.name}` : `${subject.kind.toLowerCase()}:${subject.name}`;

/** What a name on the command line stands for. `known`: a binding names it, or it has an object, or a workload uses it. */
export type NamedSubject =
  | { readonly kind: 'found'; readonly subject: Subject; readonly known: boolean }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Subject[] }
  | { readonly kind: 'unknown'; readonly suggestions: readonly string[] };

/**
 * Resolves `shop/deployer`, `deployer`, `system:serviceaccount:shop:deployer`, `user:alice` or `group:devs`. Users and groups are
 * no objects: whoever is called by `user:` or `group:` exists. The account `default` exists in every namespace.
 */
export function namedSubject(model: AccessModel, text: string): NamedSubject {
  const keys = new Set(model.subjects.map(subjectKey));
  const found = (subject: Subject): NamedSubject => ({ kind: 'found', subject, known: keys.has(subjectKey(subject)) });
  if (text.startsWith('user:') && text.length > 5) return found(user(text.slice(5)));
  if (text.startsWith('group:') && text.length > 6) return found(group(text.slice(6)));
  const whole = user(text);
  if (whole.kind === 'ServiceAccount') return known(found(whole), model);
  const [namespace = '', name, ...rest] = text.split('/');
  if (name !== undefined && namespace !== '' && name !== '' && rest.length === 0)
    return known(found(serviceAccount(namespace, name)), model);
  const candidates = model.subjects.filter((subject) => subject.name === text);
  const [only] = candidates;
  if (only === undefined) return unknown(model, text);
  return candidates.length === 1 ? found(only) : { kind: 'ambiguous', candidates };
}

/** A ServiceAccount that nobody knows is a slip, but for `default` in a namespace with other accounts. */
function known(found: NamedSubject, model: AccessModel): NamedSubject {
  if (found.kind !== 'found' || found.known || found.subject.kind !== 'ServiceAccount') return found;
  const { namespace, name } = found.subject;
  const neighbours = model.subjects.some((subject) => subject.kind === 'ServiceAccount' && subject.namespace === namespace);
  return name === 'default' && neighbours ? found : unknown(model, `${namespace}/${name}`);
}

const mostSuggestions = 5;

function unknown(model: AccessModel, text: string): NamedSubject {
  const short = text.includes('/') || text.includes(':');
  const forms = model.subjects.map((subject) => ({ form: short ? subjectId(subject) : subject.name, id: subjectId(subject) }));
  const near = nearest(
    text,
    forms.map(({ form }) => form),
  );
  const alike = forms.filter(({ form, id }) => form === near || (near === undefined && text.length > 2 && id.includes(text)));
  return { kind: 'unknown', suggestions: [...new Set(alike.map(({ id }) => id))].slice(0, mostSuggestions) };
}
