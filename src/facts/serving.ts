import type { Autoscaler } from '../kube/autoscaler.ts';
import { booleanAt, valueAt } from '../kube/json.ts';
import { type Service, targetPortOn } from '../kube/service.ts';
import type { Container, Workload } from '../kube/workload.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { type ClaimUse, type References, references } from './references.ts';

/** Whether somebody sends requests to a workload's Pods. */
export type ServingStatus =
  | { readonly status: 'serving'; readonly services: readonly [Service, ...Service[]] }
  /** No Service selects its Pods, and the sources are complete for Services. */
  | { readonly status: 'idle' }
  /** No Service of the sources does, but others may exist. */
  | { readonly status: 'unseen'; readonly why: string }
  /** Another program scales it, probes it and routes to it. */
  | { readonly status: 'managed'; readonly by: string };

/** How many Pods run at least, and who says so. */
export interface MinimumReplicas {
  /** Undefined where the kind has no number, or it is malformed. */
  readonly count: number | undefined;
  readonly from: 'spec' | 'default' | 'autoscaler';
  readonly autoscaler?: Autoscaler;
  /** Set where the number is only the default and autoscalers may exist outside the sources. */
  readonly uncertain?: string;
}

/** Whether a workload keeps data on a volume that one node at a time may mount. */
export type VolumeWriting =
  | { readonly status: 'shared' }
  | { readonly status: 'single'; readonly claim: string }
  | { readonly status: 'unseen'; readonly claim: string };

export interface Serving {
  of(workload: Workload): ServingStatus;
  minimumReplicas(workload: Workload): MinimumReplicas;
  volumeWriting(workload: Workload): VolumeWriting;
  /** Containers (regular and sidecars) that declare a port to which a Service sends. Empty where ports are not declared. */
  servedContainers(workload: Workload): readonly Container[];
  /** Numbers of the Pods' ports to which Services send, ascending. */
  servedPorts(workload: Workload): readonly number[];
}

export const serving = fact('serving', [inventory, references], servingOf);

/** Serving of one environment. */
export function servingOf(known: Inventory, refs: References): Serving {
  const portsOf = (workload: Workload) =>
    refs.servicesOf(workload).flatMap((service) =>
      service.ports.flatMap((port) => {
        const number = targetPortOn(workload, port);
        return number === undefined ? [] : [{ number, protocol: port.protocol }];
      }),
    );
  const claims = new Map(
    refs.claims.filter(({ claim }) => claim.template === 'none').map((use) => [`${use.claim.namespace}/${use.claim.name}`, use]),
  );
  const templates = Map.groupBy(
    refs.claims.filter(({ claim }) => claim.template === 'stateful-set'),
    ({ claim }) => claim.object,
  );
  return {
    of: (workload) => statusOf(workload, known, refs),
    minimumReplicas: (workload) => minimumReplicas(workload, known, refs),
    volumeWriting: (workload) => volumeWriting(workload, templates.get(workload.object) ?? [], claims),
    servedContainers(workload) {
      const wanted = new Set(portsOf(workload).map(({ number, protocol }) => `${protocol}/${number}`));
      return runningContainers(workload).filter(({ ports }) =>
        ports.some(({ number, protocol }) => wanted.has(`${protocol}/${number}`)),
      );
    },
    servedPorts: (workload) => [...new Set(portsOf(workload).map(({ number }) => number))].sort((a, b) => a - b),
  };
}

/** Containers that run as long as the Pod: regular ones and sidecars. */
export const runningContainers = (workload: Workload): readonly Container[] =>
  workload.containers.filter(({ role }) => role === 'container' || role === 'sidecar');

function statusOf(workload: Workload, known: Inventory, refs: References): ServingStatus {
  // Knative routes to its Pods through its own activator and queue-proxy, which also probes them.
  if (workload.object.group === 'serving.knative.dev') return { status: 'managed', by: 'Knative' };
  const [first, ...others] = refs.servicesOf(workload);
  if (first !== undefined) return { status: 'serving', services: [first, ...others] };
  const completeness = known.completeness('', 'Service');
  return completeness.complete ? { status: 'idle' } : { status: 'unseen', why: completeness.why };
}

/** An autoscaler overwrites `spec.replicas`, unless that is 0, which switches a HorizontalPodAutoscaler off. */
function minimumReplicas(workload: Workload, known: Inventory, refs: References): MinimumReplicas {
  const autoscaler = refs.autoscalerOf(workload);
  if (autoscaler !== undefined && workload.replicas !== 0) {
    const { minReplicas, maxReplicas } = autoscaler;
    return { count: Math.min(minReplicas, maxReplicas ?? minReplicas), from: 'autoscaler', autoscaler };
  }
  const written = valueAt(workload.object.value, 'spec', 'replicas');
  if ((written !== undefined && written !== null) || workload.ref.kind === 'Pod')
    return { count: workload.replicas, from: 'spec' };
  const completeness = known.completeness('autoscaling', 'HorizontalPodAutoscaler');
  return { count: workload.replicas, from: 'default', ...(completeness.complete ? {} : { uncertain: completeness.why }) };
}

function volumeWriting(workload: Workload, templates: readonly ClaimUse[], claims: ReadonlyMap<string, ClaimUse>): VolumeWriting {
  const template = templates.find(({ claim }) => isSingleWriter(claim.accessModes));
  if (template !== undefined) return { status: 'single', claim: template.claim.name };
  let unseen: string | undefined;
  for (const volume of workload.volumes) {
    if (volume.claim === undefined || booleanAt(volume.source, 'readOnly') === true) continue;
    const found = claims.get(`${workload.namespace}/${volume.claim}`);
    if (found === undefined) unseen ??= volume.claim;
    else if (isSingleWriter(found.claim.accessModes)) return { status: 'single', claim: volume.claim };
  }
  return unseen === undefined ? { status: 'shared' } : { status: 'unseen', claim: unseen };
}

const isSingleWriter = (modes: readonly string[]) =>
  modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
