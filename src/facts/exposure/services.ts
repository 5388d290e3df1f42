import { readImageReference } from '../../kube/image-reference.ts';
import { controllerOfImage } from '../../kube/ingress-controllers.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import { readService } from '../../kube/service.ts';
import { refKey } from '../../model/object-ref.ts';
import type { Inventory } from '../inventory.ts';
import type { References } from '../references.ts';
import { normalHost } from './hosts.ts';
import type { Exposure, Termination } from './model.ts';

/** Data planes that terminate for others, beside the controllers that are known by image: the hosts are on what they serve. */
const proxies = /(^|\/)(envoy|proxyv2|kong|kong-gateway|gateway-proxy|haproxy-router|nginx-gateway|caddy-ingress)$/;

const internalMarks: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(true|0\.0\.0\.0\/0)$/],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
];

/**
 * Services that a load balancer or a port of every node opens to the outside. Left out: internal load balancers, the Services of ingress
 * proxies, and node ports behind an Ingress, which the cloud's load balancer needs.
 */
export function serviceExposures(
  known: Inventory,
  references: Pick<References, 'workloadsOf' | 'backends'>,
): readonly Exposure[] {
  const behind = new Set(references.backends.flatMap(({ service }) => (service === undefined ? [] : [refKey(service.ref)])));
  return known.systemOfKind('', 'Service').flatMap((object): readonly Exposure[] => {
    const service = readService(object);
    const opens = service?.type === 'LoadBalancer' || (service?.type === 'NodePort' && !behind.has(refKey(object.ref)));
    if (service === undefined || !opens || isInternal(object)) return [];
    const images = references.workloadsOf(service).flatMap(({ containers }) => containers.flatMap(({ image }) => image ?? []));
    if (
      images.some((image) => controllerOfImage(image) !== undefined || proxies.test(readImageReference(image)?.repository ?? ''))
    )
      return [];
    const head = {
      via: 'Service',
      object,
      path: ['spec', 'type'],
      termination: terminationOf(object),
      annotated: object,
    } as const;
    const names = (annotationsOf(object).get('external-dns.alpha.kubernetes.io/hostname') ?? '')
      .split(',')
      .map((name) => name.trim());
    const hosts = names.filter((name) => name !== '').map(normalHost);
    return hosts.length === 0 ? [{ ...head, host: undefined }] : hosts.map((host) => ({ ...head, host }));
  });
}

const isInternal = (object: KubeObject): boolean =>
  internalMarks.some(([key, pattern]) => pattern.test(annotationsOf(object).get(key) ?? ''));

function terminationOf(object: KubeObject): Termination {
  return annotationsOf(object).has('service.beta.kubernetes.io/aws-load-balancer-ssl-cert')
    ? { kind: 'platform', by: 'AWS Certificate Manager' }
    : { kind: 'pods' };
}
