import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { exampleFiles, partsOf, readExamples } from '../../../tools/examples.ts';
import { committedSecret } from './committed-secret.ts';
import { literalCredentials } from './literal-credentials.ts';
import { managedSecrets } from './managed-secrets.ts';
import { jwtSecretStrength } from './jwt-secret-strength.ts';
import { databasePasswordStrength } from './database-password-strength.ts';
import { tlsKeyAccess } from './tls-key-access.ts';
import { secretRotation } from './secret-rotation.ts';
import { encryptionAtRest } from './encryption-at-rest.ts';
import { secretAsFile } from './secret-as-file.ts';
const files = exampleFiles();
for (const check of [committedSecret, literalCredentials, managedSecrets, jwtSecretStrength, databasePasswordStrength, tlsKeyAccess, secretRotation, encryptionAtRest, secretAsFile])
  describe(check.id, () => {
    it.each(readExamples(files.get(check.id)!).map((e) => [e.name, e] as const))('%s', (_, example) => {
      const assessments = examine(check, partsOf(example));
      const said = assessments.map(({ outcome, messageId, location, message }) => `${outcome} ${messageId} ${example.at === undefined ? '' : location?.path}`);
      expect(said).toContain(`${example.outcome} ${example.message} ${example.at ?? ''}`);
      if (example.outcome === 'pass') expect(assessments.map(({ outcome }) => outcome)).not.toContain('fail');
    });
  });
