import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine } from '../testing.ts';
import { secretOptionsDocumented } from './secret-options-documented.ts';

const words = 'word '.repeat(30);
const text = (...headings: readonly string[]) =>
  ['# Secrets', words, ...headings.flatMap((heading) => [`## ${heading}`, words])].join('\n\n');

it.each<[string, string, readonly string[]]>([
  ['two options and a recommendation', text('Sealed Secrets', 'External Secrets Operator', 'Recommendation'), ['written']],
  ['options by their tools', text('kubeseal', 'SOPS with age', 'Which one to choose'), ['written']],
  ['one option is no choice', text('Sealed Secrets', 'Recommendation'), ['few-options']],
  ['options without a recommendation', text('Sealed Secrets', 'HashiCorp Vault'), ['no-recommendation']],
  ['a document about something else', text('Passwords', 'Keys'), ['few-options', 'no-recommendation']],
  ['an open section beside them', `${text('Sealed Secrets', 'SOPS', 'Recommendation')}\n\n## Rotation\n\nTODO\n`, ['open']],
])('%s', (_, written, expected) => {
  const documents = [readDocument('secret-options', 'docs/secrets.md', written)];
  expect(examine(secretOptionsDocumented, { documents }).map(({ messageId }) => messageId)).toEqual(expected);
});
