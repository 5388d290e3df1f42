import type { ObjectRef } from './object-ref.ts';

export const outcomes = ['fail', 'unknown', 'pass', 'not-applicable'] as const;
export type Outcome = (typeof outcomes)[number];

export const levels = ['blocker', 'high', 'medium', 'advisory'] as const;
/** blocker: blocks launch. high: should block. medium: due within 24 h of launch. advisory: never counts. */
export type Level = (typeof levels)[number];

/**
 * Why an outcome is what it is, where that matters to a gate:
 * - unknown: `missing` evidence, `stale` evidence, `undecidable` by us, `error` in a check, `needs-a-person`;
 * - pass: `assumed` (rests on providedElsewhere), `claimed` (rests on an unsigned attestation).
 */
export type Reason = 'missing' | 'stale' | 'undecidable' | 'error' | 'needs-a-person' | 'assumed' | 'claimed';

/** Path inside an object, from its root. */
export type Path = readonly (string | number)[];

/** Where something stands. `line` and `column` are 1-based; absent for rendered sources, which have no line of their own. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** Path inside the object as text: `spec.template.spec.containers[0].image`. */
  readonly path: string;
}

/** One step of the proof behind an assessment: the object that decides, and what it says. */
export interface Proof {
  readonly note: string;
  readonly target: ObjectRef;
  readonly location?: Location;
}

/** What was concluded about one target of one check. */
export interface Assessment {
  readonly outcome: Outcome;
  readonly reason?: Reason;
  /** Id into the check's messages. */
  readonly messageId: string;
  readonly message: string;
  /** Identity across runs: check + target + message id + key; no lines, no counts. 16 hex digits. */
  readonly fingerprint: string;
  readonly target: ObjectRef;
  readonly location?: Location;
  readonly because?: readonly Proof[];
  readonly remedy?: string;
  readonly waiver?: WaiverUse;
  readonly attestation?: AttestationUse;
  /** Moment (RFC 3339, UTC) at which time alone changes this judgement. */
  readonly until?: string;
}

/** The waiver that covers an assessment. A waived finding is never a pass. */
export interface WaiverUse {
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
  readonly compensatingControl?: string;
}

/** The person's statement that settled an unknown. */
export interface AttestationUse {
  readonly by: string;
  readonly at: string;
  readonly expires: string;
  readonly statement: string;
  readonly evidence?: string;
}

/** `['spec', 'containers', 0, 'image']` -> `spec.containers[0].image`; keys that are no identifiers are quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
