import { compareText } from '../model/object-ref.ts';
import { jsonPieces } from './json-text.ts';
import { inChunks, type Reporter } from './reporter.ts';

/** The order of keys in the published JSON, whatever order an object was built in. What is not listed follows by code unit. */
const keyOrder = [
  ...[
    'schemaVersion',
    'tool',
    'version',
    'review',
    'name',
    'id',
    'title',
    'phase',
    'owner',
    'environment',
    'environmentAssumed',
    'launchAt',
  ],
  ...[
    'status',
    'documentVersion',
    'standard',
    'asOf',
    'validUntil',
    'verdict',
    'basis',
    'decidedBy',
    'gates',
    'conditions',
    'checks',
    'plan',
    'views',
  ],
  ...[
    'evidence',
    'notes',
    'inventory',
    'gate',
    'level',
    'rationale',
    'references',
    'outcome',
    'reason',
    'messageId',
    'message',
    'fingerprint',
    'target',
  ],
  ...[
    'apiVersion',
    'kind',
    'namespace',
    'container',
    'location',
    'file',
    'line',
    'column',
    'endLine',
    'endColumn',
    'path',
    'because',
    'note',
    'remedy',
  ],
  ...[
    'waived',
    'attestable',
    'assessments',
    'summary',
    'counts',
    'signOffs',
    'tier',
    'hours',
    'min',
    'likely',
    'max',
    'after',
    'start',
    'slack',
    'critical',
  ],
];
const rank: ReadonlyMap<string, number> = new Map(keyOrder.map((key, index) => [key, index]));

function byKeyOrder(a: string, b: string): number {
  return (rank.get(a) ?? keyOrder.length) - (rank.get(b) ?? keyOrder.length) || compareText(a, b);
}

/** The result itself, complete: the API for other programs. `schema/review-result.schema.json` describes it. */
export const json: Reporter = {
  id: 'json',
  title: 'JSON',
  extension: '.json',
  *render(result) {
    yield* inChunks(jsonPieces(result, byKeyOrder));
    yield '\n';
  },
};
