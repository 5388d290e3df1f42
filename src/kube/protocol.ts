import type { JsonValue } from './json.ts';

/** Transport protocols that Services, container ports and NetworkPolicies name; case-sensitive in the API. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** A protocol field: TCP when absent or null, undefined when it is none that the API accepts. */
export function readProtocol(value: JsonValue | undefined): Protocol | undefined {
  if (value === undefined || value === null) return 'TCP';
  return value === 'TCP' || value === 'UDP' || value === 'SCTP' ? value : undefined;
}
