import { stringify } from 'yaml';
import type { Bundle } from '../evidence/bundle.ts';
import { createFacts } from '../facts/fact.ts';
import { type Inventory, inventory } from '../facts/inventory.ts';
import { workloads } from '../facts/workloads.ts';
import { objectAt, textAt } from '../kube/json.ts';
import { compareText } from '../model/object-ref.ts';
import { configApiVersion } from './schema.ts';

/**
 * A review file from what was found: sources, environment, namespaces, completeness to confirm, intended flows to start from. What
 * only a person knows stands there as a comment to fill in.
 */
export function draftReviewFile(bundle: Bundle, path: string): string {
  const facts = createFacts(bundle);
  const known = facts(inventory);
  const environment = guessEnvironment(path, known);
  const found = facts(workloads).system;
  const clouds = guessClouds(
    known,
    found.flatMap(({ containers }) => containers.flatMap(({ image }) => image ?? [])),
  );
  const kinds = [...new Set(known.system.map(({ ref }) => ref.kind))].sort(compareText);
  const spec = {
    environment: environment.name,
    sources: [
      {
        manifests: path,
        complete: [...new Set([...kinds, 'Ingress', 'NetworkPolicy', 'Role', 'RoleBinding', 'Secret'])].sort(compareText),
      },
    ],
    ...(known.namespaces.length > 1 ? { select: { namespaces: known.namespaces } } : {}),
  };
  const head = stringify(
    { apiVersion: configApiVersion, kind: 'Review', metadata: { name: nameOf(bundle, known) }, spec },
    { lineWidth: 120 },
  );
  const lines = [
    `# Written by seaworthy init from ${known.objects.length} objects, ${found.length} workloads in ${known.namespaces.length} namespaces.`,
    ...(environment.guessed
      ? [`# The environment was guessed from ${environment.from}: correct it if it is another.`]
      : ['# No environment was named anywhere: production is assumed.']),
    ...(clouds.length > 0 ? [`# Cloud that the objects show: ${clouds.join(', ')}.`] : []),
    "# `complete` lists the kinds of which this source holds all that exist: absence of these then counts as absence. Remove what isn't so.",
  ];
  return `${lines.join('\n')}\n${head}${toFillIn}`;
}

const toFillIn = `
  # owner: Your Team
  # launchAt: 2026-03-10T09:00:00Z         # due times are counted from here
  # traffic:                                # the intended flows; everything else is expected to be denied
  #   - { from: ingress-nginx/*, to: backend, port: 3000 }
  # documents:
  #   - { kind: runbook, path: docs/runbooks }
  #   - { kind: rollback-procedure, path: docs/rollback.md }
  # loadTest:                               # seaworthy load runs it, and keeps the record as evidence
  #   target: \${BASE_URL}                   # filled in from the environment of the command
  #   environment: staging
  #   scenario: { rate: 120, duration: 5m, requests: [{ path: / }] }
  #   thresholds: { p95: 200ms, p99: 500ms, errorRate: 0.1%, throughput: 100/s }
  #   results: [evidence/load-test-*.json]
  # evidence: { imageScans: ["evidence/scan-*.json"] }
  # attestations:                           # what no machine can see, said by a person, with an end
  #   - { check: restore-drill, by: you@example.com, at: 2026-03-05T10:00:00Z, expires: 2026-09-01, statement: "Restored in 14 min", evidence: docs/drill.md }
  # waivers:                                # accepted findings; shown, never counted as a pass
  #   - { check: backup-schedule, target: StatefulSet/loki, owner: sre, reason: "...", expires: 2026-06-01 }
`;

function nameOf(bundle: Bundle, known: Inventory): string {
  const labels = known.system.flatMap(({ value }) => textAt(value, 'metadata', 'labels', 'app.kubernetes.io/part-of') ?? []);
  return mostCommon(labels) ?? bundle.declared.review.name;
}

function mostCommon(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))[0]?.[0];
}

const environmentWords: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'production', pattern: /(^|[^a-z])(production|prod|prd|live)([^a-z]|$)/i },
  { name: 'staging', pattern: /(^|[^a-z])(staging|stage|stg|preprod|uat)([^a-z]|$)/i },
  { name: 'development', pattern: /(^|[^a-z])(development|dev|sandbox|test)([^a-z]|$)/i },
];

function guessEnvironment(
  path: string,
  known: Inventory,
): { readonly name: string; readonly guessed: boolean; readonly from: string } {
  const candidates = [
    { text: path, from: 'the path' },
    ...known.namespaces.map((text) => ({ text, from: `the namespace ${text}` })),
  ];
  for (const { text, from } of candidates) {
    const found = environmentWords.find(({ pattern }) => pattern.test(text));
    if (found) return { name: found.name, guessed: true, from };
  }
  return { name: 'production', guessed: false, from: '' };
}

/** The clouds whose provisioners, annotations or registries stand in the objects. */
function guessClouds(known: Inventory, images: readonly string[]): readonly string[] {
  const signs: readonly (readonly [string, RegExp])[] = [
    ['AWS', /(^|\.)ebs\.csi\.aws\.com|eks\.amazonaws\.com|\.amazonaws\.com|alb\.ingress\.kubernetes\.io/],
    ['Google Cloud', /pd\.csi\.storage\.gke\.io|networking\.gke\.io|cloud\.google\.com|gcr\.io|\.pkg\.dev/],
    ['Azure', /disk\.csi\.azure\.com|azure\.workload\.identity|\.azurecr\.io|service\.beta\.kubernetes\.io\/azure/],
    ['OpenShift', /route\.openshift\.io|security\.openshift\.io/],
  ];
  const found = new Set<string>();
  for (const { value, ref } of known.objects) {
    const words = [
      ref.apiVersion,
      textAt(value, 'provisioner') ?? '',
      ...Object.keys(objectAt(value, 'metadata', 'annotations')),
    ].join(' ');
    for (const [cloud, pattern] of signs) if (pattern.test(words)) found.add(cloud);
  }
  for (const image of images) for (const [cloud, pattern] of signs) if (pattern.test(image)) found.add(cloud);
  return [...found].sort(compareText);
}
