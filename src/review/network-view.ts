import type { FactStore } from '../facts/fact.ts';
import { assumptions } from '../facts/network/assumptions.ts';
import { dnsAccess } from '../facts/network/dns.ts';
import { dnsTargets } from '../facts/network/dns-targets.ts';
import { matrix, type MatrixRow } from '../facts/network/matrix.ts';
import { network } from '../facts/network/network.ts';

/** Above this, a matrix of all pairs helps nobody and costs too much. */
const mostWorkloads = 400;
const mostRows = 2000;

/** Who may connect to whom, as reports draw it; or why it is left out. */
export type NetworkView =
  | { readonly omitted: string }
  | {
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
    };

/** @param asOf the moment of judgement: what was declared for an earlier time counts no more. */
export function networkView(facts: FactStore, asOf: string): NetworkView {
  const model = facts(network).at(asOf);
  if (model.policies.length === 0 && model.traffic === undefined)
    return { omitted: 'There is no NetworkPolicy, and no traffic is declared.' };
  if (model.endpoints.length > mostWorkloads)
    return { omitted: `${model.endpoints.length} workloads are too many for a matrix of all pairs (at most ${mostWorkloads}).` };
  const all = matrix(model);
  const rows = all.slice(0, mostRows);
  const used = new Set(rows.flatMap((row) => row.assumptions));
  return {
    rows,
    more: all.length - rows.length,
    assumptions: Object.fromEntries(
      Object.entries(assumptions).filter(([id]) => used.has(id as MatrixRow['assumptions'][number])),
    ),
    dns: {
      targets: dnsTargets(model).map(({ endpoint, port, how, seen }) => ({ endpoint: endpoint.id, port, how, seen })),
      workloads: model.reviewed.map((endpoint) => {
        const { UDP, TCP } = dnsAccess(model, endpoint);
        return { workload: endpoint.id, UDP, TCP };
      }),
    },
  };
}
