import { runningContainers, serving } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { gracePeriod, readPreStop } from '../../kube/shutdown.ts';
import type { Container, Workload } from '../../kube/workload.ts';
import { defineCheck, type Target } from '../define-check.ts';

interface Place extends Target {
  readonly workload: Workload;
  readonly container?: Container;
}

/** A scrape that fails at a Pod's end is lost to nobody. Names as for the metrics ports of network checks. */
const onlyMetrics = (container: Container, served: readonly number[]): boolean => {
  const ports = container.ports.filter(({ number }) => served.includes(number));
  return ports.length > 0 && ports.every(({ name }) => name !== undefined && /^(.{0,15}-)?(metrics|prometheus)$/.test(name));
};

export const gracefulTermination = defineCheck({
  id: 'graceful-termination',
  gate: 'workloads',
  level: 'medium',
  title: 'Containers behind a Service go on serving until requests stop coming',
  rationale:
    'A Pod gets SIGTERM at the same moment as proxies and ingress controllers start to take it out: for some seconds requests still arrive. A delay before SIGTERM covers that; a program may also wait by itself, which no manifest shows.',
  remedy: 'shape-rollouts',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow',
    'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'Clients retry, or a second of errors at each rollout is accepted.',
  needs: { workloads, serving },
  parameters: {},
  messages: {
    delayed: 'Container {container} waits {seconds} s before SIGTERM, and has {grace} s to end.',
    hook: 'Container {container} runs a preStop hook ({handler}) before SIGTERM; its length is not written, and {grace} s are left to it and the program.',
    'no-time':
      'Container {container} is killed after {grace} s, and its preStop hook waits {seconds} s: the program gets no time to end.',
    'killed-at-once': 'terminationGracePeriodSeconds is 0: container {container} is killed in the middle of its requests.',
    'no-delay': 'Container {container} has a preStop hook that waits 0 s.',
    'no-hook':
      'Container {container} has no preStop delay, so SIGTERM comes while requests still arrive, unless the program itself waits before it stops listening: no manifest shows that. Add a delay, or have somebody attest it.',
    'unseen-services': 'No preStop delay, and it cannot be seen whether a Service selects the Pods: {why}.',
    'not-served': 'No Service selects its Pods.',
    'only-metrics': 'Container {container} serves metrics only: a scrape that is lost at its end harms nobody.',
    'single-pod':
      'Writes volume {claim} as its only Pod: no other could take its requests, so a delay would only lengthen the outage.',
    managed: '{by} drains its Pods.',
  },
  looksFor: ['*'],
  *targets({ workloads, serving }): Generator<Place> {
    for (const workload of workloads.system) {
      if (workload.runsToCompletion) continue;
      const { object } = workload;
      const served = serving.of(workload).status === 'serving' ? serving.servedContainers(workload) : [];
      // Ports that nobody declares: any regular container may be the one that answers.
      const containers =
        served.length > 0 ? served : serving.of(workload).status === 'serving' ? runningContainers(workload) : [];
      for (const container of containers) yield { ref: container.ref, object, path: container.path, workload, container };
      if (containers.length === 0) yield { ref: workload.ref, object, workload };
    }
  },
  assess({ workload, container }, { serving }, say) {
    const served = serving.of(workload);
    if (served.status === 'managed') return say.notApplicable('managed', { by: served.by });
    if (served.status === 'idle') return say.notApplicable('not-served');
    const running = container === undefined ? runningContainers(workload) : [container];
    const grace = gracePeriod(workload);
    const [first] = running;
    if (grace === 0 && first !== undefined && served.status === 'serving')
      return {
        ...say.fail('killed-at-once', { container: first.name }),
        in: workload.object,
        at: [...workload.podPath, 'terminationGracePeriodSeconds'],
      };
    if (container === undefined)
      return say.unknown('unseen-services', { why: served.status === 'unseen' ? served.why : 'its containers are not known' });
    const { name } = container;
    if (onlyMetrics(container, serving.servedPorts(workload))) return say.notApplicable('only-metrics', { container: name });
    const hook = readPreStop(container);
    if (hook?.seconds !== undefined && hook.seconds >= grace)
      return { ...say.fail('no-time', { container: name, grace, seconds: hook.seconds }), at: hook.path };
    if (hook?.seconds === 0) return { ...say.fail('no-delay', { container: name }), at: hook.path };
    if (hook?.seconds !== undefined)
      return { ...say.pass('delayed', { container: name, seconds: hook.seconds, grace }), at: hook.path };
    if (hook !== undefined) return { ...say.pass('hook', { container: name, handler: hook.handler, grace }), at: hook.path };
    const volume = serving.volumeWriting(workload);
    if (volume.status === 'single' && (serving.minimumReplicas(workload).count ?? 1) < 2)
      return say.notApplicable('single-pod', { claim: volume.claim });
    return { ...say.unknown('no-hook', { container: name }), reason: 'needs-a-person' };
  },
});
