import { serving } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { type Amount, availableDuringRollout, readRollout } from '../../kube/rollout.ts';
import { defineCheck } from '../define-check.ts';

const format = (amount: Amount) => ('pods' in amount ? String(amount.pods) : `${amount.percent}%`);

export const rolloutStrategy = defineCheck({
  id: 'rollout-strategy',
  gate: 'workloads',
  level: 'medium',
  title: 'A rollout leaves Pods that serve',
  rationale: 'A strategy that stops all Pods before new ones are ready makes each release an outage.',
  remedy: 'shape-rollouts',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'Two versions must never run at the same time, and the outage of each release is announced.',
  needs: { workloads, serving },
  parameters: {},
  messages: {
    rolling: 'At least {left} of {count} Pods serve during a rollout (maxUnavailable {unavailable}, maxSurge {surge}).',
    'rolling-nodes': 'At most {unavailable} of its Pods are missing during a rollout.',
    'one-by-one': 'Pods are replaced one after the other.',
    'by-hand': 'Pods are replaced only when somebody deletes them (OnDelete).',
    'blue-green': 'New Pods are ready before traffic moves to them.',
    recreate: 'Strategy Recreate stops every Pod before new ones start, and Service {service} sends requests to them.',
    'none-left':
      'maxUnavailable {unavailable} of {count} replicas and maxSurge {surge} leave no Pod during a rollout, and Service {service} sends requests to them.',
    'all-nodes':
      'maxUnavailable {unavailable} replaces the Pods of all nodes at once, and Service {service} sends requests to them.',
    malformed: 'maxUnavailable or maxSurge is neither a count nor a percentage.',
    'unknown-kind': 'How a {kind} replaces its Pods is not known here.',
    'unseen-services': 'A rollout leaves no Pod, and it cannot be seen whether it serves requests: {why}.',
    'unseen-claim': 'A rollout leaves no Pod; that is right only if claim {claim}, which is in no source, has a single writer.',
    'uncertain-replicas':
      'maxUnavailable {unavailable} of {count} replicas leaves no Pod during a rollout, and an autoscaler may keep more: {why}. Write spec.replicas, or give the HorizontalPodAutoscaler.',
    'not-served': 'No Service selects its Pods.',
    'single-writer': 'Writes volume {claim}, which one node at a time may mount: the old Pod must stop first.',
    'one-pod': 'A StatefulSet with one replica has no other Pod to leave.',
    'no-rollout': 'A {kind} replaces no Pods.',
    managed: '{by} moves traffic once new Pods are ready.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system)
      if (!workload.runsToCompletion) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, { serving }, say) {
    const served = serving.of(workload);
    if (served.status === 'managed') return say.notApplicable('managed', { by: served.by });
    const rollout = readRollout(workload);
    if (rollout.type === 'none') return say.notApplicable('no-rollout', { kind: workload.ref.kind });
    if (served.status === 'idle') return say.notApplicable('not-served');
    const at = rollout.path;
    if (rollout.type === 'unknown') return { ...say.unknown('unknown-kind', { kind: workload.ref.kind }), reason: 'undecidable' };
    if (rollout.type === 'on-delete') return { ...say.pass('by-hand'), at };
    if (rollout.type === 'blue-green') return { ...say.pass('blue-green'), at };
    const service = served.status === 'serving' ? served.services[0].ref.name : '';
    const volume = serving.volumeWriting(workload);
    const single = volume.status === 'single' ? say.notApplicable('single-writer', { claim: volume.claim }) : undefined;
    // Judged only once a rollout is known to leave nothing.
    const excuse = () => {
      if (single !== undefined) return single;
      if (served.status === 'unseen') return { ...say.unknown('unseen-services', { why: served.why }), at };
      return volume.status === 'unseen' ? { ...say.unknown('unseen-claim', { claim: volume.claim }), at } : undefined;
    };
    if (rollout.type === 'recreate') return excuse() ?? { ...say.fail('recreate', { service }), at };
    const { unavailable, surge } = rollout;
    if (unavailable === undefined || surge === undefined) return { ...say.unknown('malformed'), at, reason: 'undecidable' };
    if (workload.ref.kind === 'DaemonSet') {
      // How many nodes there are is not known: only all of them is too many.
      const all = 'percent' in unavailable && unavailable.percent >= 100;
      const data = { unavailable: format(unavailable) };
      return all
        ? (excuse() ?? { ...say.fail('all-nodes', { ...data, service }), at })
        : { ...say.pass('rolling-nodes', data), at };
    }
    const minimum = serving.minimumReplicas(workload);
    const count = Math.max(1, minimum.count ?? 1);
    const left = availableDuringRollout(unavailable, surge, count);
    const data = { count, unavailable: format(unavailable), surge: format(surge) };
    if (workload.ref.kind === 'StatefulSet') {
      if (count === 1) return single ?? say.notApplicable('one-pod');
      if (left > 0) return { ...say.pass('one-by-one'), at };
    }
    if (left > 0) return { ...say.pass('rolling', { ...data, left }), at: rollout.written ? at : ['spec'] };
    const excused = excuse();
    if (excused !== undefined) return excused;
    if (minimum.uncertain !== undefined) return { ...say.unknown('uncertain-replicas', { ...data, why: minimum.uncertain }), at };
    return { ...say.fail('none-left', { ...data, service }), at };
  },
});
