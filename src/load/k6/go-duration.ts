const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 };

/** Milliseconds of a duration as Go and k6 write it: `1m30s`, `500ms`, `0s`. Undefined for anything else. */
export function goDurationMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 40 || !/^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/.test(value))
    return undefined;
  let ms = 0;
  for (const [, number, unit = ''] of value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
    ms += Number(number) * (unitMs[unit] ?? 0);
  return ms;
}
