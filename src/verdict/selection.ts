import type { Place } from '../evidence/declared.ts';
import type { Assessment, Location } from '../model/judgement.ts';
import { compareText, type ObjectRef } from '../model/object-ref.ts';

/** What a waiver or an attestation selects by. */
export interface Selector {
  readonly check: string;
  readonly fingerprint?: string;
  readonly target?: string;
}

/** The spellings of a target that a person may use: `Kind/name`, `Kind/namespace/name`, `namespace/Kind/name`. */
function spellingsOf({ kind, namespace, name }: ObjectRef): readonly string[] {
  const short = `${kind}/${name}`;
  return namespace === undefined ? [short] : [short, `${kind}/${namespace}/${name}`, `${namespace}/${short}`];
}

/** Finds the selectors of an assessment without asking each of them. A selector with fingerprint and target needs both. */
interface SelectorIndex<S extends Selector> {
  of(check: string, assessment: Pick<Assessment, 'target' | 'fingerprint'>): readonly S[];
}

/** Indexes selectors by check and by what they name. Answers come sorted latest expiry first, then by content. */
export function indexSelectors<S extends Selector & { readonly expires: string }>(selectors: readonly S[]): SelectorIndex<S> {
  const byKey = new Map<string, S[]>();
  for (const selector of [...selectors].sort(longestFirst)) {
    const key = keyOf(selector.check, selector.target ?? selector.fingerprint ?? '');
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [selector]);
    else list.push(selector);
  }
  const named = new Set(selectors.map(({ check }) => check));
  return {
    of(check, { target, fingerprint }) {
      // Most checks have no selector at all, and there may be as many assessments as the cluster has containers.
      if (!named.has(check)) return [];
      const found = ['', fingerprint, ...spellingsOf(target)].flatMap((word) => byKey.get(keyOf(check, word)) ?? []);
      return found
        .filter((selector) => selector.fingerprint === undefined || selector.fingerprint === fingerprint)
        .sort(longestFirst);
    },
  };
}

const keyOf = (check: string, word: string) => `${check}\n${word}`;

/** Of two that cover the same, the one that holds longer counts; what else differs only makes the order total. */
function longestFirst(a: Selector & { readonly expires: string }, b: Selector & { readonly expires: string }): number {
  return compareText(b.expires, a.expires) || compareText(contentOf(a), contentOf(b));
}

/** Everything but the place, which moves with the file's lines. */
const contentOf = (selector: object) =>
  JSON.stringify(
    Object.entries(selector)
      .filter(([key]) => key !== 'place')
      .sort(([a], [b]) => compareText(a, b)),
  );

/** A place in the review file as a location of the result. */
export function locationOf(place: Place | undefined, path: string): { readonly location?: Location } {
  return place === undefined ? {} : { location: { ...place, path } };
}
