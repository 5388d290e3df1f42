import type { AssumptionId } from '../facts/network/assumptions.ts';
import { derivedFlows, isDeclared } from '../facts/network/derived.ts';
import { intendedFlows } from '../facts/network/intended.ts';
import type { NetworkModel } from '../facts/network/network.ts';
import type { Answer, Ruling, Step } from '../facts/network/reach.ts';
import type { Location } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import type { PlaceFinder } from './places.ts';

const mostFlows = 1000;
const mostPairs = 100;
const longestProof = 6;

interface StepView {
  readonly note: string;
  readonly object: string;
  readonly location: Location;
}

/** One answer as reports draw it. */
interface Verdict {
  readonly verdict: Answer;
  readonly assumptions: readonly AssumptionId[];
  readonly because: readonly StepView[];
}

interface FlowRow extends Verdict {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** `*` where the port is not known. */
  readonly ports: string;
}

/** A flow that follows from objects. `declared`: somebody declared it as well. `need` is `possible` where objects only allow for it. */
export interface DerivedRow extends FlowRow {
  readonly kind: string;
  readonly reason: string;
  readonly need: 'certain' | 'possible';
  readonly declared: boolean;
}

/** A declared flow with every pair that it stands for. */
export interface IntendedRow {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port?: number | string;
  readonly status: 'satisfied' | 'missing' | 'depends' | 'vacuous';
  readonly pairs: readonly (Verdict & { readonly source: string; readonly destination: string })[];
  /** Why it stands for nothing, and what it may have meant. */
  readonly vacuous?: { readonly end: 'from' | 'to'; readonly why: string; readonly suggestions: readonly string[] };
}

/** A part of a list: `more` were left out. */
export interface Cut<T> {
  readonly flows: readonly T[];
  readonly more: number;
}

/** What every system needs, with verdicts. */
export function derivedView(network: NetworkModel, find: PlaceFinder): Cut<DerivedRow> {
  const all = derivedFlows(network);
  const flows = all.slice(0, mostFlows).map((flow) => ({
    kind: flow.kind,
    source: flow.from.id,
    destination: flow.to.id,
    protocol: flow.protocol,
    ports: flow.port === undefined ? '*' : String(flow.port),
    ...verdictOf(flow.ruling, find),
    reason: flow.reason,
    need: flow.need,
    declared: isDeclared(network, flow),
  }));
  return { flows, more: all.length - flows.length };
}

/** What was declared, with verdicts; undefined where nobody declared anything. */
export function intendedView(network: NetworkModel, find: PlaceFinder): Cut<IntendedRow> | undefined {
  const all = intendedFlows(network);
  if (all === undefined) return undefined;
  const flows = all.slice(0, mostFlows).map(({ flow, status, pairs, vacuous }): IntendedRow => {
    const { from, to, protocol, port } = flow;
    return {
      from,
      to,
      protocol,
      ...(port === undefined ? {} : { port }),
      status,
      pairs: pairs
        .slice(0, mostPairs)
        .map((pair) => ({ source: pair.from.id, destination: pair.to.id, ...verdictOf(pair.ruling, find) })),
      ...(vacuous === undefined ? {} : { vacuous: { end: vacuous.end, why: vacuous.why, suggestions: vacuous.suggestions } }),
    };
  });
  return { flows, more: all.length - flows.length };
}

const verdictOf = ({ answer, assumptions, because }: Ruling, find: PlaceFinder): Verdict => ({
  verdict: answer,
  assumptions,
  because: [...new Map(because.map((step) => [step.note, step])).values()]
    .slice(0, longestProof)
    .map((step) => stepOf(step, find)),
});

const stepOf = ({ note, object, at }: Step, find: PlaceFinder): StepView => ({
  note,
  object: formatRef(object.ref),
  location: find({ object, path: at }),
});
