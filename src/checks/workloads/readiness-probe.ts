import { runningContainers, serving } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { readProbe } from '../../kube/probe.ts';
import type { Container, Workload } from '../../kube/workload.ts';
import { defineCheck, type Target } from '../define-check.ts';

interface Place extends Target {
  readonly workload: Workload;
  /** The container that declares a served port; absent where none does, then the Pod is judged as a whole. */
  readonly container?: Container;
}

const hasProbe = (container: Container) => (readProbe(container, 'readiness')?.handler ?? 'none') !== 'none';

export const readinessProbe = defineCheck({
  id: 'readiness-probe',
  gate: 'workloads',
  level: 'high',
  title: 'Containers behind a Service have a readiness probe',
  rationale:
    'Without one a Pod counts as ready as soon as its containers run: requests reach programs that are still starting, or have stopped answering.',
  remedy: 'add-probes',
  references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A program that listens from its first moment and has nothing to wait for.',
  needs: { workloads, serving },
  parameters: {},
  messages: {
    set: 'Container {container} has a readiness probe ({handler}).',
    covered:
      'Container {other} of the same Pod probes port {port} of container {container}: the Pod is ready only when it answers.',
    'all-set': 'Every container of the Pod has a readiness probe.',
    absent: 'Container {container} has no readiness probe, and Service {service} sends requests to it.',
    'absent-everywhere': 'No container has a readiness probe, and Service {service} sends requests to the Pods.',
    'undeclared-port':
      'Service {service} sends to a port that no container declares, and only some containers have a readiness probe: declare the port, so that the container behind it is known.',
    'unseen-services': 'No readiness probe in every container, and it cannot be seen whether a Service selects the Pods: {why}.',
    'not-served': 'No Service selects its Pods.',
    managed: '{by} probes its Pods before it sends requests.',
  },
  looksFor: ['*'],
  *targets({ workloads, serving }): Generator<Place> {
    for (const workload of workloads.system) {
      if (workload.runsToCompletion) continue;
      const { object } = workload;
      const containers = serving.of(workload).status === 'serving' ? serving.servedContainers(workload) : [];
      for (const container of containers) yield { ref: container.ref, object, path: container.path, workload, container };
      if (containers.length === 0) yield { ref: workload.ref, object, workload };
    }
  },
  assess({ workload, container }, { serving }, say) {
    const running = runningContainers(workload);
    const served = serving.of(workload);
    if (served.status === 'managed') return say.notApplicable('managed', { by: served.by });
    if (served.status === 'idle') return say.notApplicable('not-served');
    if (container === undefined) {
      if (running.length > 0 && running.every(hasProbe)) return say.pass('all-set');
      if (served.status === 'unseen') return say.unknown('unseen-services', { why: served.why });
      const service = served.services[0].ref.name;
      const ports = serving.servedPorts(workload);
      const prober = running.find((other) => ports.includes(readProbe(other, 'readiness')?.port ?? -1));
      if (prober !== undefined)
        return {
          ...say.pass('set', { container: prober.name, handler: readProbe(prober, 'readiness')?.handler ?? '' }),
          at: [...prober.path, 'readinessProbe'],
        };
      return running.some(hasProbe)
        ? say.unknown('undeclared-port', { service })
        : { ...say.fail('absent-everywhere', { service }), at: workload.podPath };
    }
    const probe = readProbe(container, 'readiness');
    if (probe !== undefined && probe.handler !== 'none')
      return { ...say.pass('set', { container: container.name, handler: probe.handler }), at: ['readinessProbe'] };
    const ports = container.ports.map(({ number }) => number).filter((number) => serving.servedPorts(workload).includes(number));
    const other = running.find((item) => ports.includes(readProbe(item, 'readiness')?.port ?? -1));
    if (other !== undefined)
      return say.pass('covered', {
        container: container.name,
        other: other.name,
        port: readProbe(other, 'readiness')?.port ?? '',
      });
    return say.fail('absent', {
      container: container.name,
      service: served.status === 'serving' ? served.services[0].ref.name : '',
    });
  },
});
