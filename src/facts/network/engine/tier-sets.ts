import type { TierRule } from '../../../kube/admin-network-policy.ts';
import type { Match } from '../assumptions.ts';
import { type Endpoint, externalEndpoint } from '../peers.ts';
import { tierPeersMatch } from '../tier-match.ts';
import type { AddressAtoms } from './address-atoms.ts';
import { byMatch } from './by-match.ts';
import { classSet } from './class-set.ts';
import type { Classes } from './classes.ts';
import type { PeerSet } from './peer-sets.ts';

/** For whom the rules of cluster-wide policies match. There are few such rules, so each is asked of every class and atom once. */
export class TierSets {
  readonly #classes: Classes;
  readonly #atoms: AddressAtoms;
  readonly #known = new Map<TierRule, PeerSet>();

  constructor(classes: Classes, atoms: AddressAtoms) {
    this.#classes = classes;
    this.#atoms = atoms;
  }

  of(rule: TierRule): PeerSet {
    let set = this.#known.get(rule);
    if (set === undefined) {
      set = this.#find(rule);
      this.#known.set(rule, set);
    }
    return set;
  }

  #find({ peers }: TierRule): PeerSet {
    const ask = (end: Endpoint): Match => tierPeersMatch(peers, end);
    const { pods } = this.#classes;
    const { ranges } = this.#atoms;
    // Selectors stand for no address, whichever it is.
    const outside = peers.every(({ kind }) => kind === 'pods') ? [] : ranges.map(externalEndpoint);
    return {
      pods: byMatch(pods.map(({ representative }, id) => [id, ask(representative)])).map(({ ids, ...match }) => ({
        ...match,
        set: classSet(ids, pods.length),
      })),
      addresses: byMatch(outside.map((end, id) => [id, ask(end)])).map(({ ids, ...match }) => ({
        ...match,
        runs: ids.map((id) => ({ first: id, last: id })),
      })),
    };
  }
}
