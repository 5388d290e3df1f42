import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exampleFiles, partsOf, readExamples } from '../../tools/examples.ts';
import { examine } from './testing.ts';
const files = exampleFiles();
const ids = 'certificate-automation issuer-configured ingress-issuer ingress-tls-hosts production-hostnames https-redirect tls-termination certificate-procedure pinned-image image-scan image-secrets scan-before-push staging-complete services-healthy runbooks rollback-procedure go-live-procedure dns-configured on-call-cover rotation-procedure secret-options-documented load-test'.split(' ');
for (const id of ids) {
  const file = files.get(id) ?? '';
  const module = (await import(file.replace('.examples.yaml', '.ts'))) as Record<string, never>;
  const check = Object.values(module)[0] as never;
  describe(id, () => {
    it.each(readExamples(file).map((e) => [e.name, e] as const))('%s', (_, example) => {
      const list = examine(check, partsOf(example));
      const said = list.map(({ outcome, messageId, location, message }) => `${outcome} ${messageId} ${location?.path} :: ${message}`);
      expect(said.some((s) => s.startsWith(`${example.outcome} ${example.message} ${example.at === undefined ? '' : `${example.at} ::`}`)), said.join('\n')).toBe(true);
      if (example.outcome === 'pass') expect(said.filter((s) => s.startsWith('fail'))).toEqual([]);
    });
  });
}
