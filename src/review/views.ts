import type { FactStore } from '../facts/fact.ts';
import { accessView } from './access-view.ts';
import { networkView } from './network-view.ts';
import { placeFinder } from './places.ts';

/** What reports draw beside the checks: network, access and load. */
export function viewsOf(facts: FactStore, asOf: string): Readonly<Record<string, unknown>> {
  const find = placeFinder(facts);
  return {
    access: drawn(() => accessView(facts, asOf, find)),
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
