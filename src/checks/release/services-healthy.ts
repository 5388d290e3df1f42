import { availabilityOf, isReady, livePodsOf, restartsOf } from '../../facts/availability.ts';
import { declaredReview, inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import type { Workload } from '../../kube/workload.ts';
import { formatRef, ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type SystemTarget = Target & { readonly running: readonly [Workload, ...Workload[]] };

export const servicesHealthy = defineCheck({
  id: 'services-healthy',
  gate: 'release',
  level: 'high',
  title: 'Every service is up, ready, and does not restart',
  rationale: 'A Pod that restarts before the launch restarts under load too; its cause is easier to find without users.',
  remedy: 'confirm-services-healthy',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts'],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'Restarts whose cause is known, such as a node that was drained.',
  needs: { inventory, workloads, declaredReview },
  parameters: { maxRestarts: 0 },
  stricter: { maxRestarts: 'lower' },
  messages: {
    restarts: '{workload}: {count} of {total} Pods have restarted, {restarts} times in all.',
    'not-ready': '{workload}: {count} of {total} Pods are not ready.',
    unavailable: '{workload}: {available} of {wanted} Pods are available.',
    unseen: 'No live Pods are in the sources for {workloads} of {environment}. Give a dump of Pods, or attest it.',
    healthy: 'All {pods} Pods of {workloads} workloads are ready, with at most {restarts} restarts each.',
  },
  looksFor: ['*'],
  *targets({ workloads, declaredReview }): Generator<SystemTarget> {
    const [first, ...rest] = workloads.system.filter(({ runsToCompletion, replicas }) => !runsToCompletion && replicas !== 0);
    if (first !== undefined)
      yield { ref: { apiVersion: ownApiVersion, kind: 'Source', name: declaredReview.name }, running: [first, ...rest] };
  },
  assess({ running }, { inventory, parameters }, say) {
    const unseen: string[] = [];
    const found: Judgement[] = [];
    let pods = 0;
    let most = 0;
    for (const workload of running) {
      const name = formatRef(workload.ref);
      const place = { in: workload.object, at: [], key: name };
      const available = availabilityOf(workload, inventory);
      if (available !== undefined && available.available < available.wanted)
        found.push({ ...say.fail('unavailable', { workload: name, ...available }), ...place });
      const live = livePodsOf(workload, inventory);
      if (live.length === 0) unseen.push(`${workload.ref.kind} ${workload.ref.name}`);
      pods += live.length;
      const waiting = live.filter((pod) => !isReady(pod));
      const restarted = live.filter((pod) => restartsOf(pod) > parameters.maxRestarts);
      most = Math.max(most, ...live.map(restartsOf));
      const total = live.length;
      if (waiting.length > 0)
        found.push({
          ...say.fail('not-ready', { workload: name, count: waiting.length, total }),
          ...place,
          because: waiting.map((object) => ({ note: 'is not ready', object })),
        });
      if (restarted.length > 0) {
        const restarts = restarted.reduce((sum, pod) => sum + restartsOf(pod), 0);
        found.push({
          ...say.fail('restarts', { workload: name, count: restarted.length, total, restarts }),
          ...place,
          because: restarted.map((object) => ({ note: `restarted ${restartsOf(object)} times`, object })),
        });
      }
    }
    const [first, ...rest] = found;
    if (first !== undefined) return [first, ...rest];
    if (unseen.length > 0) return say.unknown('unseen', { workloads: unseen.join(', '), environment: inventory.environment });
    return say.pass('healthy', { pods, workloads: running.length, restarts: most });
  },
});
