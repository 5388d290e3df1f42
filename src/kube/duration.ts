import type { JsonValue } from './json.ts';

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration such as `2160h` or `1h30m` (metav1.Duration); undefined where it is none. Days do not exist there. */
export function parseDuration(value: JsonValue | undefined): number | undefined {
  if (value === 0 || value === '0') return 0;
  if (
    typeof value !== 'string' ||
    value.length > 64 ||
    !/^[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,9})?(?:ns|us|µs|ms|s|m|h))+$/.test(value)
  )
    return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of value.matchAll(/([0-9]+(?:\.[0-9]*)?)(ns|us|µs|ms|s|m|h)/g))
    total += Number(amount) * (units[unit] ?? 0);
  return value.startsWith('-') ? -total : total;
}
