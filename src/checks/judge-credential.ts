import { judgeStrength, shortestFor, type StrengthDemand } from '../facts/credential-strength.ts';
import { unseenKind } from '../facts/custom-kinds.ts';
import type { Inventory } from '../facts/inventory.ts';
import type { Credential, KnownValue, SecretValues } from '../facts/secret-values.ts';
import type { Workloads } from '../facts/workloads.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Judgement, Say } from './define-check.ts';

/** What the checks of credential strength say. `{needed}` is the demand in words. */
export const credentialMessages = {
  known: '{key} of {object} is a well-known value.',
  short: '{key} of {object} has {length} characters; {needed}.',
  weak: '{key} of {object} has at most {bits} bits in {length} characters; {needed}.',
  'weak-generator': '{by} draws {bits} bits in {length} characters for {key} of {object}; {needed}.',
  'short-ciphertext': '{key} of {object} has at most {length} characters behind its ciphertext; {needed}.',
  placeholder:
    '{key} of {object} is a placeholder: nothing is known of the real value. Generate it by an ExternalSecret, or attest its strength.',
  undecided: '{key} of {object} has {length} characters that do not look random. Generate it, or attest how it was made.',
  sealed:
    '{key} of {object} has up to {length} characters behind its ciphertext, and a length alone proves no strength. Attest how it was made.',
  remote: '{key} of {object} comes from {by}, which does not show its strength. Attest it, or use a generator.',
  unseen: '{key} of {object} is not seen: {why}. Give what produces it, or attest its strength.',
  'keys-unseen':
    'No such credential is known, but the keys of Secret {object} are not seen. Give the Secret or what produces it.',
  'no-workload': 'No workload in the sources, and {why}.',
  random: '{key} of {object} is {length} random-looking characters: up to {bits} bits.',
  generated: '{key} of {object} is drawn by {by}: {bits} bits in {length} characters.',
  asymmetric: '{key} of {object} belongs to a key pair or a certificate: its strength is that of its algorithm.',
  'no-password': '{key} of {object} holds no password.',
  none: 'No such credential among the Secrets, variables and ConfigMaps of {objects} objects.',
} as const;

type Voice = Say<typeof credentialMessages>;

export interface CredentialDemand extends StrengthDemand {
  /** For people: `32 random characters are needed`. */
  readonly needed: string;
}

/**
 * Judges one credential. A weak value fails whatever else is known of it; otherwise a value that was seen or drawn speaks before one that
 * was not.
 */
export function judgeCredential(credential: Credential, demand: CredentialDemand, say: Voice): Judgement {
  const { key, ref, values, users } = credential;
  const data = { key, object: formatRef(ref) };
  const because = users.slice(0, 5).map(({ object, path }) => ({ note: `reads ${key}`, object, at: path }));
  const answers = values.map((value) => judgeKnown(value, credential, data, demand, say));
  const order = ['fail', 'pass', 'unknown', 'not-applicable'] as const;
  const [first] = order.flatMap((outcome) => answers.filter((answer) => answer.outcome === outcome));
  return { ...(first ?? say.unknown('unseen', { ...data, why: 'no source has it' })), key, because };
}

type Data = { readonly key: string; readonly object: string };

function judgeKnown(value: KnownValue, { role }: Credential, data: Data, demand: CredentialDemand, say: Voice): Judgement {
  if (role === 'asymmetric-key') return say.notApplicable('asymmetric', data);
  const { needed } = demand;
  switch (value.kind) {
    case 'generated': {
      const measured = { ...data, by: value.by, bits: value.bits, length: value.length };
      const isWeak = value.bits < demand.minBits || value.length < demand.minLength;
      return isWeak ? say.fail('weak-generator', { ...measured, needed }) : say.pass('generated', measured);
    }
    case 'length':
      // A ciphertext shows the longest that the value can be; behind that of a URL the password is shorter still.
      return value.length < shortestFor(demand)
        ? say.fail('short-ciphertext', { ...data, length: value.length, needed })
        : { ...say.unknown('sealed', { ...data, length: value.length }), reason: 'needs-a-person' };
    case 'remote':
      return { ...say.unknown('remote', { ...data, by: value.by }), reason: 'needs-a-person' };
    case 'unseen':
      return say.unknown('unseen', { ...data, why: value.why });
    case 'value':
      return judgeValue(value, role === 'database-url', data, demand, say);
  }
}

function judgeValue(
  { strength, contains }: Extract<KnownValue, { kind: 'value' }>,
  isUrl: boolean,
  data: Data,
  demand: CredentialDemand,
  say: Voice,
): Judgement {
  const password = contains?.kind === 'url' ? contains.password : undefined;
  if (isUrl && contains?.kind === 'url' && password === undefined) return say.notApplicable('no-password', data);
  // A URL that cannot be read apart is not measured as if it were a password.
  if (isUrl && password === undefined && !strength.placeholder)
    return { ...say.unknown('undecided', { ...data, length: strength.length }), reason: 'undecidable' };
  const verdict = judgeStrength(password ?? strength, password === undefined ? contains : undefined, demand);
  const { needed } = demand;
  switch (verdict.kind) {
    case 'placeholder':
      return say.unknown('placeholder', data);
    case 'asymmetric':
      return say.notApplicable('asymmetric', data);
    case 'known':
      return say.fail('known', data);
    case 'structured':
      return { ...say.unknown('undecided', { ...data, length: strength.length }), reason: 'undecidable' };
    case 'short':
      return say.fail('short', { ...data, length: verdict.length, needed });
    case 'weak':
      return say.fail('weak', { ...data, length: verdict.length, bits: verdict.bits, needed });
    case 'undecided':
      return { ...say.unknown('undecided', { ...data, length: verdict.length }), reason: 'undecidable' };
    case 'random':
      return say.pass('random', { ...data, length: verdict.length, bits: verdict.bits });
  }
}

/** No credential of the kind: not applicable only where every Secret that is taken whole shows its keys. */
export function noCredential(values: SecretValues, running: Workloads, known: Inventory, say: Voice): Judgement {
  const [unlisted] = values.unlisted;
  if (unlisted !== undefined)
    return {
      ...say.unknown('keys-unseen', { object: `${unlisted.namespace}/${unlisted.name}` }),
      in: unlisted.use.workload.object,
      at: unlisted.use.path,
    };
  const unseen =
    running.system.length > 0 ? undefined : unseenKind(known, ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);
  return unseen === undefined
    ? say.notApplicable('none', { objects: known.system.length })
    : say.unknown('no-workload', { why: unseen.why });
}
