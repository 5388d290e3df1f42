import { compareText } from '../../model/object-ref.ts';
import type { AccessModel, Grant } from './access.ts';
import { type AccessRequest, isUrlRequest } from './rules.ts';
import { type Subject, subjectKey } from './subject.ts';

/** Somebody who may do what was asked for, at one place. */
export interface HolderOf {
  readonly subject: Subject;
  /** Undefined: everywhere. */
  readonly namespace: string | undefined;
  /** `unknown`: a role that may allow it cannot be seen. */
  readonly allowed: true | 'unknown';
  /** The grants that name the subject itself; empty for the masters of the cluster, whom no authorizer is asked about. */
  readonly because: readonly Grant[];
  readonly why: readonly string[];
}

/**
 * Everybody whom a binding names for the request: everywhere, and in each namespace of its own where it is not allowed everywhere.
 * What a group may do is the group's.
 * @param places namespaces to ask for; undefined asks for all of them.
 */
export function holdersOf(model: AccessModel, request: AccessRequest, places?: readonly string[]): readonly HolderOf[] {
  return model.subjects.flatMap((subject): readonly HolderOf[] => {
    const key = subjectKey(subject);
    const grants = model.grantsOf(subject).filter((grant) => subjectKey(grant.subject) === key);
    const unseen = model
      .unseenOf(subject)
      .filter(({ binding }) => binding.subjects.some((entry) => subjectKey(entry.subject) === key));
    const own = [...new Set([...grants.map(({ namespace }) => namespace), ...unseen.map(({ binding }) => binding.namespace)])];
    const asked = isUrlRequest(request) ? [] : (places ?? own.filter((place) => place !== undefined).sort(compareText));
    const found: HolderOf[] = [];
    for (const namespace of places !== undefined && !isUrlRequest(request) ? asked : [undefined, ...asked]) {
      const answer = ask(model, subject, request, namespace, new Set(grants), unseen.length > 0);
      if (answer === undefined) continue;
      found.push(answer);
      // Who may do it everywhere needs no namespace more.
      if (namespace === undefined && answer.allowed === true) break;
    }
    return found;
  });
}

function ask(
  model: AccessModel,
  subject: Subject,
  request: AccessRequest,
  namespace: string | undefined,
  own: ReadonlySet<Grant>,
  hasUnseen: boolean,
): HolderOf | undefined {
  const placed = isUrlRequest(request) || namespace === undefined ? request : { ...request, namespace };
  const decision = model.can(subject, placed);
  if (decision.allowed === false) return undefined;
  if (decision.allowed === 'unknown')
    return hasUnseen ? { subject, namespace, allowed: 'unknown', because: [], why: decision.why } : undefined;
  const because = decision.because.filter((grant) => own.has(grant));
  // Allowed by a group alone: the group is in the list itself. The masters need no grant.
  if (because.length === 0 && decision.because.length > 0) return undefined;
  const wide = because.length > 0 && because.every((grant) => grant.namespace === undefined);
  // A request for one Namespace is authorised in that namespace, whatever place was asked for.
  const place = namespace ?? because.find((grant) => grant.namespace !== undefined)?.namespace;
  return { subject, namespace: wide ? undefined : place, allowed: true, because, why: [] };
}
