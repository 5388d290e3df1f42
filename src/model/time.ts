/**
 * Moments. The only file outside the host that uses `Date`, and only to parse and format: nothing here reads the clock.
 * A moment travels as RFC 3339 text in UTC without fractions (`2026-03-06T08:50:00Z`), so that text order is time order.
 */

export const dayMs = 86_400_000;

const dateTime = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|z|[+-]\d{2}:\d{2})?$/;
const dateOnly = /^(\d{4})-(\d{2})-(\d{2})$/;

export type ParsedMoment =
  | { readonly ok: true; readonly ms: number; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a date (`2026-09-01`: the start of that day, UTC) or a date-time with a zone.
 * A date-time without a zone means another moment on every machine, so it is refused.
 */
export function parseMoment(text: string): ParsedMoment {
  if (dateOnly.test(text)) return fromUtc(`${text}T00:00:00Z`, text);
  const match = dateTime.exec(text);
  if (!match) return { ok: false, problem: `"${clip(text)}" is not a date: write 2026-03-10 or 2026-03-10T09:00:00Z` };
  if (match[7] === undefined)
    return { ok: false, problem: `"${clip(text)}" has no time zone: add Z, or an offset such as +01:00` };
  return fromUtc(text.replace(' ', 'T').toUpperCase(), text);
}

function fromUtc(iso: string, original: string): ParsedMoment {
  const ms = Date.parse(iso);
  // Date.parse rolls 2026-02-30 over into March: a date that does not come back as written does not exist.
  const day = Number(original.slice(8, 10));
  const calendar = new Date(Date.UTC(Number(original.slice(0, 4)), Number(original.slice(5, 7)) - 1, day));
  if (Number.isNaN(ms) || calendar.getUTCDate() !== day)
    return { ok: false, problem: `"${clip(original)}" is not a day of the calendar` };
  return { ok: true, ms, text: formatMoment(ms) };
}

const clip = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}...` : text);

/** Milliseconds since 1970 -> `2026-03-06T08:50:00Z`. */
export function formatMoment(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds of a moment that is known to be well-formed (it went through `parseMoment` before). NaN where it is not. */
export function momentMs(text: string): number {
  const parsed = parseMoment(text);
  return parsed.ok ? parsed.ms : Number.NaN;
}

/** `text` moved by a number of days. */
export function addDays(text: string, days: number): string {
  return formatMoment(momentMs(text) + days * dayMs);
}
