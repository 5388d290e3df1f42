import { runningContainers } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { readProbe } from '../../kube/probe.ts';
import { defineCheck } from '../define-check.ts';

export const livenessProbe = defineCheck({
  id: 'liveness-probe',
  gate: 'workloads',
  level: 'advisory',
  title: 'Long-running containers have a liveness probe, or end by themselves when they hang',
  rationale:
    'The kubelet restarts a container that exits, but not one that hangs. A program that exits when it cannot go on needs no liveness probe, and a careless one restarts healthy Pods under load.',
  remedy: 'add-probes',
  references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'The program exits on its own when it cannot go on: then none is better than a careless one.',
  needs: { workloads },
  parameters: {},
  messages: {
    set: 'Container {container} has a liveness probe ({handler}).',
    absent:
      'Container {container} has no liveness probe: nobody restarts it when it hangs. That is fine for a program that exits when it cannot go on.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) {
      // Knative's queue-proxy and activator take care of the Pods that they scale.
      if (workload.runsToCompletion || workload.object.group === 'serving.knative.dev') continue;
      for (const container of runningContainers(workload))
        yield { ref: container.ref, object: workload.object, path: container.path, container };
    }
  },
  assess({ container }, _, say) {
    const probe = readProbe(container, 'liveness');
    if (probe === undefined || probe.handler === 'none') return say.fail('absent', { container: container.name });
    return { ...say.pass('set', { container: container.name, handler: probe.handler }), at: ['livenessProbe'] };
  },
});
