import { type Autoscaler, readAutoscaler } from '../kube/autoscaler.ts';
import { type Claim, claimTemplates, readClaim } from '../kube/claim.ts';
import { type DisruptionBudget, readDisruptionBudget } from '../kube/disruption.ts';
import { readGatewayRoute } from '../kube/gateway.ts';
import { type Backend, readIngress, readOpenShiftRoute } from '../kube/ingress.ts';
import type { KubeObject } from '../kube/object.ts';
import { selectsPodsOf } from '../kube/pod-selection.ts';
import { findServicePort, readService, type Service, type ServicePort, targetPortOn } from '../kube/service.ts';
import type { Workload } from '../kube/workload.ts';
import { refKey } from '../model/object-ref.ts';
import { type ConfigurationUse, configurationUses } from './configuration-uses.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory, type Lookup } from './inventory.ts';
import { type Workloads, workloads } from './workloads.ts';

/** What points to what in the launch environment, over system and platform. Every list is in the order of refs. */
export interface References {
  readonly services: readonly ServiceTargets[];
  /** Services that select Pods of a workload. */
  servicesOf(workload: Workload): readonly Service[];
  /** Workloads whose Pods a Service selects. */
  workloadsOf(service: Service): readonly Workload[];
  /** Backends of Ingresses, Gateway API routes and OpenShift Routes. */
  readonly backends: readonly BackendTarget[];
  /** Secrets and ConfigMaps that workloads under review name. */
  readonly configuration: readonly ConfigurationUse[];
  readonly autoscalers: readonly { readonly autoscaler: Autoscaler; readonly workload: Workload | undefined }[];
  autoscalerOf(workload: Workload): Autoscaler | undefined;
  readonly budgets: readonly { readonly budget: DisruptionBudget; readonly workloads: readonly Workload[] }[];
  budgetsOf(workload: Workload): readonly DisruptionBudget[];
  readonly claims: readonly ClaimUse[];
}

export interface ServiceTargets {
  readonly service: Service;
  readonly workloads: readonly Workload[];
}

/** Where a backend leads: to a Service, a port of it, and the port on each workload behind it. */
export interface BackendTarget {
  /** The Ingress or route. */
  readonly object: KubeObject;
  readonly backend: Backend;
  readonly lookup: Lookup;
  readonly service: Service | undefined;
  /** Undefined: the Service has no such port, or the backend names none. */
  readonly port: ServicePort | undefined;
  /** `port` is undefined where a named port resolves to nothing on that workload. */
  readonly workloads: readonly { readonly workload: Workload; readonly port: number | undefined }[];
}

export interface ClaimUse {
  readonly claim: Claim;
  /** Workloads that mount it, or the one that holds the template. */
  readonly workloads: readonly Workload[];
  /** The StorageClass it names; undefined when it names none. */
  readonly storageClass: Lookup | undefined;
}

export const references = fact('references', [inventory, workloads], referencesOf);

/** The references of one environment. Services, budgets and claims reach only workloads of their own namespace. */
export function referencesOf(known: Inventory, running: Workloads): References {
  const services = known.ofKind('', 'Service').flatMap((object): readonly ServiceTargets[] => {
    const service = readService(object);
    return service === undefined ? [] : [{ service, workloads: selectedBy(service, running) }];
  });
  const budgets = known.ofKind('policy', 'PodDisruptionBudget').flatMap((object) => {
    const budget = readDisruptionBudget(object);
    return budget === undefined ? [] : [{ budget, workloads: selectedBy(budget, running) }];
  });
  const autoscalers = [
    ...known.ofKind('autoscaling', 'HorizontalPodAutoscaler'),
    ...known.ofKind('keda.sh', 'ScaledObject'),
  ].flatMap((object) => {
    const autoscaler = readAutoscaler(object);
    return autoscaler === undefined ? [] : [{ autoscaler, workload: scaledBy(autoscaler, running) }];
  });
  const servicesByKey = new Map(services.map((entry) => [refKey(entry.service.ref), entry]));
  const servicesByWorkload = reverse(services.map((entry) => [entry.service, entry.workloads]));
  const budgetsByWorkload = reverse(budgets.map((entry) => [entry.budget, entry.workloads]));
  const autoscalersByWorkload = reverse(autoscalers.map((entry) => [entry.autoscaler, entry.workload ? [entry.workload] : []]));
  return {
    services,
    servicesOf: (workload) => servicesByWorkload.get(refKey(workload.ref)) ?? [],
    workloadsOf: (service) => servicesByKey.get(refKey(service.ref))?.workloads ?? [],
    backends: readBackends(known).map(({ object, backend }) => resolveBackend(object, backend, known, servicesByKey)),
    configuration: running.system.flatMap((workload) => configurationUses(workload, known)),
    autoscalers,
    autoscalerOf: (workload) => autoscalersByWorkload.get(refKey(workload.ref))?.[0],
    budgets,
    budgetsOf: (workload) => budgetsByWorkload.get(refKey(workload.ref)) ?? [],
    claims: readClaims(known, running),
  };
}

function selectedBy({ namespace, selector }: Pick<Service, 'namespace' | 'selector'>, running: Workloads): readonly Workload[] {
  return selector === undefined ? [] : running.byNamespace(namespace).filter((workload) => selectsPodsOf(selector, workload));
}

function scaledBy({ namespace, target }: Autoscaler, running: Workloads): Workload | undefined {
  return running
    .byNamespace(namespace)
    .find(({ ref, object }) => ref.kind === target.kind && ref.name === target.name && sameGroup(object.group, target.group));
}

/** Deployments of the removed extensions group are served by apps. */
const sameGroup = (a: string, b: string) =>
  a === b || (a === 'extensions' && b === 'apps') || (a === 'apps' && b === 'extensions');

function reverse<T>(entries: readonly (readonly [T, readonly Workload[]])[]): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const [item, list] of entries) {
    for (const workload of list) {
      const key = refKey(workload.ref);
      const found = map.get(key);
      if (found) found.push(item);
      else map.set(key, [item]);
    }
  }
  return map;
}

function readBackends(known: Inventory): readonly { readonly object: KubeObject; readonly backend: Backend }[] {
  return known.objects.flatMap((object) => backendsOf(object).map((backend) => ({ object, backend })));
}

function backendsOf(object: KubeObject): readonly Backend[] {
  const ingress = readIngress(object);
  if (ingress)
    return [...ingress.rules.flatMap((rule) => rule.backend ?? []), ...(ingress.defaultBackend ? [ingress.defaultBackend] : [])];
  return readOpenShiftRoute(object)?.backends ?? readGatewayRoute(object)?.backends ?? [];
}

function resolveBackend(
  object: KubeObject,
  backend: Backend,
  known: Inventory,
  services: ReadonlyMap<string, ServiceTargets>,
): BackendTarget {
  const lookup = known.lookup('', 'Service', backend.namespace, backend.service);
  const target = lookup.status === 'found' ? services.get(refKey(lookup.object.ref)) : undefined;
  if (target === undefined) return { object, backend, lookup, service: undefined, port: undefined, workloads: [] };
  const port = findBackendPort(target.service, backend);
  const reached = target.workloads.map((workload) => ({
    workload,
    port: port === undefined ? undefined : targetPortOn(workload, port),
  }));
  return { object, backend, lookup, service: target.service, port, workloads: reached };
}

function findBackendPort(service: Service, backend: Backend): ServicePort | undefined {
  const { port } = backend;
  // A Route that names no port sends to any port of the Service.
  if (port === undefined) return service.ports.length === 1 ? service.ports[0] : undefined;
  // A Route's port is a name of a Service port or a target port, or a number of the Pods.
  if (backend.portOf === 'pods')
    return service.ports.find((entry) => entry.targetPort === port) ?? findServicePort(service, port);
  return findServicePort(service, port);
}

function readClaims(known: Inventory, running: Workloads): readonly ClaimUse[] {
  const objects = known.ofKind('', 'PersistentVolumeClaim').flatMap((object): readonly ClaimUse[] => {
    const claim = readClaim(object);
    if (claim === undefined) return [];
    const users = running
      .byNamespace(claim.namespace)
      .filter((workload) => workload.volumes.some((volume) => volume.claim === claim.name));
    return [{ claim, workloads: users, storageClass: classOf(claim, known) }];
  });
  const templates = running.all.flatMap((workload) =>
    claimTemplates(workload).map((claim) => ({ claim, workloads: [workload], storageClass: classOf(claim, known) })),
  );
  return [...objects, ...templates];
}

const classOf = (claim: Claim, known: Inventory): Lookup | undefined =>
  claim.storageClass ? known.lookup('storage.k8s.io', 'StorageClass', undefined, claim.storageClass) : undefined;
