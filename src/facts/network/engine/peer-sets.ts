import { parseCidr } from '../../../kube/address.ts';
import type { NetworkPolicy, PolicyPeer } from '../../../kube/network-policy.ts';
import type { LabelSelector } from '../../../kube/selector.ts';
import type { Match } from '../assumptions.ts';
import { onHostNetwork, type WorkloadEndpoint } from '../peers.ts';
import { isInvalid, peerMatches } from '../rule.ts';
import type { NetworkModel } from '../network.ts';
import type { AddressAtoms, AtomRun } from './address-atoms.ts';
import { type AssumptionMask, maskOf } from './assumption-mask.ts';
import { byMatch } from './by-match.ts';
import { classSet, type ClassSet, everyClass } from './class-set.ts';
import type { Classes } from './classes.ts';
import { LabelIndex } from './label-index.ts';

/** Classes that a peer stands for, all with the same certainty. */
export interface PeerGroup {
  readonly set: ClassSet;
  readonly certain: boolean;
  readonly on: AssumptionMask;
}

/** Addresses that a peer stands for. */
export interface PeerRuns {
  readonly runs: readonly AtomRun[];
  readonly certain: boolean;
  readonly on: AssumptionMask;
}

/** Whom an element of `from` or `to` stands for. Nobody of those that it does not name. */
export interface PeerSet {
  readonly pods: readonly PeerGroup[];
  readonly addresses: readonly PeerRuns[];
}

/** Finds whom peers stand for, each different peer once: a cluster repeats few of them in thousands of policies. */
export class PeerSets {
  readonly everyone: PeerSet;
  readonly #network: NetworkModel;
  readonly #classes: Classes;
  readonly #atoms: AddressAtoms;
  readonly #namespaces: LabelIndex;
  readonly #pods: LabelIndex;
  readonly #known = new Map<string, PeerSet>();
  readonly #places = new Map<string, readonly number[]>();
  readonly #kinds: readonly HostKind[];

  constructor(network: NetworkModel, classes: Classes, atoms: AddressAtoms) {
    this.#network = network;
    this.#classes = classes;
    this.#atoms = atoms;
    this.#namespaces = new LabelIndex(classes.namespaces.map(({ representative }) => representative.labels));
    this.#pods = new LabelIndex(classes.pods.map(({ representative }) => representative.labels));
    this.#kinds = byNetwork(classes);
    this.everyone = {
      pods: [{ set: everyClass, certain: true, on: 0 }],
      addresses: [{ runs: [atoms.whole], certain: true, on: 0 }],
    };
  }

  of(policy: NetworkPolicy, peer: PolicyPeer): PeerSet {
    const key = keyOf(policy, peer);
    let set = this.#known.get(key);
    if (set === undefined) {
      set = this.#find(policy, peer);
      this.#known.set(key, set);
    }
    return set;
  }

  #find(policy: NetworkPolicy, peer: PolicyPeer): PeerSet {
    if (isInvalid(policy, peer.path)) {
      const on = maskOf(['invalid-policy']);
      return {
        pods: [{ set: everyClass, certain: false, on }],
        addresses: [{ runs: [this.#atoms.whole], certain: false, on }],
      };
    }
    if (peer.ipBlock === undefined) return { pods: this.#selected(policy, peer), addresses: [] };
    const block = parseCidr(peer.ipBlock.cidr);
    const except = peer.ipBlock.except.flatMap((text) => parseCidr(text) ?? []);
    const runs = block === undefined ? [] : this.#atoms.runsOf(block, except);
    return { pods: this.#inBlock(policy, peer), addresses: [{ runs, certain: true, on: 0 }] };
  }

  #selected(policy: NetworkPolicy, peer: PolicyPeer): readonly PeerGroup[] {
    const { pods } = this.#classes;
    const matches = [...this.#candidates(policy, peer)].flatMap((id): (readonly [number, Match])[] => {
      const pod = pods[id];
      return pod === undefined ? [] : [[id, peerMatches(policy, peer, pod.representative, this.#network.profile)]];
    });
    return byMatch(matches).map(({ ids, ...match }) => ({ ...match, set: classSet(ids, pods.length) }));
  }

  /** Manifests do not say which addresses Pods have, so a block treats all Pods alike, but for those on the host's network. */
  #inBlock(policy: NetworkPolicy, peer: PolicyPeer): readonly PeerGroup[] {
    return this.#kinds.flatMap(({ set, representative }) => {
      const match = peerMatches(policy, peer, representative, this.#network.profile);
      return match.truth === 'no' ? [] : [groupOf(set, match)];
    });
  }

  /** Classes among which all that the selectors select are, in order. */
  #candidates(policy: NetworkPolicy, { namespaceSelector, podSelector }: PolicyPeer): Iterable<number> {
    const places = namespaceSelector ? this.#placesOf(namespaceSelector) : this.#own(policy.namespace);
    const inside = places.flatMap((place) => this.#classes.namespaces[place]?.pods ?? []);
    if (podSelector === undefined || inside.length < 64) return inside.sort((a, b) => a - b);
    const chosen = new Set(places);
    return [...this.#pods.select(podSelector)]
      .map(({ index }) => index)
      .filter((id) => chosen.has(this.#classes.pods[id]?.namespace ?? -1));
  }

  #own(namespace: string): readonly number[] {
    const place = this.#classes.byNamespace.get(namespace);
    return place === undefined ? [] : [place];
  }

  #placesOf(selector: LabelSelector): readonly number[] {
    const key = JSON.stringify(selector.requirements);
    let places = this.#places.get(key);
    if (places === undefined) {
      places = [...this.#namespaces.select(selector)].map(({ index }) => index);
      this.#places.set(key, places);
    }
    return places;
  }
}

const groupOf = (set: ClassSet, { truth, assumptions }: Match): PeerGroup => ({
  set,
  certain: truth === 'yes',
  on: maskOf(assumptions),
});

/** Peers with the same key stand for the same Pods and addresses. */
function keyOf(policy: NetworkPolicy, peer: PolicyPeer): string {
  if (isInvalid(policy, peer.path)) return 'invalid';
  const { namespaceSelector, podSelector, ipBlock } = peer;
  return JSON.stringify([
    ipBlock ? [ipBlock.cidr, ipBlock.except] : namespaceSelector ? namespaceSelector.requirements : policy.namespace,
    podSelector?.requirements ?? null,
  ]);
}

/** Pods on the host's network, whose traffic is their node's, and all others, each with one that stands for them. */
export function byNetwork({ pods }: Classes): readonly HostKind[] {
  const kinds = Map.groupBy(pods.entries(), ([, { representative }]) => onHostNetwork(representative));
  return [...kinds].flatMap(([host, entries]) => {
    const representative = entries[0]?.[1].representative;
    const ids = entries.map(([id]) => id);
    return representative === undefined ? [] : [{ host, representative, set: classSet(ids, pods.length) }];
  });
}

export interface HostKind {
  readonly host: boolean;
  readonly representative: WorkloadEndpoint;
  readonly set: ClassSet;
}
