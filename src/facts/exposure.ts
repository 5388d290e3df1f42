import { compareText, type ObjectRef, ownApiVersion, refKey } from '../model/object-ref.ts';
import { gatewayExposures } from './exposure/gateway.ts';
import { ingressExposures } from './exposure/ingress.ts';
import type { Exposure } from './exposure/model.ts';
import { serviceExposures } from './exposure/services.ts';
import { httpProxyExposures, ingressRouteExposures, istioExposures, routeExposures } from './exposure/vendors.ts';
import { fact } from './fact.ts';
import { type Inventories, type Inventory, inventories } from './inventory.ts';
import { type References, references, referencesOf } from './references.ts';
import { workloadsOf } from './workloads.ts';

/** A host, with everything under review that serves it. */
export interface ExposedHost {
  /** Kind Host; the Service itself where no host name is known of it. */
  readonly ref: ObjectRef;
  /** Undefined for a Service without a host name. */
  readonly host: string | undefined;
  readonly exposures: readonly [Exposure, ...Exposure[]];
}

export interface ExposureOf {
  /** In the order of objects. */
  readonly exposures: readonly Exposure[];
  /** Each host once, sorted by name; Services without one last. */
  readonly hosts: readonly ExposedHost[];
}

/** What the system opens to the outside: in the launch environment, and in those it is compared with. */
export interface Exposures {
  readonly target: ExposureOf;
  readonly comparisons: ReadonlyMap<string, ExposureOf>;
}

export const exposures = fact(
  'exposures',
  [inventories, references],
  (all: Inventories, refs: References): Exposures => ({
    target: exposureOf(all.target, refs),
    comparisons: new Map(
      [...all.comparisons].map(([name, known]) => [name, exposureOf(known, referencesOf(known, workloadsOf(known)))]),
    ),
  }),
);

/** What one environment opens to the outside. */
function exposureOf(known: Inventory, refs: References): ExposureOf {
  const found: readonly Exposure[] = [
    ...['networking.k8s.io', 'extensions']
      .flatMap((group) => known.systemOfKind(group, 'Ingress'))
      .flatMap((object) => ingressExposures(object, known)),
    ...gatewayExposures(known),
    ...known.systemOfKind('route.openshift.io', 'Route').flatMap(routeExposures),
    ...['traefik.io', 'traefik.containo.us']
      .flatMap((group) => ['IngressRoute', 'IngressRouteTCP'].flatMap((kind) => known.systemOfKind(group, kind)))
      .flatMap(ingressRouteExposures),
    ...known.systemOfKind('projectcontour.io', 'HTTPProxy').flatMap(httpProxyExposures),
    ...known.systemOfKind('networking.istio.io', 'Gateway').flatMap(istioExposures),
    ...serviceExposures(known, refs),
  ];
  const distinct = withoutRepeats(found);
  return { exposures: distinct, hosts: groupByHost(distinct) };
}

/** Several paths or listeners of one object may open one host in one way: that is said once. */
function withoutRepeats(found: readonly Exposure[]): readonly Exposure[] {
  const byMeaning = new Map<string, Exposure>();
  for (const exposure of found) {
    const key = JSON.stringify([refKey(exposure.object.ref), exposure.host ?? null, exposure.termination]);
    if (!byMeaning.has(key)) byMeaning.set(key, exposure);
  }
  return [...byMeaning.values()];
}

function groupByHost(found: readonly Exposure[]): readonly ExposedHost[] {
  const byName = new Map<string, [Exposure, ...Exposure[]]>();
  const nameless: ExposedHost[] = [];
  for (const exposure of found) {
    if (exposure.host === undefined) {
      nameless.push({ ref: exposure.object.ref, host: undefined, exposures: [exposure] });
      continue;
    }
    const list = byName.get(exposure.host);
    if (list) list.push(exposure);
    else byName.set(exposure.host, [exposure]);
  }
  const named = [...byName].sort(([a], [b]) => compareText(a, b));
  return [
    ...named.map(
      ([host, list]): ExposedHost => ({ ref: { apiVersion: ownApiVersion, kind: 'Host', name: host }, host, exposures: list }),
    ),
    ...nameless,
  ];
}
