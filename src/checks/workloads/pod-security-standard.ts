import { type Lookup, inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import { labelsOf } from '../../kube/object.ts';
import { podSecurityLabels } from '../../kube/namespace.ts';
import { type PssLevel, podSecurityViolations } from '../../kube/pod-security.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck } from '../define-check.ts';

const ranks: Readonly<Record<PssLevel, number>> = { privileged: 0, baseline: 1, restricted: 2 };
const shown = 3;
const proofs = 20;

/**
 * `level` holds where the namespace declares nothing. A namespace that enforces baseline declares that level; one that enforces
 * privileged declares nothing, and `minimum` holds.
 */
const defaults: { readonly level: PssLevel; readonly minimum: PssLevel } = { level: 'restricted', minimum: 'baseline' };

export const podSecurityStandard = defineCheck({
  id: 'pod-security-standard',
  gate: 'workloads',
  level: 'high',
  title: 'Every Pod meets the Pod Security Standard of its namespace',
  rationale:
    "A Pod with more rights than it needs hands them to whoever breaks into it: root in the container, the node's files, the node itself.",
  remedy: 'harden-pods',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A node agent that needs the host, in a namespace of its own.',
  needs: { workloads, inventory },
  parameters: defaults,
  messages: {
    'no-containers': 'Its Pods have no container that can be read: the API server refuses them, and what runs is not known.',
    meets: 'Its Pods meet {level}, {origin}.',
    'below-baseline': 'Its Pods break baseline, which asks for less than {level}: {violations}.',
    'below-restricted': 'Its Pods meet baseline but not restricted, {origin}: {violations}.',
    'unseen-namespace':
      'Its Pods meet baseline but not restricted ({violations}), and which level namespace {namespace} declares cannot be seen: {why}. Give the Namespace.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, { inventory, asOf, parameters }, say) {
    const { namespace } = workload;
    const { enforce, unseen } = declaredLevel(inventory.lookup('', 'Namespace', undefined, namespace), asOf);
    const level = enforce === undefined ? parameters.level : higher(enforce, parameters.minimum);
    const origin =
      enforce === undefined
        ? 'the level of the standard'
        : ranks[enforce] >= ranks[parameters.minimum]
          ? `which namespace ${namespace} enforces`
          : `the least that the standard accepts (namespace ${namespace} enforces ${enforce})`;
    const violations = podSecurityViolations(workload).filter((violation) => ranks[violation.level] <= ranks[level]);
    const [first] = [...violations].sort((a, b) => ranks[a.level] - ranks[b.level]);
    if (first === undefined && workload.containers.length === 0)
      return { ...say.unknown('no-containers'), at: workload.podPath, reason: 'undecidable' };
    if (first === undefined) return say.pass('meets', { level, origin });
    const texts = violations.map(({ message }) => message);
    const text = `${texts.slice(0, shown).join('; ')}${texts.length > shown ? `; and ${texts.length - shown} more` : ''}`;
    const because = violations
      .slice(0, proofs)
      .map(({ message, path }) => ({ note: message, object: workload.object, at: path }));
    const rest = { at: first.path, because };
    if (first.level === 'baseline') return { ...say.fail('below-baseline', { level, violations: text }), ...rest };
    // Restricted is asked for only because nothing else is declared; the Namespace might declare baseline.
    if (unseen !== undefined)
      return { ...say.unknown('unseen-namespace', { namespace, violations: text, why: unseen }), ...rest };
    return { ...say.fail('below-restricted', { origin, violations: text }), ...rest };
  },
});

const higher = (a: PssLevel, b: PssLevel): PssLevel => (ranks[a] >= ranks[b] ? a : b);

/** The level that a namespace enforces by its labels, and why that cannot be known. */
function declaredLevel(lookup: Lookup, asOf: string): { readonly enforce?: PssLevel | undefined; readonly unseen?: string } {
  if (lookup.status === 'found') return { enforce: podSecurityLabels(labelsOf(lookup.object)).enforce };
  if (lookup.status === 'absent') return {};
  if (lookup.status === 'unseen') return { unseen: lookup.why };
  const { labels, expires, owner } = lookup.provided;
  if (momentMs(expires) <= momentMs(asOf)) return { unseen: `what ${owner} declares of it has expired` };
  return labels === undefined
    ? { unseen: `${owner} declares it without labels` }
    : { enforce: podSecurityLabels(new Map(Object.entries(labels))).enforce };
}
