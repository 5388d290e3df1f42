import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Grant } from './access.ts';
import { type Danger, type Gain, targetOf } from './danger.ts';
import { grantDangers } from './dangers-of.ts';
import type { Move } from './move.ts';
import type { Holder } from './rights.ts';
import { formatRule, type PolicyRule } from './rules.ts';
import { formatSubject, type Subject, subjectKey } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** One way to end a path. */
export interface Cut {
  /** `rights`: take rules from somebody. `guard`: add something that refuses. `separate`: keep apart what lies together. */
  readonly kind: 'rights' | 'guard' | 'separate';
  /** What to do, as an imperative without a full stop. */
  readonly note: string;
  /** Everything that has to change, with its place; all of them together are the cut. */
  readonly changes: readonly Change[];
}

export interface Change {
  readonly note: string;
  /** Absent where no source holds it: a default role, a Namespace that is not in the sources. */
  readonly object: KubeObject | undefined;
  readonly at: Path;
}

/** Something in the cluster that limits a step, or may refuse it. */
export interface Guard {
  /**
   * `may-refuse`: nobody evaluates what it says, and it is assumed not to. `secrets`: Pods of the namespace mount only Secrets that
   * their ServiceAccounts list (kubernetes.io/enforce-mountable-secrets); which account a Pod runs as is free all the same.
   */
  readonly effect: 'may-refuse' | 'secrets';
  /** `ValidatingAdmissionPolicyBinding deployer`. */
  readonly note: string;
  readonly object: KubeObject;
}

/**
 * Finds what would end a path, in the order of its moves. What it takes to take one gain from one subject is found once: many paths
 * share their steps.
 */
export function cutFinder(around: Surroundings, hold: Holder): (subject: Subject, moves: readonly Move[]) => readonly Cut[] {
  const known = new Map<string, Cut | undefined>();
  const rights = (who: Subject, danger: Danger): Cut | undefined => {
    // Where no grant is known it is the danger itself that says what is not seen.
    if (danger.grants.length === 0) return rightsCut(who, danger, around, hold);
    const key = JSON.stringify([subjectKey(who), gainKey(danger.gain)]);
    if (!known.has(key)) known.set(key, rightsCut(who, danger, around, hold));
    return known.get(key);
  };
  return (subject, moves) =>
    moves.flatMap((move): readonly Cut[] => {
      if (move.danger === undefined) return move.cut === undefined ? [] : [move.cut];
      const cut = rights(move.holder ?? subject, move.danger);
      return [...(cut === undefined ? [] : [cut]), ...guardCuts(move.danger, around)];
    });
}

/**
 * The rules to take from a subject so that nothing it holds gives the gain in one step any more. Found by taking them: each round
 * takes one rule of every danger of the same gain, until none is left; then what does no harm is given back.
 */
function rightsCut(who: Subject, danger: Danger, around: Surroundings, hold: Holder): Cut | undefined {
  const goal = gainKey(danger.gain);
  const giving = (grants: readonly Grant[]) => grantDangers(grants, around, hold).filter(({ gain }) => gainKey(gain) === goal);
  const taken = new Set<Grant>();
  let kept = around.access.grantsOf(who);
  for (let left = giving(kept); left.length > 0; left = giving(kept)) {
    const held = new Set(kept);
    for (const { grants } of left) {
      if (grants.some((grant) => taken.has(grant))) continue;
      const next = grants.find((grant) => !grant.binding.builtin && held.has(grant));
      // A default binding gives it: nothing that the system owns cuts this step.
      if (next === undefined) return undefined;
      taken.add(next);
    }
    kept = kept.filter((grant) => !taken.has(grant));
  }
  if (taken.size === 0) return unseenCut(danger);
  const changes = [...taken].map((grant, index) => {
    if (index >= mostSplit) return changeOf(grant, grant.rule.rule);
    // A rule of one namespace gives nothing in another: only what counts beside it there is looked at.
    const place = grant.namespace;
    const near = place === undefined ? kept : kept.filter(({ namespace }) => namespace === undefined || namespace === place);
    const isHarmless = (rule: PolicyRule) => giving([...near, withRule(grant, rule)]).length === 0;
    const { harmful, harmless } = splitRule(grant.rule.rule, isHarmless);
    kept = [...kept, ...harmless.map((rule) => withRule(grant, rule))];
    return changeOf(grant, harmful);
  });
  const notes = changes.map(({ note }) => note);
  const more = notes.length <= mostNamed ? '' : `; and ${notes.length - mostNamed} more rules`;
  return { kind: 'rights', note: `take from ${formatSubject(who)}: ${notes.slice(0, mostNamed).join('; ')}${more}`, changes };
}

/** Rules of one cut of which the harmless part is given back; beyond them the whole rule is named. */
const mostSplit = 6;
/** Rules that the note of a cut names. */
const mostNamed = 4;

const withRule = (grant: Grant, rule: PolicyRule): Grant => ({ ...grant, rule: { ...grant.rule, rule } });

/** Splits a rule into the verbs and resources that do harm and the rest, by giving back one after the other. */
function splitRule(
  rule: PolicyRule,
  isHarmless: (rule: PolicyRule) => boolean,
): { readonly harmful: PolicyRule; readonly harmless: readonly PolicyRule[] } {
  const verbs = giveBack(rule.verbs, (list) => isHarmless({ ...rule, verbs: list }));
  const left = { ...rule, verbs: without(rule.verbs, verbs) };
  const back = verbs.length === 0 ? [] : [{ ...rule, verbs }];
  const resources = giveBack(rule.resources, (list) => isHarmless({ ...left, resources: list }));
  const harmful = { ...left, resources: without(rule.resources, resources) };
  return { harmful, harmless: resources.length === 0 ? back : [...back, { ...left, resources }] };
}

function giveBack(all: readonly string[], isHarmless: (list: readonly string[]) => boolean): readonly string[] {
  let back: readonly string[] = [];
  for (const item of all) if (isHarmless([...back, item])) back = [...back, item];
  // Everything harmless alone does harm together with what is left: then the whole is named.
  return back.length === all.length ? [] : back;
}

const without = (all: readonly string[], some: readonly string[]): readonly string[] =>
  all.filter((item) => !some.includes(item));

/** By formatted rule, role and binding; its place is the rule, or the binding of a role that no source holds. */
function changeOf({ binding, rule, role }: Grant, harmful: PolicyRule): Change {
  const where = `${binding.kind} ${binding.namespace === undefined ? '' : `${binding.namespace}/`}${binding.name}`;
  return {
    note: `${formatRule(harmful)} (${role.kind} ${rule.role}, by ${where})`,
    object: rule.object ?? binding.object,
    at: rule.object === undefined ? ['roleRef'] : rule.rule.path,
  };
}

function unseenCut({ at, note }: Danger): Cut | undefined {
  return at === undefined
    ? undefined
    : {
        kind: 'rights',
        note: `show what the role allows, or remove ${formatRef(at.object.ref)}`,
        changes: [{ note, object: at.object, at: at.path }],
      };
}

/** Two dangers are one step where they give the same thing. */
const gainKey = (gain: Gain): string => `${gain.kind} ${targetOf(gain)}`;

const makers = new Set(['E10', 'E11', 'E02', 'E33']);

/** Guards that would refuse the step. */
function guardCuts({ edge, gain, at, grants }: Danger, around: Surroundings): readonly Cut[] {
  if (!makers.has(edge)) return [];
  if (gain.kind === 'node' && edge !== 'E33') {
    const place = grants.find(({ namespace }) => namespace !== undefined)?.namespace;
    if (place === undefined) return [];
    const note = `enforce the Pod Security level baseline or restricted in Namespace ${place}`;
    const object = at?.object.ref.kind === 'Namespace' ? at.object : around.namespaceObject(place);
    return [{ kind: 'guard', note, changes: [{ note, object, at: ['metadata', 'labels'] }] }];
  }
  if (gain.kind !== 'namespace' || edge === 'E02') return [];
  const note = `have an admission policy hold what it deploys in ${gain.namespace} to one ServiceAccount, its own Secrets and known images`;
  return [{ kind: 'guard', note, changes: [{ note, object: around.namespaceObject(gain.namespace), at: ['metadata'] }] }];
}

/** What is there and may refuse a step of the path that writes Pods. */
export function guardsOf(moves: readonly Move[], around: Surroundings): readonly Guard[] {
  const found = new Map<KubeObject, Guard>();
  for (const { danger } of moves) {
    if (danger === undefined || !writesPods.has(danger.edge)) continue;
    const places = new Set(danger.grants.map(({ namespace }) => namespace));
    for (const object of around.policies) {
      const { namespace } = object.ref;
      if (namespace === undefined || places.has(undefined) || places.has(namespace))
        found.set(object, { effect: 'may-refuse', note: `${object.ref.kind} ${object.ref.name}`, object });
    }
    const place = danger.gain.kind === 'namespace' ? danger.gain.namespace : undefined;
    for (const object of place === undefined ? [] : around.limitedAccounts(place))
      found.set(object, { effect: 'secrets', note: `${object.ref.kind} ${object.ref.name}`, object });
  }
  return [...found.values()];
}

const writesPods = new Set(['E10', 'E11', 'E12', 'E14']);
