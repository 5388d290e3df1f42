import { inventory } from '../../facts/inventory.ts';
import { systemNamespaces } from '../../facts/system-namespaces.ts';
import { podSecurityLabels } from '../../kube/namespace.ts';
import { labelsOf } from '../../kube/object.ts';
import type { PssLevel } from '../../kube/pod-security.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck } from '../define-check.ts';

const ranks: Readonly<Record<PssLevel, number>> = { privileged: 0, baseline: 1, restricted: 2 };

const defaults: { readonly minimum: PssLevel } = { minimum: 'baseline' };

export const podSecurityEnforcement = defineCheck({
  id: 'pod-security-enforcement',
  gate: 'access',
  level: 'high',
  title: 'Every namespace of the system enforces a Pod Security Standard',
  rationale:
    'Whoever may create Pods in a namespace that enforces nothing may create a privileged one, and with it own the node.',
  remedy: 'enforce-pod-security',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'Another admission policy enforces at least the same, such as Kyverno, Gatekeeper or SecurityContextConstraints.',
  needs: { inventory, systemNamespaces },
  parameters: defaults,
  messages: {
    enforced: 'Namespace {namespace} enforces {level}.',
    'enforced-live': 'Namespace {namespace} enforces {level} in the cluster, though its manifest does not say so.',
    'enforced-elsewhere': 'Namespace {namespace} enforces {level}, as {owner} declares.',
    'not-enforced': 'Namespace {namespace} enforces no Pod Security level.',
    'only-reported': 'Namespace {namespace} has {mode} {level} and no enforce: warn and audit report, they stop nothing.',
    'too-low': 'Namespace {namespace} enforces {level}; at least {minimum} is asked for.',
    absent: 'Namespace {namespace} is in no source, though they are complete for Namespaces: it gets no Pod Security level.',
    unseen:
      'Namespace {namespace} cannot be seen: {why}. Give the Namespace, or declare it with its labels under spec.providedElsewhere.',
  },
  looksFor: ['*', 'Namespace'],
  *targets({ systemNamespaces }) {
    for (const { ref, object } of systemNamespaces) yield { ref, ...(object === undefined ? {} : { object }) };
  },
  assess({ ref, object }, { inventory, asOf, parameters: { minimum } }, say) {
    const namespace = ref.name;
    const lookup = inventory.lookup('', 'Namespace', undefined, namespace);
    if (lookup.status === 'absent') return say.fail('absent', { namespace });
    if (lookup.status === 'unseen') return say.unknown('unseen', { namespace, why: lookup.why });
    if (lookup.status === 'provided') {
      const { provided } = lookup;
      if (momentMs(provided.expires) <= momentMs(asOf))
        return say.unknown('unseen', { namespace, why: `what ${provided.owner} declares of it has expired` });
      if (provided.labels === undefined)
        return say.unknown('unseen', { namespace, why: `${provided.owner} declares it without labels` });
    }
    const written = lookup.status === 'found' ? labelsOf(lookup.object) : new Map(Object.entries(lookup.provided.labels ?? {}));
    const labels = podSecurityLabels(written);
    const at = { at: object === undefined ? [] : ['metadata', 'labels'] };
    const live = lookup.status === 'found' ? inventory.liveOf(lookup.object) : undefined;
    // Applying a manifest keeps labels that it does not name.
    const enforce = labels.enforce ?? (live === undefined ? undefined : podSecurityLabels(labelsOf(live)).enforce);
    if (enforce === undefined) {
      const mode = labels.warn === undefined ? 'audit' : 'warn';
      const level = labels.warn ?? labels.audit;
      return {
        ...(level === undefined
          ? say.fail('not-enforced', { namespace })
          : say.fail('only-reported', { namespace, mode, level })),
        ...at,
      };
    }
    if (ranks[enforce] < ranks[minimum]) return { ...say.fail('too-low', { namespace, level: enforce, minimum }), ...at };
    if (lookup.status === 'provided')
      return {
        ...say.pass('enforced-elsewhere', { namespace, level: enforce, owner: lookup.provided.owner }),
        reason: 'assumed',
        until: lookup.provided.expires,
      };
    return {
      ...(labels.enforce === undefined
        ? say.pass('enforced-live', { namespace, level: enforce })
        : say.pass('enforced', { namespace, level: enforce })),
      ...at,
    };
  },
});
