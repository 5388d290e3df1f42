/**
 * What stays known of a value that was masked before anything else saw it. Never the value, nor anything that narrows it down
 * further than a strength check needs.
 */
export interface Mask {
  readonly class: MaskClass;
  /** The rule that recognised it: `secret-data`, `key:password`, `pattern:github-token`, `entropy`. */
  readonly detector: string;
  /** Characters of the plain value; base64 of Secret data counts decoded. */
  readonly length: number;
  readonly alphabet: Alphabet;
  /** Estimated bits of the whole value, rounded down to a multiple of 8. An upper bound: a low estimate proves weakness, a high one is only plausible. */
  readonly entropyBits: number;
  /** Template text such as `CHANGE_ME`, `<password>` or `${DB_PASSWORD}`: no credential at all. */
  readonly placeholder: boolean;
  /** In the list of well-known values (`changeme`, `postgres`, documentation keys). */
  readonly knownWeak: boolean;
  /** Set where only a part of the value is masked (the password of a URL): offsets in the value. */
  readonly start?: number;
  readonly end?: number;
  /** Structure that checks may read of a masked document. */
  readonly contains?: MaskedContent;
  readonly detectorVersion: string;
}

export type MaskClass = 'secret-data' | 'credential' | 'token' | 'private-key' | 'url-credential' | 'high-entropy' | 'annotation';
export type Alphabet = 'digits' | 'hex' | 'base64' | 'alphanumeric' | 'printable' | 'binary';

export type MaskedContent =
  | {
      readonly kind: 'url';
      readonly scheme: string;
      readonly host: string;
      readonly port?: number;
      readonly path?: string;
      readonly password?: Strength;
    }
  | {
      readonly kind: 'certificate';
      readonly notBefore: string;
      readonly notAfter: string;
      readonly names: readonly string[];
      readonly selfSigned: boolean;
    }
  | { readonly kind: 'private-key' }
  /** PEM blocks that are public by their headers, and no certificate that could be read. */
  | { readonly kind: 'public-key' }
  /** A configuration file (Grafana ini, YAML, JSON): paths of leaves that hold credentials; empty means that it holds none. */
  | {
      readonly kind: 'config';
      readonly format: string;
      readonly credentialLeaves: readonly ({ readonly path: string } & Strength)[];
    }
  /** An Alertmanager configuration: the route tree's receivers and the integration types of each receiver, no URLs. */
  | {
      readonly kind: 'alertmanager';
      readonly routes: readonly { readonly receiver: string; readonly matchers: readonly string[]; readonly depth: number }[];
      readonly receivers: readonly { readonly name: string; readonly integrations: readonly string[] }[];
      /** Paths of leaves that hold credentials, as of any configuration. */
      readonly credentialLeaves?: readonly ({ readonly path: string } & Strength)[];
    };

export interface Strength {
  readonly length: number;
  readonly alphabet: Alphabet;
  readonly entropyBits: number;
  readonly placeholder: boolean;
  readonly knownWeak: boolean;
}

/** Masks of one document by path, keyed by `maskKey(path)`. */
export type MaskTable = Readonly<Record<string, Mask>>;

export const maskKey = (path: readonly (string | number)[]): string => JSON.stringify(path);
