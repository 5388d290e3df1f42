import { inventory } from '../../facts/inventory.ts';
import { type Credential, secretValues } from '../../facts/secret-values.ts';
import { workloads } from '../../facts/workloads.ts';
import { defineCheck, type Target } from '../define-check.ts';
import { credentialMessages, judgeCredential, noCredential } from '../judge-credential.ts';

type PasswordTarget = Target & { readonly credential: Credential };

/** Random text carries at least this in each character: hex has the smallest alphabet that generators use. */
const bitsPerCharacter = 4;

export const databasePasswordStrength = defineCheck({
  id: 'database-password-strength',
  gate: 'secrets',
  level: 'high',
  title: 'Passwords of databases have 32 random characters',
  rationale: 'A database password is tried by whatever reaches the port, and guessed offline from any leaked hash or backup.',
  remedy: 'strengthen-secrets',
  references: ['https://external-secrets.io/latest/api/generator/password/', 'https://pages.nist.gov/800-63-4/sp800-63b.html'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A database that limits the length of passwords and that only its own Pod can reach.',
  needs: { inventory, workloads, secretValues },
  parameters: { minLength: 32 },
  stricter: { minLength: 'higher' },
  messages: credentialMessages,
  looksFor: ['*', 'Secret'],
  *targets({ secretValues }): Generator<PasswordTarget> {
    for (const credential of secretValues.credentials) {
      const { role, ref, object, path } = credential;
      if (role === 'database-password' || role === 'database-url') yield { ref, ...(object ? { object, path } : {}), credential };
    }
  },
  assess({ credential }, { parameters: { minLength } }, say) {
    return judgeCredential(
      credential,
      { minLength, minBits: minLength * bitsPerCharacter, needed: `${minLength} random characters are needed` },
      say,
    );
  },
  none: ({ inventory, workloads, secretValues }, say) => noCredential(secretValues, workloads, inventory, say),
});
