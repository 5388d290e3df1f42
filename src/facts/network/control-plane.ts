import { type AddressRange, parseAddress } from '../../kube/address.ts';
import { listAt, numberAt, textAt, texts, valueAt } from '../../kube/json.ts';
import { type KubeObject, labelsOf } from '../../kube/object.ts';
import type { NetworkModel } from './network.ts';
import { type ExternalEndpoint, externalEndpoint } from './peers.ts';
import { serviceNamed } from './services.ts';

/** Where the API server listens: an address and a port that Pods see once the Service's own are replaced. */
export interface ApiServerAddress {
  readonly end: ExternalEndpoint;
  readonly port: number;
}

/**
 * The addresses behind Service default/kubernetes, from its EndpointSlices or Endpoints; empty where no source shows them. Where the
 * plugin sees a connection before the Service's address is replaced, they are those of the Service.
 */
export const apiServerAddresses = (network: NetworkModel): readonly ApiServerAddress[] => network.once(findAddresses);

function findAddresses(network: NetworkModel): readonly ApiServerAddress[] {
  const pairs =
    network.profile['service-addresses'] === 'no' ? serviceAddresses(network) : network.inputs.objects.flatMap(endpointsOf);
  return [...new Map(pairs.map((item) => [`${item.end.id} ${item.port}`, item])).values()];
}

const serviceAddresses = (network: NetworkModel): readonly ApiServerAddress[] => {
  const service = serviceNamed(network, 'default', 'kubernetes');
  if (service === undefined) return [];
  const spec = valueAt(service.object.value, 'spec');
  const addresses = [...new Set([textAt(spec, 'clusterIP') ?? '', ...texts(valueAt(spec, 'clusterIPs'))])];
  return addresses.flatMap((text) => service.ports.flatMap(({ port }) => at(text, port)));
};

function endpointsOf(object: KubeObject): readonly ApiServerAddress[] {
  const { group, ref, value } = object;
  if (ref.namespace !== 'default') return [];
  if (group === 'discovery.k8s.io' && ref.kind === 'EndpointSlice') {
    if (ref.name !== 'kubernetes' && labelsOf(object).get('kubernetes.io/service-name') !== 'kubernetes') return [];
    const addresses = listAt(value, 'endpoints').flatMap((entry) => texts(valueAt(entry, 'addresses')));
    return addresses.flatMap((text) => listAt(value, 'ports').flatMap((entry) => at(text, numberAt(entry, 'port'))));
  }
  if (group !== '' || ref.kind !== 'Endpoints' || ref.name !== 'kubernetes') return [];
  return listAt(value, 'subsets').flatMap((subset) =>
    listAt(subset, 'addresses').flatMap((entry) =>
      listAt(subset, 'ports').flatMap((item) => at(textAt(entry, 'ip') ?? '', numberAt(item, 'port'))),
    ),
  );
}

function at(text: string, port: number | undefined): readonly ApiServerAddress[] {
  const address = parseAddress(text);
  if (address === undefined || port === undefined) return [];
  const range: AddressRange = { family: address.family, first: address.value, last: address.value };
  return [{ end: externalEndpoint(range), port }];
}
