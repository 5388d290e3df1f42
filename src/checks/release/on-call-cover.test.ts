import { expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine } from '../testing.ts';
import { onCallCover } from './on-call-cover.ts';

it.each([
  [
    'a rota still needs somebody who says that it covers the launch',
    `# On-call\n\n## Rota\n\n${'name '.repeat(40)}\n`,
    'unknown undated needs-a-person',
  ],
  ['a rota that nobody filled in', '# On-call\n\n## Rota\n\nTBD\n', 'fail open -'],
])('%s', (_, text, expected) => {
  expect(
    examine(onCallCover, { documents: [readDocument('on-call', 'docs/a.md', text)] }).map(
      ({ outcome, messageId, reason }) => `${outcome} ${messageId} ${reason ?? '-'}`,
    ),
  ).toEqual([expected]);
});
