import { availabilityOf } from '../../facts/availability.ts';
import { declaredReview, inventories } from '../../facts/inventory.ts';
import { workloads, workloadsOf } from '../../facts/workloads.ts';
import { readImageReference } from '../../kube/image-reference.ts';
import type { Workload } from '../../kube/workload.ts';
import { formatRef, ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Target } from '../define-check.ts';

type SystemTarget = Target & { readonly running: readonly Workload[] };

export const stagingComplete = defineCheck({
  id: 'staging-complete',
  gate: 'release',
  level: 'high',
  title: 'What launches runs in staging, whole',
  rationale: 'What staging lacks is tried for the first time in production, with users.',
  remedy: 'complete-staging',
  references: ['https://sre.google/sre-book/release-engineering/'],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'A part that cannot run in staging, such as one that needs a partner’s production system.',
  needs: { inventories, workloads, declaredReview },
  parameters: {},
  messages: {
    missing: '{environment} lacks {missing}, of {count} workloads that launch.',
    unavailable: '{environment}: {unavailable} is not available.',
    'no-staging':
      'There is no other environment in the sources. Add staging with role comparison, or attest that it is complete.',
    'not-live':
      'The manifests of {environment} hold all {count} workloads{differences}; whether they run there is not seen. Give a dump of it, or attest it.',
    'other-image':
      '{environment} runs other images than those that launch: {differences}. Attest that the versions are equal in what matters.',
    complete: 'All {count} workloads run in {environment} and are available{differences}.',
  },
  looksFor: ['*'],
  *targets({ workloads, declaredReview }): Generator<SystemTarget> {
    // A Job runs once; what staging holds of it by now says nothing.
    const running = workloads.system.filter(({ ref, runsToCompletion }) => ref.kind === 'CronJob' || !runsToCompletion);
    if (running.length > 0) yield { ref: { apiVersion: ownApiVersion, kind: 'Source', name: declaredReview.name }, running };
  },
  assess({ running }, { inventories }, say) {
    const names = [...inventories.comparisons.keys()];
    const environment = names.find((name) => /stag|pre-?prod|uat/i.test(name)) ?? names[0];
    const staging = environment === undefined ? undefined : inventories.comparisons.get(environment);
    if (environment === undefined || staging === undefined) return say.unknown('no-staging');
    const there = workloadsOf(staging).system;
    const pairs = running.map((workload) => ({ workload, twin: there.find((other) => other.ref.name === workload.ref.name) }));
    const count = running.length;
    const missing = pairs
      .filter(({ twin }) => twin === undefined)
      .map(({ workload }) => `${workload.ref.kind} ${workload.ref.name}`);
    if (missing.length > 0) return say.fail('missing', { environment, missing: missing.join(', '), count });
    const twins = pairs.flatMap(({ workload, twin }) =>
      twin === undefined ? [] : [{ workload, twin, available: availabilityOf(twin, staging) }],
    );
    const down = twins.filter(({ available }) => available !== undefined && available.available < Math.max(available.wanted, 1));
    if (down.length > 0)
      return say.fail('unavailable', { environment, unavailable: down.map(({ twin }) => formatRef(twin.ref)).join(', ') });
    const different = twins.flatMap(({ workload, twin }) => differentImages(workload, twin));
    if (different.length > 0)
      return { ...say.unknown('other-image', { environment, differences: different.join(', ') }), reason: 'needs-a-person' };
    const extra = there
      .filter((other) => other.ref.kind !== 'Job' && !running.some(({ ref }) => ref.name === other.ref.name))
      .map(({ ref }) => ref.name);
    const data = { environment, count, differences: extra.length === 0 ? '' : ` (and ${extra.join(', ')})` };
    // A CronJob has no availability: that the cluster has it is all there is to see.
    const seen = twins.every(
      ({ twin, available }) =>
        available !== undefined || (twin.ref.kind === 'CronJob' && staging.liveOf(twin.object) !== undefined),
    );
    return seen ? say.pass('complete', data) : { ...say.unknown('not-live', data), reason: 'needs-a-person' };
  },
});

/** Containers of one name whose digests are both known and differ. Tags cannot be compared. */
function differentImages(workload: Workload, twin: Workload): readonly string[] {
  return workload.containers.flatMap(({ name, image }) => {
    const digest = readImageReference(image ?? '')?.digest;
    const other = readImageReference(twin.containers.find((container) => container.name === name)?.image ?? '')?.digest;
    return digest !== undefined && other !== undefined && digest !== other ? [`${workload.ref.name}/${name}`] : [];
  });
}
