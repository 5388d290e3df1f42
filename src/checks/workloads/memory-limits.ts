import { limitRanges } from '../../facts/limit-ranges.ts';
import { workloads } from '../../facts/workloads.ts';
import { effectiveResources } from '../../kube/limit-range.ts';
import { defineCheck } from '../define-check.ts';

export const memoryLimits = defineCheck({
  id: 'memory-limits',
  gate: 'workloads',
  level: 'high',
  title: 'Every container has a memory limit',
  rationale: 'A container without a memory limit can take its node down: the kernel then kills other Pods to save the node.',
  remedy: 'set-resources',
  references: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A node agent that must never be killed and whose memory is bounded by its own configuration.',
  needs: { workloads, limitRanges },
  parameters: {},
  messages: {
    absent: 'Container {container} has no memory limit.',
    set: 'Container {container} is limited to {limit}.',
    defaulted: 'Container {container} gets the limit {limit} from the LimitRange of its namespace.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) {
      for (const container of workload.containers) {
        // An ephemeral container may not set resources: the API refuses them.
        if (container.role !== 'ephemeral')
          yield { ref: container.ref, object: workload.object, path: container.path, container, workload };
      }
    }
  },
  assess({ container, workload }, { limitRanges }, say) {
    const { limits } = effectiveResources(container, limitRanges.in(workload.namespace));
    if (limits.memory === undefined) return { ...say.fail('absent', { container: container.name }), at: ['resources'] };
    const data = { container: container.name, limit: limits.memory.text };
    return limits.memory.from === 'limit-range'
      ? say.pass('defaulted', data)
      : { ...say.pass('set', data), at: ['resources', 'limits', 'memory'] };
  },
});
