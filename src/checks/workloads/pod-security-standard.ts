import { inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import { labelsOf } from '../../kube/object.ts';
import { podSecurityLabels } from '../../kube/namespace.ts';
import { type PssLevel, podSecurityViolations } from '../../kube/pod-security.ts';
import { defineCheck } from '../define-check.ts';

const ranks: Readonly<Record<PssLevel, number>> = { privileged: 0, baseline: 1, restricted: 2 };
const shown = 3;
const proofs = 20;

export const podSecurityStandard = defineCheck({
  id: 'pod-security-standard',
  gate: 'workloads',
  level: 'high',
  title: 'Every Pod meets the Pod Security Standard of its namespace',
  rationale: 'A Pod with more rights than it needs hands them to whoever breaks into it: root in the container, the node\'s files, the node itself.',
  remedy: 'harden-pods',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A node agent that needs the host, in a namespace of its own.',
  needs: { workloads, inventory },
  /**
   * `level` holds where the namespace declares nothing. A namespace that enforces baseline declares that level; one that enforces
   * privileged declares nothing, and `minimum` holds.
   */
  parameters: { level: 'restricted' as PssLevel, minimum: 'baseline' as PssLevel },
  messages: {
    meets: 'Its Pods meet {level}, {origin}.',
    'below-baseline': 'Its Pods break baseline, which asks for less than {level}: {violations}.',
    'below-restricted': 'Its Pods meet baseline but not restricted, {origin}: {violations}.',
    'unseen-namespace': 'Its Pods meet baseline but not restricted ({violations}), and which level namespace {namespace} declares cannot be seen: {why}. Give the Namespace.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, { inventory, parameters }, say) {
    const { namespace } = workload;
    const lookup = inventory.lookup('', 'Namespace', undefined, namespace);
    const labels = lookup.status === 'found' ? labelsOf(lookup.object) : new Map(Object.entries(lookup.status === 'provided' ? (lookup.provided.labels ?? {}) : {}));
    const { enforce } = podSecurityLabels(labels);
    const level = enforce === undefined ? parameters.level : higher(enforce, parameters.minimum);
    const origin =
      enforce === undefined
        ? 'the level of the standard'
        : ranks[enforce] >= ranks[parameters.minimum]
          ? `which namespace ${namespace} enforces`
          : `the least that the standard accepts (namespace ${namespace} enforces ${enforce})`;
    const violations = podSecurityViolations(workload).filter((violation) => ranks[violation.level] <= ranks[level]);
    const [first] = [...violations].sort((a, b) => ranks[a.level] - ranks[b.level]);
    if (first === undefined) return say.pass('meets', { level, origin });
    const texts = violations.map(({ message }) => message);
    const text = `${texts.slice(0, shown).join('; ')}${texts.length > shown ? `; and ${texts.length - shown} more` : ''}`;
    const because = violations.slice(0, proofs).map(({ message, path }) => ({ note: message, object: workload.object, at: path }));
    const rest = { at: first.path, because };
    if (first.level === 'baseline') return { ...say.fail('below-baseline', { level, violations: text }), ...rest };
    // Restricted is asked for only because nothing else is declared; the Namespace might declare baseline.
    if (enforce === undefined && (lookup.status === 'unseen' || (lookup.status === 'provided' && lookup.provided.labels === undefined))) {
      const why = lookup.status === 'unseen' ? lookup.why : 'it is declared as provided elsewhere, without labels';
      return { ...say.unknown('unseen-namespace', { namespace, violations: text, why }), ...rest };
    }
    return { ...say.fail('below-restricted', { origin, violations: text }), ...rest };
  },
});

const higher = (a: PssLevel, b: PssLevel): PssLevel => (ranks[a] >= ranks[b] ? a : b);
