import { inventory } from '../../facts/inventory.ts';
import { type Credential, secretValues } from '../../facts/secret-values.ts';
import { workloads } from '../../facts/workloads.ts';
import { defineCheck, type Target } from '../define-check.ts';
import { credentialMessages, judgeCredential, noCredential } from '../judge-credential.ts';

type KeyTarget = Target & { readonly credential: Credential };

export const jwtSecretStrength = defineCheck({
  id: 'jwt-secret-strength',
  gate: 'secrets',
  level: 'high',
  title: 'Keys that sign tokens and sessions have 256 bits',
  rationale: 'Whoever guesses the key offline, from one token, signs in as anybody. HS256 needs a key as long as its hash.',
  remedy: 'strengthen-secrets',
  references: [
    'https://www.rfc-editor.org/rfc/rfc7518#section-3.2',
    'https://external-secrets.io/latest/api/generator/password/',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A key whose tokens live for minutes in a system that is replaced within weeks.',
  needs: { inventory, workloads, secretValues },
  parameters: { minBits: 256 },
  stricter: { minBits: 'higher' },
  messages: credentialMessages,
  looksFor: ['*', 'Secret'],
  *targets({ secretValues }): Generator<KeyTarget> {
    for (const credential of secretValues.credentials) {
      const { role, ref, object, path } = credential;
      if (role === 'signing-key' || role === 'asymmetric-key') yield { ref, ...(object ? { object, path } : {}), credential };
    }
  },
  assess({ credential }, { parameters: { minBits } }, say) {
    return judgeCredential(
      credential,
      { minBits, minLength: 0, needed: `${minBits} bits are needed (${Math.ceil(minBits / 4)} hex digits)` },
      say,
    );
  },
  none: ({ inventory, workloads, secretValues }, say) => noCredential(secretValues, workloads, inventory, say),
});
