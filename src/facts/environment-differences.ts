import { effectiveResources } from '../kube/limit-range.ts';
import type { Workload } from '../kube/workload.ts';
import { fact } from './fact.ts';
import { type Inventories, type Inventory, inventories } from './inventory.ts';
import { limitRangesOf } from './limit-ranges.ts';
import { referencesOf } from './references.ts';
import { type ServingImages, servingImages } from './serving-images.ts';
import { runningContainers, servingOf } from './serving.ts';
import { workloadsOf } from './workloads.ts';

/** Something that another environment has more or less of than the launch environment. */
export interface EnvironmentDifference {
  /** `Deployment backend`, or `Deployment backend, container web`. */
  readonly subject: string;
  readonly what: 'replicas' | 'cpu request' | 'memory request';
  /** As written; `none` where nothing is requested. */
  readonly there: string;
  readonly here: string;
}

export interface EnvironmentDifferences {
  /**
   * Replicas and requests of the workloads that both environments have, by kind and name, in the namespaces that answer here: what a
   * measurement there says less about here. Undefined where the sources do not hold the other environment.
   */
  with(environment: string): readonly EnvironmentDifference[] | undefined;
}

export const environmentDifferences = fact('environment-differences', [inventories, servingImages], differencesOf);

function differencesOf(
  { target, comparisons }: Inventories,
  { namespaces }: Pick<ServingImages, 'namespaces'>,
): EnvironmentDifferences {
  let here: ReadonlyMap<string, Size> | undefined;
  return {
    with(environment) {
      const other = comparisons.get(environment);
      if (other === undefined) return undefined;
      here ??= sizesOf(target, (workload) => namespaces.has(workload.namespace));
      const there = sizesOf(other, () => true);
      return [...here].flatMap(([key, value]) => {
        const elsewhere = there.get(key);
        const [subject = '', what = ''] = key.split('|');
        if (elsewhere === undefined || elsewhere.amount === value.amount) return [];
        return [{ subject, what: what as EnvironmentDifference['what'], there: elsewhere.text, here: value.text }];
      });
    },
  };
}

interface Size {
  readonly text: string;
  /** Cores, bytes or a number: 1 and 1000m are the same. */
  readonly amount: number;
}
const nothing: Size = { text: 'none', amount: 0 };

/** Sizes by `subject|what`. Workloads that share kind and name in two namespaces are left out: which is which cannot be told. */
function sizesOf(known: Inventory, counts: (workload: Workload) => boolean): ReadonlyMap<string, Size> {
  const running = workloadsOf(known);
  const serving = servingOf(known, referencesOf(known, running));
  const ranges = limitRangesOf(known);
  const byName = Map.groupBy(
    running.system.filter((workload) => !workload.runsToCompletion && counts(workload)),
    ({ ref }) => `${ref.kind} ${ref.name}`,
  );
  const sizes = new Map<string, Size>();
  for (const [name, [workload, ...others]] of byName) {
    if (workload === undefined || others.length > 0) continue;
    const { count } = serving.minimumReplicas(workload);
    if (count !== undefined) sizes.set(`${name}|replicas`, { text: String(count), amount: count });
    for (const [subject, what, size] of requestsOf(name, workload, ranges)) sizes.set(`${subject}|${what}`, size);
  }
  return sizes;
}

function requestsOf(
  name: string,
  workload: Workload,
  ranges: ReturnType<typeof limitRangesOf>,
): readonly (readonly [string, EnvironmentDifference['what'], Size])[] {
  return runningContainers(workload).flatMap((container) => {
    const { cpu, memory } = effectiveResources(container, ranges.in(workload.namespace)).requests;
    const subject = `${name}, container ${container.name}`;
    return [[subject, 'cpu request', cpu ?? nothing] as const, [subject, 'memory request', memory ?? nothing] as const];
  });
}
