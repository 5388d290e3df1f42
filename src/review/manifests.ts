import { stringify } from 'yaml';
import type { FactStore } from '../facts/fact.ts';
import { network, type NetworkModel } from '../facts/network/network.ts';
import {
  denyIngressManifests,
  dnsEgressManifests,
  missingFromEgress,
  missingFromIngress,
} from '../facts/network/remedy-manifests.ts';
import type { JsonObject } from '../kube/json.ts';
import type { Plan } from '../model/result.ts';

/** Remedies whose objects follow from the evidence, with what a reader must know before applying them. */
interface Computed {
  readonly head: readonly string[];
  /** What the objects leave out, for the reader to add. */
  missing(model: NetworkModel): readonly string[];
  objects(model: NetworkModel): readonly JsonObject[];
}

const computed: ReadonlyMap<string, Computed> = new Map<string, Computed>([
  [
    'allow-dns-egress',
    {
      head: [
        'The first egress rule of a Pod denies all its other connections.',
        'These policies allow the DNS, the declared traffic and what variables of the workloads name; look for more before applying them,',
        'above all for addresses outside the cluster.',
      ],
      missing: missingFromEgress,
      objects: dnsEgressManifests,
    },
  ],
  [
    'deny-ingress-by-default',
    {
      head: [
        'Each default denial closes everything to its namespace that no policy allows.',
        'The policies beside it allow the declared traffic, or where none is declared, what Ingress objects and variables name; and scrapes, webhooks and backends of routes.',
      ],
      missing: missingFromIngress,
      objects: denyIngressManifests,
    },
  ],
]);

/**
 * YAML of the objects to add, by remedy, for those of the open remedies where it can be computed.
 * @param asOf the moment of judgement: what was declared for an earlier time counts no more.
 */
export function manifestsOf(facts: FactStore, openRemedies: readonly string[], asOf: string): ReadonlyMap<string, string> {
  const manifests = new Map<string, string>();
  for (const id of openRemedies) {
    const remedy = computed.get(id);
    const made = remedy && make(remedy, facts, asOf);
    if (remedy === undefined || made === undefined || made.objects.length === 0) continue;
    const { objects } = made;
    const head = [...remedy.head, ...made.missing].map((line) => `# ${oneLine(line)}\n`).join('');
    manifests.set(
      id,
      head + objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n'),
    );
  }
  return manifests;
}

/** Names in a comment may hold anything, and a line break would end it. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');

/** A fact that throws has made its checks unknown already; the plan then goes without manifests. */
function make(
  remedy: Computed,
  facts: FactStore,
  asOf: string,
): { readonly objects: readonly JsonObject[]; readonly missing: readonly string[] } | undefined {
  try {
    const model = facts(network).at(asOf);
    return { objects: remedy.objects(model), missing: remedy.missing(model) };
  } catch {
    return undefined;
  }
}

/** The plan with the manifests of its remedies. */
export function withManifests(plan: Plan, facts: FactStore, asOf: string): Plan {
  const manifests = manifestsOf(
    facts,
    plan.tasks.map(({ remedy }) => remedy),
    asOf,
  );
  const tasks = plan.tasks.map((task) => {
    const manifest = manifests.get(task.remedy);
    return manifest === undefined ? task : { ...task, manifest };
  });
  return { ...plan, tasks };
}
