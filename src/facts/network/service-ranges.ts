import { type AddressRange, contains, parseAddress, parseCidr } from '../../kube/address.ts';
import { textAt, texts, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { NetworkModel } from './network.ts';

/** Addresses that the cluster gives to Services, and what shows it. */
interface ServiceRange {
  readonly range: AddressRange;
  readonly what: string;
}

/**
 * Why a block holds nothing but addresses of Services; undefined where the sources do not show that it does. Most plugins
 * see a connection after the Service's address was replaced by a Pod's, so that such a block matches nothing there (kubernetes.io,
 * Network Policies, "Behavior of to and from selectors", leaves the order open).
 */
export function servicesOnly(network: NetworkModel, cidr: string): string | undefined {
  const block = parseCidr(cidr);
  if (block === undefined) return undefined;
  return network.once(serviceRanges).find(({ range }) => contains(range, block))?.what;
}

const serviceRanges = ({ inputs, services }: NetworkModel): readonly ServiceRange[] => [
  ...inputs.objects.flatMap((object) =>
    cidrsOf(object).flatMap((cidr) => {
      const range = parseCidr(cidr.trim());
      return range === undefined ? [] : [{ range, what: `the range of Services ${cidr.trim()}` }];
    }),
  ),
  ...services.flatMap((service) => {
    const spec = valueAt(service.object.value, 'spec');
    const all = [textAt(spec, 'clusterIP') ?? '', ...texts(valueAt(spec, 'clusterIPs'))];
    return [...new Set(all)].flatMap((text): readonly ServiceRange[] => {
      const address = parseAddress(text);
      if (address === undefined) return [];
      const range = { family: address.family, first: address.value, last: address.value };
      return [{ range, what: `the address of Service ${service.namespace}/${service.ref.name}` }];
    });
  }),
];

const flag = '--service-cluster-ip-range=';

/** A ServiceCIDR, or the flag of an API server that runs as a Pod. */
function cidrsOf({ group, ref, value }: KubeObject): readonly string[] {
  if (ref.kind === 'ServiceCIDR' && group === 'networking.k8s.io') return texts(valueAt(value, 'spec', 'cidrs'));
  if (ref.kind !== 'Pod' || group !== '' || ref.namespace !== 'kube-system' || !ref.name.startsWith('kube-apiserver')) return [];
  const containers = valueAt(value, 'spec', 'containers');
  if (!Array.isArray(containers)) return [];
  return containers
    .flatMap((container) => [...texts(valueAt(container, 'command')), ...texts(valueAt(container, 'args'))])
    .filter((argument) => argument.startsWith(flag))
    .flatMap((argument) => argument.slice(flag.length).split(','));
}
