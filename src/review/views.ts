import type { FactStore } from '../facts/fact.ts';
import { accessView } from './access-view.ts';
import { loadView } from './load-view.ts';
import { networkView } from './network-view.ts';
import { placeFinder } from './places.ts';

/** What reports draw beside the checks: network, access and load. `loadRules`: what the standard demands of a load test. */
export function viewsOf(facts: FactStore, asOf: string, loadRules: object = {}): Readonly<Record<string, unknown>> {
  const find = placeFinder(facts);
  return {
    access: drawn(() => accessView(facts, asOf, find)),
    load: drawn(() => loadView(facts, loadRules)),
    network: drawn(() => networkView(facts, asOf, find)),
  };
}

/** A fact that throws has made its checks unknown already; a picture that is missing beside them must not take the review down. */
function drawn(draw: () => unknown): unknown {
  try {
    return draw();
  } catch {
    return { omitted: 'A fact that this view needs could not be derived.' };
  }
}
