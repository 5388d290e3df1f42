import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import type { Grant } from './access.ts';
import type { EscalationStep } from './danger.ts';
import type { Escalation, Escalations } from './escalation.ts';
import type { ReviewedSubject } from './reviewed-subjects.ts';
import { formatRule } from './rules.ts';
import { formatSubject } from './subject.ts';

/** A step of a proof that somebody can look up. */
export interface Witness {
  readonly note: string;
  readonly object: KubeObject;
  readonly at: Path;
}

/** The steps that stand in an object; default roles and bindings have none. */
export const witnessesOf = (steps: readonly EscalationStep[]): readonly Witness[] =>
  steps.flatMap(({ note, object, at }) => (object === undefined ? [] : [{ note, object, at }]));

/** The paths of a reviewed subject; of somebody else's account those that rest on what a binding of the system gives it. */
export function ownPaths(entry: ReviewedSubject, escalations: Escalations): readonly Escalation[] {
  const paths = escalations.of(entry.subject);
  if (!entry.foreign) return paths;
  const own = new Set([...entry.grants, ...entry.unseen].map(({ binding }) => binding.object));
  return paths.filter(({ steps }) => steps.some(({ object }) => object !== undefined && own.has(object)));
}

/** What the subject can do that starts the path, and where the path ends, as one phrase: `create Pods in shop; so ServiceAccount ...`. */
export function conclusionOf(steps: readonly EscalationStep[]): string {
  const conclusions = steps.map(({ note }) => note).filter((note) => note.startsWith('so '));
  const [first = '', ...rest] = conclusions;
  const own = first.replace(/^so .{1,600}? can /, '');
  const last = rest.at(-1) ?? (steps.at(-1)?.note === first ? undefined : steps.at(-1)?.note);
  return last === undefined ? own : `${own}; ${last}`;
}

/** The bindings and rules behind grants, each once. */
export function grantWitnesses(grants: readonly Grant[]): readonly Witness[] {
  const seen = new Set<string>();
  return grants.flatMap((grant): Witness[] => {
    const { binding, rule } = grant;
    const pair = [
      {
        note: `${binding.kind} ${binding.name} binds ${formatSubject(grant.subject)} to ${binding.roleRef.kind} ${binding.roleRef.name}`,
        object: binding.object,
        at: ['roleRef'],
      },
      { note: `${rule.role} allows ${formatRule(rule.rule)}`, object: rule.object, at: rule.rule.path },
    ];
    return witnessesOf(pair).filter(({ note }) => !seen.has(note) && seen.add(note));
  });
}

const shown = 3;
const longest = 120;

/** The rules of grants for people, each once: `get,list on secrets; create on pods and 2 more rules`. */
export function formatGrants(grants: readonly Grant[]): string {
  const texts = [...new Set(grants.map((grant) => formatRule(grant.rule.rule)))];
  const head = texts.slice(0, shown).map((text) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text));
  const more = texts.length - head.length;
  return `${head.join('; ')}${more === 0 ? '' : ` and ${more} more ${more === 1 ? 'rule' : 'rules'}`}`;
}

/** Where grants count: `namespace shop`, or `every namespace`. */
export const formatPlaceOf = (namespace: string | undefined): string =>
  namespace === undefined ? 'every namespace' : `namespace ${namespace}`;

/** First steps by which whoever takes over a namespace runs Pods of its own there. */
const podMaking: ReadonlySet<string> = new Set(['E02', 'E10', 'E11']);

/**
 * What taking over a namespace in one step means beyond its running Pods: every ServiceAccount with every Secret, or with those that it
 * lists. Undefined for other steps (who runs commands in Pods holds what those Pods hold) and for places further on.
 */
export function takeoverOf({ edge, length, guards }: Escalation): 'every-secret' | 'listed-secrets' | undefined {
  if (length > 1) return undefined;
  if (guards.some(({ effect }) => effect === 'secrets')) return 'listed-secrets';
  return podMaking.has(edge) ? 'every-secret' : undefined;
}
