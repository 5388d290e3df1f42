import type { FactStore } from '../facts/fact.ts';
import { accessView } from './access-view.ts';
import { networkView } from './network-view.ts';

/** What reports draw beside the checks: network, access and load. */
export function viewsOf(facts: FactStore, asOf: string): Readonly<Record<string, unknown>> {
  return {
    access: drawn(() => accessView(facts)),
    network: drawn(() => networkView(facts, asOf)),
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
