import type { FactStore } from '../facts/fact.ts';
import { declaredReview } from '../facts/inventory.ts';
import { type AssumptionId, assumptions } from '../facts/network/assumptions.ts';
import { dnsAccess } from '../facts/network/dns.ts';
import { dnsTargets } from '../facts/network/dns-targets.ts';
import { engineOf } from '../facts/network/engine/engine.ts';
import { countPairs, type PairCounts } from '../facts/network/engine/statistics.ts';
import { matrix, type MatrixRow } from '../facts/network/matrix.ts';
import { network } from '../facts/network/network.ts';
import { profiles } from '../facts/network/profiles.ts';
import { type Cut, type DerivedRow, derivedView, type IntendedRow, intendedView } from './flows-view.ts';
import type { PlaceFinder } from './places.ts';

/** Above this, a matrix of all pairs helps nobody. */
const mostWorkloads = 400;
const mostRows = 2000;

/** Who may connect to whom, as reports draw it; or why it is left out. */
export type NetworkView =
  | { readonly omitted: string; readonly pairs?: PairCounts }
  | {
      readonly pairs: PairCounts;
      readonly rows: readonly MatrixRow[];
      /** Rows beyond those that are listed. */
      readonly more: number;
      /** The assumptions that rows name, each with its sentence. */
      readonly assumptions: Readonly<Record<string, string>>;
      readonly dns: {
        readonly targets: readonly {
          readonly endpoint: string;
          readonly port: number;
          readonly how: string;
          readonly seen: boolean;
        }[];
        readonly workloads: readonly { readonly workload: string; readonly UDP: string; readonly TCP: string }[];
      };
      /** Flows that every system needs, without a declaration. */
      readonly derived: Cut<DerivedRow>;
      /** Declared flows; absent where nobody declared any. */
      readonly intended?: Cut<IntendedRow>;
      /** The network plugin that the review file names, and what its documentation settles. */
      readonly profile?: {
        readonly name: string;
        readonly settles: readonly { readonly question: string; readonly answer: string; readonly sources: readonly string[] }[];
      };
    };

/** @param asOf the moment of judgement: what was declared for an earlier time counts no more. */
export function networkView(facts: FactStore, asOf: string, find: PlaceFinder): NetworkView {
  const model = facts(network).at(asOf);
  if (model.policies.length === 0 && model.traffic === undefined)
    return { omitted: 'There is no NetworkPolicy, and no traffic is declared.' };
  if (model.endpoints.length > mostWorkloads)
    return {
      omitted: `${model.endpoints.length} workloads are too many for a matrix of all pairs (at most ${mostWorkloads}).`,
      pairs: countPairs(engineOf(model)),
    };
  const all = matrix(model);
  const rows = all.slice(0, mostRows);
  const derived = derivedView(model, find);
  const intended = intendedView(model, find);
  const used = new Set<AssumptionId>([
    ...rows.flatMap((row) => row.assumptions),
    ...derived.flows.flatMap((row) => row.assumptions),
    ...(intended?.flows ?? []).flatMap(({ pairs }) => pairs.flatMap((pair) => pair.assumptions)),
  ]);
  const profile = profileOf(facts);
  return {
    pairs: countPairs(engineOf(model)),
    rows,
    more: all.length - rows.length,
    assumptions: Object.fromEntries(Object.entries(assumptions).filter(([id]) => used.has(id as AssumptionId))),
    dns: {
      targets: dnsTargets(model).map(({ endpoint, port, how, seen }) => ({ endpoint: endpoint.id, port, how, seen })),
      workloads: model.reviewed.map((endpoint) => {
        const { UDP, TCP } = dnsAccess(model, endpoint);
        return { workload: endpoint.id, UDP, TCP };
      }),
    },
    derived,
    ...(intended === undefined ? {} : { intended }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function profileOf(facts: FactStore) {
  const name = facts(declaredReview).network?.profile;
  if (name === undefined || !Object.hasOwn(profiles, name)) return undefined;
  const settles = Object.entries(profiles[name]).map(([question, { answer, sources }]) => ({ question, answer, sources }));
  return { name, settles };
}
