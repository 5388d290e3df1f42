import { argv, resourceUsage, stdout } from 'node:process';
import { type Bundle, bundleFormat } from '../src/evidence/bundle.ts';
import { emptyReview } from '../src/evidence/declared.ts';
import { buildAccess } from '../src/facts/access/access.ts';
import { findEscalations } from '../src/facts/access/escalation.ts';
import { createFacts } from '../src/facts/fact.ts';
import { inventory } from '../src/facts/inventory.ts';
import { workloads } from '../src/facts/workloads.ts';
import { generateAccess } from './generate-access.ts';

/** Analyses one made-up cluster and prints what it took as JSON. JSON.parse of the same objects runs last, so that it warms nothing up. */
const { objects, size } = generateAccess(Number(argv[2] ?? 1000));
const texts: string[] = [];
for (let start = 0; start < objects.length; start += 50)
  texts.push(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.slice(start, start + 50) }));
const facts = createFacts(bundleOf(texts));
const known = facts(inventory);
const running = facts(workloads).all;

const started = performance.now();
const model = buildAccess(known, running);
const modelled = performance.now();
let permissions = 0;
let places = 0;
for (const subject of model.subjects) {
  const byPlace = Map.groupBy(model.grantsOf(subject), ({ namespace }) => namespace);
  places += byPlace.size;
  for (const grants of byPlace.values()) permissions += grants.length;
}
const permitted = performance.now();
const found = findEscalations(known, running, model);
const escalations = found.all.length;
const escalated = performance.now();
const peak = resourceUsage().maxRSS / 1024;
const before = performance.now();
for (const text of texts) JSON.parse(text);
const parse = (performance.now() - before) / 1000;
stdout.write(
  JSON.stringify({
    ...size,
    subjects: model.subjects.length,
    places,
    permissions,
    escalations,
    model: (modelled - started) / 1000,
    effective: (permitted - modelled) / 1000,
    escalation: (escalated - permitted) / 1000,
    parse,
    peak,
  }),
);

function bundleOf(list: readonly string[]): Bundle {
  const at = '2026-01-01T00:00:00Z';
  return {
    format: bundleFormat,
    tool: { version: 'bench' },
    collectedAt: at,
    declared: { review: emptyReview('bench'), standard: { base: 'recommended', overlays: [] } },
    slots: [
      {
        id: 'objects:bench',
        kind: 'objects',
        source: 'bench',
        role: 'system',
        environment: 'production',
        status: 'collected',
        collectedAt: at,
        digest: 'none',
        data: {
          form: 'manifests',
          complete: ['*'],
          defaultNamespace: 'default',
          files: list.map((text, index) => ({ path: `${index}.json`, text, masks: [], problems: [] })),
        },
      },
    ],
  };
}
