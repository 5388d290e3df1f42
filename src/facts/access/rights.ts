import type { Grant } from './access.ts';
import type { Need } from './need.ts';
import type { Permission } from './permission.ts';
import { isStar, type Names, namesOf, type PolicyRule } from './rules.ts';

/** What somebody may do at one place. */
export interface Rights {
  /** The grants that count there: the cluster-wide ones and those of the namespace. */
  readonly grants: readonly Grant[];
  permit(need: Need): Permission | undefined;
  /** A grant of everything. */
  star(): Grant | undefined;
}

/** What somebody holds, by place. */
export interface Held {
  readonly grants: readonly Grant[];
  /** Namespaces in which a grant is of interest, sorted. */
  readonly places: readonly string[];
  /** Whether a cluster-wide grant is of interest. */
  readonly everywhere: boolean;
  /** Undefined: requests for the whole cluster. */
  at(place: string | undefined): Rights;
  /** As if these were granted too. */
  plus(more: readonly Grant[]): Held;
}

/** Makes {@link Held}s that share what is known of each rule. */
export type Holder = (grants: readonly Grant[]) => Held;

interface Hit {
  readonly need: Need;
  readonly names: Names;
}
interface RuleHits {
  readonly hits: readonly Hit[];
  readonly star: boolean;
}
interface Entry {
  readonly order: number;
  readonly grant: Grant;
  readonly hits: RuleHits;
}

/**
 * A rule is matched against all needs once, however many subjects hold it: most rules meet none, and cost nothing any more.
 * Answers are those of `permit` over the grants, in their order.
 */
export function indexedHolder(all: readonly Need[]): Holder {
  const known = new Map<PolicyRule, RuleHits>();
  const matcher = matcherOf(all);
  const declared = new Set(all);
  const hitsOf = (rule: PolicyRule): RuleHits => {
    let found = known.get(rule);
    if (found === undefined) {
      found = matcher(rule);
      known.set(rule, found);
    }
    return found;
  };
  const hold: Holder = (grants) => {
    const entries: Entry[] = [];
    for (const [order, grant] of grants.entries()) {
      const hits = hitsOf(grant.rule.rule);
      if (hits.hits.length > 0 || hits.star) entries.push({ order, grant, hits });
    }
    const byPlace = Map.groupBy(entries, ({ grant }) => grant.namespace);
    const wide = byPlace.get(undefined) ?? [];
    const known = new Map<string | undefined, Rights>();
    return {
      grants,
      places: [...byPlace.keys()].filter((place) => place !== undefined).sort(),
      everywhere: wide.length > 0,
      at(place) {
        let rights = known.get(place);
        if (rights === undefined) {
          rights = rightsOf(grants, place, merge(wide, place === undefined ? [] : (byPlace.get(place) ?? [])), declared);
          known.set(place, rights);
        }
        return rights;
      },
      plus: (more) => hold([...grants, ...more]),
    };
  };
  return hold;
}

const merge = (wide: readonly Entry[], own: readonly Entry[]): readonly Entry[] =>
  own.length === 0 ? wide : wide.length === 0 ? own : [...wide, ...own].sort((a, b) => a.order - b.order);

function rightsOf(
  grants: readonly Grant[],
  place: string | undefined,
  entries: readonly Entry[],
  declared: ReadonlySet<Need>,
): Rights {
  const byNeed = new Map<Need, { grant: Grant; names: Names }[]>();
  for (const { grant, hits } of entries)
    for (const { need, names } of hits.hits) {
      const list = byNeed.get(need);
      if (list) list.push({ grant, names });
      else byNeed.set(need, [{ grant, names }]);
    }
  const star = entries.find(({ hits }) => hits.star)?.grant;
  return {
    get grants() {
      return grants.filter((grant) => grant.namespace === undefined || grant.namespace === place);
    },
    permit(need) {
      const found = byNeed.get(need);
      if (found !== undefined) return combine(found);
      if (!declared.has(need)) throw new Error(`nobody declared the need ${need.verbs.join(',')} ${need.group} ${need.resource}`);
      return undefined;
    },
    star: () => star,
  };
}

/** The first grant of every name is proof enough; grants of single names add up. */
function combine(found: readonly { readonly grant: Grant; readonly names: Names }[]): Permission {
  const whole = found.find(({ names }) => names === 'all');
  if (whole !== undefined) return { names: 'all', grants: [whole.grant] };
  return {
    names: [...new Set(found.flatMap(({ names }) => names))].sort(),
    grants: [...new Set(found.map(({ grant }) => grant))],
  };
}

/** Finds the needs that a rule meets: by group and resource where the rule names them, else by trying all. */
function matcherOf(all: readonly Need[]): (rule: PolicyRule) => RuleHits {
  const byResource = Map.groupBy(all, (need) => `${need.group}|${need.resource}`);
  return (rule) => {
    const open = rule.apiGroups.includes('*') || rule.resources.some((resource) => resource.startsWith('*'));
    const candidates = open
      ? all
      : rule.apiGroups.flatMap((group) =>
          [...rule.resources, '*'].flatMap((resource) => byResource.get(`${group}|${resource}`) ?? []),
        );
    const hits = [...new Set(candidates)].flatMap((need): Hit[] => {
      const names = metBy(rule, need);
      return names === undefined ? [] : [{ need, names }];
    });
    return { hits, star: isStar(rule) };
  };
}

function metBy(rule: PolicyRule, need: Need): Names | undefined {
  const names = new Set<string>();
  let met = false;
  // A need for `*` is one for any resource of the group: the kinds of Gatekeeper's constraints are made at will.
  const resources = need.resource === '*' ? rule.resources : [need.resource];
  for (const resource of resources)
    for (const verb of need.verbs) {
      const found = namesOf(rule, verb, need.group, resource);
      if (found === 'all') return 'all';
      if (found === undefined) continue;
      met = true;
      for (const name of found) names.add(name);
    }
  return met ? [...names] : undefined;
}
