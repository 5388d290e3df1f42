import { serving } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { defineCheck } from '../define-check.ts';

export const replicas = defineCheck({
  id: 'replicas',
  gate: 'workloads',
  level: 'high',
  title: 'Workloads that serve requests run at least two replicas',
  rationale: 'With one replica every eviction, node failure and crash is an outage until a new Pod is ready.',
  remedy: 'run-replicas',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/',
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A service whose users can wait some minutes for a new Pod, such as an internal dashboard.',
  needs: { workloads, serving },
  parameters: { minimum: 2 },
  stricter: { minimum: 'higher' },
  messages: {
    enough: 'Runs at least {count} replicas ({from}); {minimum} are asked for.',
    few: 'Runs {count} of the {minimum} replicas that are asked for ({from}), and Service {service} sends requests to it.',
    'uncertain-replicas':
      'Writes no replicas, so it starts with one, and an autoscaler may raise that: {why}. Write spec.replicas, or give the HorizontalPodAutoscaler.',
    'unreadable-replicas': 'Says nowhere how many replicas it runs.',
    'unseen-services':
      'Runs {count} replicas, and it cannot be seen whether it serves requests: {why}. Give the Services of its namespace.',
    'unseen-claim':
      'Runs {count} replicas and mounts claim {claim}, which is in no source: its access modes say whether it could run more.',
    'not-served': 'No Service selects its Pods.',
    'per-node': 'A DaemonSet runs one Pod a node.',
    'single-writer':
      'Writes volume {claim}, which one node at a time may mount (ReadWriteOnce): more replicas would need another design.',
    managed: '{by} scales it by its requests.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system)
      if (!workload.runsToCompletion) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, { serving, parameters: { minimum } }, say) {
    if (workload.ref.kind === 'DaemonSet') return say.notApplicable('per-node');
    const served = serving.of(workload);
    if (served.status === 'managed') return say.notApplicable('managed', { by: served.by });
    const { count, from, autoscaler, uncertain } = serving.minimumReplicas(workload);
    const source =
      autoscaler === undefined
        ? from === 'default'
          ? 'the default'
          : 'spec.replicas'
        : `the minimum of ${autoscaler.ref.kind} ${autoscaler.ref.name}`;
    const place =
      autoscaler === undefined
        ? { at: ['spec', ...(from === 'spec' ? ['replicas'] : [])] }
        : { in: autoscaler.object, at: ['spec'] };
    if (count !== undefined && count >= minimum) return { ...say.pass('enough', { count, minimum, from: source }), ...place };
    if (served.status === 'idle') return say.notApplicable('not-served');
    const volume = serving.volumeWriting(workload);
    if (volume.status === 'single') return say.notApplicable('single-writer', { claim: volume.claim });
    if (count === undefined) return say.unknown('unreadable-replicas');
    if (served.status === 'unseen') return say.unknown('unseen-services', { count, why: served.why });
    if (volume.status === 'unseen') return say.unknown('unseen-claim', { count, claim: volume.claim });
    if (uncertain !== undefined) return { ...say.unknown('uncertain-replicas', { why: uncertain }), at: ['spec'] };
    return { ...say.fail('few', { count, minimum, from: source, service: served.services[0].ref.name }), ...place };
  },
});
