import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admittedPorts } from '../../src/facts/network/admitted-ports.ts';
import type { Profile } from '../../src/facts/network/assumptions.ts';
import type { NetworkModel } from '../../src/facts/network/network.ts';
import { type Endpoint, externalEndpoint } from '../../src/facts/network/peers.ts';
import { type PortRange, protocols, type Protocol } from '../../src/facts/network/ports.ts';
import { reaches } from '../../src/facts/network/reach.ts';
import type { JsonObject } from '../../src/kube/json.ts';
import { clusters, type ClusterOptions, networkFrom, portNumbers } from './arbitrary.ts';
import { tierPolicies } from './arbitrary-tiers.ts';
import { blocksIn, type Cluster, decide, readCluster, type Settled, telling } from './oracle.ts';
import { at, blockEnds, type End, type Verdict } from './oracle-model.ts';

interface Ends {
  readonly name: string;
  readonly theirs: End;
  readonly ours: Endpoint;
}

/** Every Pod, and addresses at and beside the ends of every block. */
function endsOf(network: NetworkModel, cluster: Cluster): readonly Ends[] {
  const pods = cluster.pods.flatMap((theirs) => {
    const ours = network.byId.get(theirs.id);
    return ours === undefined ? [] : [{ name: theirs.id, theirs, ours }];
  });
  expect(pods.length).toBe(network.endpoints.length);
  const addresses = telling(blocksIn(cluster)).map((theirs) => {
    const ours = externalEndpoint({ family: theirs.family, first: theirs.value, last: theirs.value });
    return { name: ours.id, theirs, ours };
  });
  return [...pods, ...addresses];
}

const holds = (ranges: readonly PortRange[], port: number) => ranges.some(({ first, last }) => first <= port && port <= last);

function verdict({ allowed, depends }: ReturnType<typeof admittedPorts>, protocol: Protocol, port: number): Verdict {
  if (holds(allowed[protocol], port)) return 'allowed';
  return holds(depends[protocol], port) ? 'depends' : 'denied';
}

interface Difference {
  readonly question: string;
  readonly computed: Verdict;
  readonly expected: Verdict;
}

/** Label keys and values that selectors of namespaces of the random clusters ask for. */
const namespaceKeys = { team: ['red', 'blue'], tier: ['x', 'y', ''] } as const;

/**
 * Every pair and every telling port on which the program and the oracle differ.
 * @param isExplained leaves out differences whose reason is known.
 */
function* differences(
  values: readonly JsonObject[],
  profile: Profile,
  settled: Settled,
  isExplained: (difference: Difference, cluster: Cluster, ends: readonly [End, End]) => boolean,
): Generator<Difference> {
  const cluster = readCluster(values);
  const network = networkFrom(values, profile);
  const addresses = telling(blocksIn(cluster));
  const ports = portNumbers(values);
  const all = endsOf(network, cluster);
  for (const from of all)
    for (const to of all) {
      if (from.ours.kind === 'external' && to.ours.kind === 'external') continue;
      const admitted = admittedPorts(network, from.ours, to.ours);
      for (const protocol of protocols)
        for (const port of ports) {
          const ends = [from.theirs, to.theirs] as const;
          const expected = decide(cluster, ends, [protocol, port], settled, namespaceKeys, addresses);
          const asked = [verdict(admitted, protocol, port)];
          // Both ways to ask run through one function; a part of the questions shows that they agree.
          if (port % 8 === 0) asked.push(reaches(network, from.ours, to.ours, { protocol, port }).answer);
          for (const computed of asked) {
            const difference = { question: `${from.name} -> ${to.name} : ${protocol} ${port}`, computed, expected };
            if (computed !== expected && !isExplained(difference, cluster, ends)) yield difference;
          }
        }
    }
}

/**
 * Two Pods talk by one family. Where one end's policies admit blocks of IPv4 alone and the other's blocks of IPv6 alone, they never
 * meet; the evaluator looks at one end at a time and leaves it open. It errs on the side of doubt.
 */
function isFamilyDoubt({ computed, expected }: Difference, cluster: Cluster, [from, to]: readonly [End, End]): boolean {
  const families = new Set(blocksIn(cluster).map((block) => blockEnds(block).family));
  return computed === 'depends' && expected === 'denied' && 'labels' in from && 'labels' in to && families.size === 2;
}

/**
 * Of a namespace without an object each label is open by itself, so that `team in (red)` or `team notin (red)` stays in doubt though
 * one of them holds. The other way round there is no excuse: what is called allowed or denied must be so whatever the labels are.
 */
const isLabelDoubt = ({ computed }: Difference): boolean => computed === 'depends';

/** Rules of cluster-wide policies are folded one after the other, each with its own doubts: two that exclude each other stay both. */
const isOrderDoubt = ({ computed }: Difference): boolean => computed === 'depends';

const profiles: readonly (readonly [name: string, runs: number, profile: Profile, settled: Settled])[] = [
  ['everything is open', 15, {}, {}],
  ['blocks do not match Pods', 4, { 'ipblock-matches-pods': 'no' }, { blocksMatchPods: false }],
  ['blocks match Pods', 4, { 'ipblock-matches-pods': 'yes' }, { blocksMatchPods: true, ipv4: true }],
  ['Pods on the host network are told apart', 4, { 'host-network': 'yes' }, { hostPodsApart: true }],
  ['Pods on the host network are their node', 4, { 'host-network': 'no' }, { hostPodsApart: false }],
  [
    'two questions are settled',
    4,
    { 'ipblock-matches-pods': 'no', 'host-network': 'yes' },
    { blocksMatchPods: false, hostPodsApart: true },
  ],
];

/** A wrong answer is looked at again for each smaller cluster, which takes long: the size of the counterexample is worth some of it. */
const some = (options: ClusterOptions = {}) => fc.limitShrink(clusters(options), 100);

describe('the evaluator and the oracle give the same answers', () => {
  test.each(profiles)('%s', (_, numRuns, profile, settled) => {
    fc.assert(
      fc.property(some(), (values) => {
        expect([...differences(values, profile, settled, isFamilyDoubt)].slice(0, 5)).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('what is allowed or denied is so whatever the labels of namespaces without an object', () => {
    fc.assert(
      fc.property(some({ unknownNamespaces: true, hostNetwork: false, blocks: false }), (values) => {
        expect([...differences(values, {}, {}, isLabelDoubt)].slice(0, 5)).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });

  test('cluster-wide policies of distinct priorities, over Pods alone', () => {
    const plain = tierPolicies.filter((policies) => {
      const words = JSON.stringify(policies);
      const places = policies.map(({ kind, spec }) => JSON.stringify([kind, at(spec, 'tier'), at(spec, 'priority')]));
      const isOneGeneration = new Set(policies.map(({ apiVersion }) => apiVersion)).size <= 1;
      return isOneGeneration && new Set(places).size === places.length && !/"(networks|nodes)"/.test(words);
    });
    fc.assert(
      fc.property(some({ blocks: false, maxPolicies: 3 }), plain, (values, tiers) => {
        expect([...differences([...values, ...tiers], {}, {}, () => false)].slice(0, 5)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('cluster-wide policies: what is allowed or denied is so in every order, and whatever addresses Pods and nodes have', () => {
    fc.assert(
      fc.property(some({ maxPolicies: 3 }), tierPolicies, (values, tiers) => {
        expect([...differences([...values, ...tiers], {}, {}, isOrderDoubt)].slice(0, 5)).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });
});
