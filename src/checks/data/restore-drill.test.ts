import { describe, expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine } from '../testing.ts';
import { restoreDrill } from './restore-drill.ts';

const objects = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: orders-db, namespace: shop }
spec:
  template: { spec: { containers: [{ name: db, image: "postgres:17" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: {} }]
`;
const words =
  'The backup of the night was restored into an empty namespace of a second cluster and compared row by row with the source.';
const text = (title: string, result = words) => `# ${title}\n\n${words}\n\n## Course\n\n${words}\n\n## Result\n\n${result}\n`;
const drill = (path: string, body: string) => readDocument('restore-drill', path, body);

describe('restore-drill', () => {
  it.each([
    ['named by the title, dated by the file', [drill('drills/2026-03-01.md', text('Restore of orders-db'))], 'pass rehearsed'],
    ['named by its engine', [drill('drills/2026-03-01-postgres.md', text('Restore drill'))], 'pass rehearsed'],
    [
      'one word in the middle of another is no name',
      [drill('drills/2026-03-01.md', text('Restore of postgresqlish'))],
      'unknown recorded',
    ],
    ['of whatever store', [drill('drills/2026-03-01.md', text('Restore drill'))], 'unknown recorded'],
    ['too old', [drill('drills/2025-11-01-postgres.md', text('Restore drill'))], 'unknown stale'],
    [
      'a younger one counts',
      [drill('drills/2025-11-01-postgres.md', text('a')), drill('drills/2026-02-01-postgres.md', text('b'))],
      'pass rehearsed',
    ],
    ['without a date', [drill('drills/postgres.md', text('Restore drill'))], 'unknown undated'],
    ['from the future', [drill('drills/2026-09-01-postgres.md', text('Restore drill'))], 'unknown future'],
    ['a template', [drill('drills/2026-03-01-postgres.md', text('Restore drill', 'TODO'))], 'unknown unfinished'],
    ['none', [], 'unknown none'],
  ])('a record %s', (_, documents, expected) => {
    const [first] = examine(restoreDrill, { objects, documents });
    expect(`${first?.outcome} ${first?.messageId}`).toBe(expected);
  });

  it('passes until the day after the last allowed one', () => {
    const documents = [drill('drills/2026-03-01-postgres.md', text('Restore drill'))];
    const [first] = examine(restoreDrill, { objects, documents });
    expect(first?.until).toBe('2026-05-31T00:00:00Z');
    expect(examine(restoreDrill, { objects, documents, asOf: '2026-05-30T23:59:59Z' })[0]?.outcome).toBe('pass');
    expect(examine(restoreDrill, { objects, documents, asOf: '2026-05-31T00:00:00Z' })[0]?.messageId).toBe('stale');
  });

  it('a complete Velero Restore of a dump counts, a partly failed one does not', () => {
    const restore = (phase: string) => `---
apiVersion: velero.io/v1
kind: Restore
metadata: { name: drill, namespace: velero }
spec: { backupName: daily, includedNamespaces: [shop] }
status: { phase: ${phase}, completionTimestamp: "2026-03-01T10:00:00Z" }
`;
    expect(examine(restoreDrill, { objects: `${objects}${restore('Completed')}`, live: true })[0]?.messageId).toBe('rehearsed');
    expect(examine(restoreDrill, { objects: `${objects}${restore('PartiallyFailed')}`, live: true })[0]?.messageId).toBe('none');
    expect(examine(restoreDrill, { objects: `${objects}${restore('Completed')}` })[0]?.messageId).toBe('none');
  });
});
