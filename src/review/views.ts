import type { FactStore } from '../facts/fact.ts';

/** What reports draw beside the checks: network, access and load. */
export function viewsOf(_facts: FactStore): Readonly<Record<string, unknown>> {
  return {};
}
