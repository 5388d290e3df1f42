import { judgeStrength, shortestFor } from '../../facts/credential-strength.ts';
import { inventory } from '../../facts/inventory.ts';
import { type Credential, type KnownValue, secretValues } from '../../facts/secret-values.ts';
import { workloads } from '../../facts/workloads.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';

type KeyTarget = Target & { readonly credential: Credential };

export const jwtSecretStrength = defineCheck({
  id: 'jwt-secret-strength',
  gate: 'secrets',
  level: 'high',
  title: 'Keys that sign tokens and sessions have 256 bits',
  rationale: 'Whoever guesses the key offline, from one token, signs in as anybody. HS256 needs a key as long as its hash.',
  remedy: 'strengthen-secrets',
  references: ['https://www.rfc-editor.org/rfc/rfc7518#section-3.2', 'https://external-secrets.io/latest/api/generator/password/'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A key whose tokens live for minutes in a system that is replaced within weeks.',
  needs: { inventory, workloads, secretValues },
  parameters: { minBits: 256 },
  stricter: { minBits: 'higher' },
  messages: {
    known: '{key} of {object} is a well-known value.',
    weak: '{key} of {object} has at most {bits} bits in {length} characters; {minBits} are needed.',
    'weak-generator': '{by} draws {bits} bits in {length} characters for {key} of {object}; {minBits} are needed.',
    short: '{key} of {object} has at most {length} characters behind its ciphertext: no {length} characters carry {minBits} bits.',
    placeholder: '{key} of {object} is a placeholder: nothing is known of the real value. Generate it by an ExternalSecret, or attest its strength.',
    undecided: '{key} of {object} has {length} characters that do not look random. Generate it, or attest how it was made.',
    sealed: '{key} of {object} has up to {length} characters behind its ciphertext, and a length alone proves no strength. Attest how it was made.',
    remote: '{key} of {object} comes from {by}, which does not show its strength. Attest it, or use a generator.',
    unseen: '{key} of {object} is not seen: {why}. Give what produces it, or attest its strength.',
    'keys-unseen': 'No signing key is known, but the keys of Secret {object} are not seen.',
    random: '{key} of {object} is {length} random-looking characters: up to {bits} bits.',
    generated: '{key} of {object} is drawn by {by}: {bits} bits in {length} characters.',
    asymmetric: '{key} of {object} belongs to a key pair: its length is that of its algorithm.',
    none: 'No signing key among the Secrets, variables and ConfigMaps of {objects} objects.',
    'no-workload': 'No workload in the sources, and {why}.',
  },
  looksFor: ['*', 'Secret'],
  *targets({ secretValues }): Generator<KeyTarget> {
    for (const credential of secretValues.credentials) {
      if (credential.role !== 'signing-key' && credential.role !== 'asymmetric-key') continue;
      yield { ref: credential.ref, ...(credential.object ? { object: credential.object, path: credential.path } : {}), credential };
    }
  },
  assess({ credential }, { parameters }, say) {
    const { key, ref, role, values, users } = credential;
    const data = { key, object: formatRef(ref) };
    const { minBits } = parameters;
    const because = users.slice(0, 5).map(({ object, path }) => ({ note: `reads ${key}`, object, at: path }));
    const answers = values.map((value): Judgement => ({ ...judge(value), key, because }));
    return worst(answers) ?? { ...say.unknown('unseen', { ...data, why: 'no source has it' }), key };

    function judge(value: KnownValue): Judgement {
      if (role === 'asymmetric-key') return say.notApplicable('asymmetric', data);
      switch (value.kind) {
        case 'generated': {
          const measured = { ...data, by: value.by, bits: value.bits, length: value.length };
          return value.bits < minBits ? say.fail('weak-generator', { ...measured, minBits }) : say.pass('generated', measured);
        }
        case 'length':
          return value.length < shortestFor({ minBits, minLength: 0 })
            ? say.fail('short', { ...data, length: value.length, minBits })
            : { ...say.unknown('sealed', { ...data, length: value.length }), reason: 'needs-a-person' };
        case 'remote':
          return { ...say.unknown('remote', { ...data, by: value.by }), reason: 'needs-a-person' };
        case 'unseen':
          return say.unknown('unseen', { ...data, why: value.why });
        case 'value':
          return judgeValue(value);
      }
    }

    function judgeValue({ strength, contains }: Extract<KnownValue, { kind: 'value' }>): Judgement {
      const verdict = judgeStrength(strength, contains, { minBits, minLength: 0 });
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
        case 'weak':
          return say.fail('weak', { ...data, length: verdict.length, bits: verdict.bits, minBits });
        case 'undecided':
          return { ...say.unknown('undecided', { ...data, length: verdict.length }), reason: 'undecidable' };
        case 'random':
          return say.pass('random', { ...data, length: verdict.length, bits: verdict.bits });
      }
    }
  },
  none({ inventory, workloads, secretValues }, say) {
    const [unlisted] = secretValues.unlisted;
    if (unlisted !== undefined) return { ...say.unknown('keys-unseen', { object: `${unlisted.namespace}/${unlisted.name}` }), in: unlisted.use.workload.object, at: unlisted.use.path };
    const unseen = workloads.system.length > 0 ? undefined : unseenKind(inventory, ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);
    return unseen === undefined ? say.notApplicable('none', { objects: inventory.system.length }) : say.unknown('no-workload', { why: unseen.why });
  },
});

/** A weak value fails whatever else is known; otherwise a value that was seen or drawn speaks before one that was not. */
function worst(answers: readonly Judgement[]): Judgement | undefined {
  return (['fail', 'pass', 'unknown', 'not-applicable'] as const).flatMap((outcome) => answers.filter((answer) => answer.outcome === outcome))[0];
}
