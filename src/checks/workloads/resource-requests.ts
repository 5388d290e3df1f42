import { limitRanges } from '../../facts/limit-ranges.ts';
import { workloads } from '../../facts/workloads.ts';
import { effectiveResources } from '../../kube/limit-range.ts';
import { defineCheck } from '../define-check.ts';

const wanted = ['cpu', 'memory'] as const;
const sources = { container: 'its own', pod: 'the Pod', 'limit-range': 'the LimitRange of its namespace' } as const;

export const resourceRequests = defineCheck({
  id: 'resource-requests',
  gate: 'workloads',
  level: 'high',
  title: 'Every container requests CPU and memory',
  rationale:
    'The scheduler packs Pods by their requests. Without them a node fills up beyond what it has, and the Pods without requests are the first to be evicted.',
  remedy: 'set-resources',
  references: ['https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A Job that may be starved or evicted at any time.',
  needs: { workloads, limitRanges },
  parameters: {},
  messages: {
    absent: 'Container {container} requests no {missing}.',
    set: 'Container {container} requests cpu {cpu} and memory {memory}.',
    defaulted: 'Container {container} requests cpu {cpu} (from {cpuFrom}) and memory {memory} (from {memoryFrom}).',
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
    const { cpu, memory } = effectiveResources(container, limitRanges.in(workload.namespace)).requests;
    if (cpu === undefined || memory === undefined) {
      const missing = wanted.filter((name) => ({ cpu, memory })[name] === undefined).join(' and no ');
      return { ...say.fail('absent', { container: container.name, missing }), at: ['resources'] };
    }
    const data = { container: container.name, cpu: cpu.text, memory: memory.text };
    if (cpu.from === 'container' && memory.from === 'container')
      return { ...say.pass('set', data), at: ['resources', 'requests'] };
    return say.pass('defaulted', { ...data, cpuFrom: sources[cpu.from], memoryFrom: sources[memory.from] });
  },
});
