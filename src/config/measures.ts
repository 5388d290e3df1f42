import { parseDuration } from '../kube/duration.ts';

/** Quantities as people write them. Each function gives undefined for what it cannot read; `forms` shows what it can. */
export const forms = {
  duration: 'write it with a unit, such as 30s, 5m, 1h30m or 500ms',
  latency: 'write it with a unit, such as 200ms or 0.5s',
  share: 'write a percentage such as 0.1%, or a share such as 0.001',
  rate: 'write it with its unit, such as 100/s',
} as const;

/** `30s`, `1h30m`, `500ms` in ms. A bare number is none: nobody knows whether it means seconds. Zero and less are none. */
export function parseLength(text: string): number | undefined {
  const ms = parseDuration(text.trim());
  return ms === undefined || ms <= 0 || !Number.isFinite(ms) ? undefined : rounded(ms);
}

/** `0.1%` or `0.001` as a share above 0 and at most 1. */
export function parseShare(text: string): number | undefined {
  const match = /^([0-9]{1,9}(?:\.[0-9]{1,12})?)\s?(%?)$/.exec(text.trim());
  if (match === null) return undefined;
  const share = rounded(Number(match[1]) / (match[2] === '%' ? 100 : 1));
  return share > 0 && share <= 1 ? share : undefined;
}

/** `100/s`, `6000/m` in requests a second. */
export function parseRate(text: string): number | undefined {
  const match = /^([0-9]{1,9}(?:\.[0-9]{1,6})?)\s?(?:\/|req\/|rps$)\s?(s|sec|m|min|)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, amount = '', unit = ''] = match;
  if (unit === '' && !text.trim().endsWith('rps')) return undefined;
  const rate = rounded(Number(amount) / (unit.startsWith('m') ? 60 : 1));
  return rate > 0 ? rate : undefined;
}

/** 0.1 / 100 is 0.001 and not 0.0010000000000000000208. */
const rounded = (value: number): number => Number(value.toPrecision(12));
