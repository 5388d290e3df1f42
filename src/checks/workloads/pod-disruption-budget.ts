import { inventory } from '../../facts/inventory.ts';
import { references } from '../../facts/references.ts';
import { serving } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { allowedDisruptions } from '../../kube/disruption.ts';
import { defineCheck } from '../define-check.ts';

export const podDisruptionBudget = defineCheck({
  id: 'pod-disruption-budget',
  gate: 'workloads',
  level: 'medium',
  title: 'Replicated services have a PodDisruptionBudget that lets a node be drained',
  rationale:
    'A node drain evicts every replica that it finds at once, unless a budget says how many may go. A budget that lets none go stops every upgrade of the nodes.',
  remedy: 'add-disruption-budgets',
  references: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'All replicas may be gone for a moment, for example a cache that fills up quickly.',
  needs: { workloads, serving, references, inventory },
  parameters: {},
  messages: {
    protected: 'PodDisruptionBudget {budget} lets {allowed} of {count} Pods be evicted at a time.',
    absent: 'Runs {count} replicas and no PodDisruptionBudget selects its Pods: a drain may evict all of them at once.',
    blocks: 'PodDisruptionBudget {budget} allows no eviction of its {count} Pods: node drains wait for ever.',
    'protects-nothing': 'PodDisruptionBudget {budget} allows all {count} Pods to be evicted at once.',
    overlapping:
      'PodDisruptionBudgets {budgets} select the same Pods: the API server refuses to evict a Pod that two budgets cover.',
    malformed: 'PodDisruptionBudget {budget} has a number that is neither a count nor a percentage.',
    'unknown-size': 'PodDisruptionBudget {budget} covers a workload whose number of Pods is not known.',
    'unseen-budgets': 'Runs {count} replicas, and no PodDisruptionBudget is in the sources: {why}.',
    'unseen-services':
      'Runs {count} replicas without a PodDisruptionBudget in the sources, and it cannot be seen whether it serves requests: {why}.',
    'few-replicas': 'Runs {count} replica: a budget could only block drains.',
    'not-served': 'No Service selects its Pods.',
    'per-node': 'A DaemonSet stays on its node while that is drained.',
    'no-controller': 'A bare Pod is not replaced when it is evicted.',
    managed: '{by} owns its Pods.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system)
      if (!workload.runsToCompletion) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, { serving, references, inventory }, say) {
    if (workload.ref.kind === 'DaemonSet') return say.notApplicable('per-node');
    const served = serving.of(workload);
    if (served.status === 'managed') return say.notApplicable('managed', { by: served.by });
    const budgets = references.budgetsOf(workload);
    const [first] = budgets;
    if (budgets.length > 1) return say.fail('overlapping', { budgets: budgets.map(({ ref }) => ref.name).join(', ') });
    if (first !== undefined) {
      const covered = references.budgets.find(({ budget }) => budget === first)?.workloads ?? [workload];
      const minimums = covered.map((item) => serving.minimumReplicas(item));
      const sizes = minimums.map((minimum) => minimum.count);
      const count = sizes.reduce<number | undefined>(
        (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
        0,
      );
      const budget = first.ref.name;
      const place = { in: first.object, at: ['spec'] };
      if (count === undefined) return { ...say.unknown('unknown-size', { budget }), ...place };
      if (count === 0) return say.notApplicable('few-replicas', { count });
      const allowed = allowedDisruptions(first, count);
      if (allowed === undefined) return { ...say.unknown('malformed', { budget }), ...place, reason: 'undecidable' };
      // A default of one replica that an autoscaler elsewhere may raise proves no blocked drain.
      if (allowed === 0 && minimums.some((minimum) => minimum.uncertain !== undefined))
        return { ...say.unknown('unknown-size', { budget }), ...place };
      if (allowed === 0) return { ...say.fail('blocks', { budget, count }), ...place };
      if (allowed < count) return { ...say.pass('protected', { budget, count, allowed }), ...place };
      // One replica has nothing to protect; that it is one is another check's finding.
      return count === 1
        ? say.notApplicable('few-replicas', { count })
        : { ...say.fail('protects-nothing', { budget, count }), ...place };
    }
    if (workload.ref.kind === 'Pod') return say.notApplicable('no-controller');
    if (served.status === 'idle') return say.notApplicable('not-served');
    const count = serving.minimumReplicas(workload).count ?? 1;
    if (count < 2) return say.notApplicable('few-replicas', { count });
    const completeness = inventory.completeness('policy', 'PodDisruptionBudget');
    if (!completeness.complete) return say.unknown('unseen-budgets', { count, why: completeness.why });
    return served.status === 'unseen'
      ? say.unknown('unseen-services', { count, why: served.why })
      : say.fail('absent', { count });
  },
});
