import { forms, parseLength, parseRate, parseShare } from '../../config/measures.ts';
import type { LoadLimits } from '../../evidence/declared.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { ViewOptions } from '../view.ts';

/** What the command line of `seaworthy load` holds, as commander gives it. */
export interface LoadOptions extends Pick<ViewOptions, 'color'> {
  readonly config?: string;
  readonly environment?: string;
  readonly target?: string;
  readonly targetEnvironment?: string;
  readonly engine?: 'auto' | 'embedded' | 'k6';
  readonly rate?: string;
  readonly duration?: string;
  readonly warmup?: string;
  readonly timeout?: string;
  readonly threshold: readonly string[];
  readonly workers?: string;
  readonly connections?: string;
  readonly protocol?: 'http/1.1' | 'h2';
  readonly insecure?: boolean;
  readonly image: readonly string[];
  readonly imagesUnderReview?: boolean;
  readonly confirm?: string;
  readonly maxRate?: string;
  readonly maxDuration?: string;
  readonly output?: string;
  readonly format: 'text' | 'json';
  readonly emit?: 'k6' | 'k6-operator';
  readonly runners?: string;
  readonly namespace?: string;
  readonly imageK6?: string;
}

const usage = (message: string, hint?: string) => new SeaworthyError('SW_USAGE', message, hint === undefined ? {} : { hint });

/** A number above 0, such as a rate. Throws SW_USAGE. */
export function numberOption(option: string, text: string, most: number): number {
  const value = /^[0-9]{1,9}(?:\.[0-9]{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0) || value > most)
    throw usage(`${option} takes a number above 0 and at most ${most}.`, `For example: ${option} ${Math.min(most, 100)}`);
  return value;
}

/** A whole number from 1. Throws SW_USAGE. */
export function countOption(option: string, text: string, most: number): number {
  const value = numberOption(option, text, most);
  if (!Number.isInteger(value)) throw usage(`${option} takes a whole number.`);
  return value;
}

/** A length of time in ms; `0s` where none is allowed. Throws SW_USAGE. */
export function lengthOption(option: string, text: string, longestMs: number, mayBeNone = false): number {
  if (mayBeNone && /^0(?:ms|s|m|h)?$/.test(text.trim())) return 0;
  const ms = parseLength(text);
  if (ms === undefined) throw usage(`${option}: ${forms.duration}.`);
  if (ms > longestMs) throw usage(`${option}: the longest is ${longestMs / 1000}s.`);
  return Math.max(1, Math.round(ms));
}

/** `p95<200ms`, `p99<0.5s`, `errors<0.1%`, `throughput>100/s` over the limits that hold otherwise. Throws SW_USAGE. */
export function withThresholds(limits: LoadLimits, given: readonly string[]): LoadLimits {
  const changed: { -readonly [K in keyof LoadLimits]: number } = { ...limits };
  const seen = new Set<keyof LoadLimits>();
  for (const text of given) {
    const [key, value] = thresholdOf(text);
    if (seen.has(key)) throw usage(`--threshold names one limit twice.`);
    seen.add(key);
    changed[key] = value;
  }
  return changed;
}

const thresholdHint = "Write --threshold 'p95<200ms', 'p99<500ms', 'errors<0.1%' or 'throughput>100/s'.";

function thresholdOf(text: string): readonly [keyof LoadLimits, number] {
  const match = /^\s*([a-z0-9]+)\s*([<>])\s*(\S.*)$/i.exec(text);
  const [, name = '', sign = '', amount = ''] = match ?? [];
  const known = thresholdKinds.find((kind) => kind.name.test(name) && kind.sign === sign);
  const value = known?.parse(amount);
  if (known === undefined || value === undefined) throw usage(`--threshold "${text}" is no limit.`, thresholdHint);
  return [known.key, value];
}

const thresholdKinds: readonly {
  readonly name: RegExp;
  readonly sign: '<' | '>';
  readonly key: keyof LoadLimits;
  readonly parse: (text: string) => number | undefined;
}[] = [
  { name: /^p95$/i, sign: '<', key: 'p95Ms', parse: parseLength },
  { name: /^p99$/i, sign: '<', key: 'p99Ms', parse: parseLength },
  { name: /^(?:errors?|errorRate)$/i, sign: '<', key: 'errorRate', parse: parseShare },
  { name: /^throughput$/i, sign: '>', key: 'minRps', parse: parseRate },
];
