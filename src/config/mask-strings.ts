import { scanShapes } from '../evidence/masking/text-scan.ts';

/**
 * A configuration with everything that has the shape of a credential (a token, a password in a URL) masked at the same length: what a
 * person pastes into a reason or a target must not reach a bundle or a report. Keys stay.
 */
export function maskStrings<T>(value: T): T {
  return masked(value) as T;
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
}

function maskText(text: string): string {
  let result = text;
  for (const { start, end } of scanShapes(text)) result = result.slice(0, start) + 'x'.repeat(end - start) + result.slice(end);
  return result;
}
