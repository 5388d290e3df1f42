import type { FactStore } from '../facts/fact.ts';
import { accessView } from './access-view.ts';
import { networkView } from './network-view.ts';

/** What reports draw beside the checks: network, access and load. */
export function viewsOf(facts: FactStore, asOf: string): Readonly<Record<string, unknown>> {
  return {
    access: accessView(facts),
    network: networkView(facts, asOf),
  };
}
