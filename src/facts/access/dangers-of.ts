import type { AccessModel, Grant } from './access.ts';
import { clusterDangers } from './cluster-dangers.ts';
import { clusterAdmin, type Danger } from './danger.ts';
import { namespaceDangers } from './namespace-dangers.ts';
import { needs } from './need.ts';
import { allOperatorNeeds } from './operator-kinds.ts';
import type { Need } from './need.ts';
import type { Holder } from './rights.ts';
import { type Subject, subjectKey } from './subject.ts';
import type { Surroundings } from './surroundings.ts';
import { allTemplateNeeds } from './template-kinds.ts';

/** Everything that some danger asks for. */
export const allNeeds: readonly Need[] = [...Object.values(needs), ...allTemplateNeeds, ...allOperatorNeeds];

export type DangersOf = (subject: Subject) => readonly Danger[];

/** What each subject gains in one step by all that reaches it, groups too; each is computed once. */
export function dangersOf(model: AccessModel, around: Surroundings, hold: Holder): DangersOf {
  const known = new Map<string, readonly Danger[]>();
  return (subject) => {
    const key = subjectKey(subject);
    let found = known.get(key);
    if (found === undefined) {
      const grants = model.grantsOf(subject);
      const all = grantDangers(grants, around, hold);
      const own = grants.filter((grant) => subjectKey(grant.subject) === key);
      // A group that holds everything leaves nothing to say of its member, whose own bindings are told all the same.
      const byGroup = all.some(({ edge, grants: used }) => edge === 'E01' && !own.some((grant) => used.includes(grant)));
      found = [...all, ...(byGroup ? grantDangers(own, around, hold) : []), ...unseenDangers(subject, model)];
      known.set(key, found);
    }
    return found;
  };
}

/** What grants lead to in one step, wherever they count. */
export function grantDangers(grants: readonly Grant[], around: Surroundings, hold: Holder): readonly Danger[] {
  const held = hold(grants);
  const whole = held.everywhere ? clusterDangers(held, around) : [];
  if (whole.some(({ edge }) => edge === 'E01')) return whole;
  return [
    ...whole,
    ...(held.everywhere ? everywhere(grants, around, hold) : []),
    ...held.places.flatMap((place) =>
      namespaceDangers(held, place, around).filter((danger) => danger.grants.some((grant) => grant.namespace === place)),
    ),
  ];
}

/** What is allowed everywhere is allowed in kube-system, whose accounts hold the cluster; names and operators are followed by clusterDangers. */
function everywhere(grants: readonly Grant[], around: Surroundings, hold: Holder): readonly Danger[] {
  const clusterWide = hold(grants.filter(({ namespace }) => namespace === undefined));
  return namespaceDangers(clusterWide, 'kube-system', around).filter(
    ({ edge, gain }) => edge !== 'E47' && (gain.kind === 'namespace' || gain.kind === 'pods' || gain.kind === 'cluster-admin'),
  );
}

/** A binding whose role nobody can see may give anything within its reach. */
interface UnseenDanger extends Danger {
  /** Keys of the subjects that the binding names. */
  readonly named: ReadonlySet<string>;
}

function unseenDangers(subject: Subject, model: AccessModel): readonly UnseenDanger[] {
  return model.unseenOf(subject).map(({ binding, why }) => ({
    edge: 'unseen-role',
    gain: binding.namespace === undefined ? clusterAdmin : { kind: 'namespace', namespace: binding.namespace },
    note: `use ${binding.roleRef.kind} ${binding.roleRef.name}, whose rules are not known`,
    grants: [],
    assumption: why,
    named: binding.builtin ? new Set<string>() : new Set(binding.subjects.map((entry) => subjectKey(entry.subject))),
    ...(binding.object === undefined ? {} : { at: { object: binding.object, path: ['roleRef', 'name'] } }),
  }));
}

/** The dangers that rest on a binding which names the subject and is no default one: what a group has is told of the group. */
export function ownDangers(subject: Subject, dangers: readonly Danger[]): readonly Danger[] {
  const key = subjectKey(subject);
  return dangers.filter(
    (danger) =>
      // An account that may ask for a token of its own, as Vault's and External Secrets' do, becomes nobody else.
      !(danger.gain.kind === 'subject' && subjectKey(danger.gain.subject) === key) &&
      (danger.grants.some((grant) => !grant.binding.builtin && subjectKey(grant.subject) === key) ||
        ('named' in danger && (danger as UnseenDanger).named.has(key))),
  );
}
