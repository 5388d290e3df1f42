import { everyAddress } from '../../kube/address.ts';
import { apiServerAddresses } from './control-plane.ts';
import { dependsOn, type DerivedFlow, eachOf, endOf, withNodes } from './derived-flow.ts';
import type { NetworkModel } from './network.ts';
import { externalEndpoint, type WorkloadEndpoint } from './peers.ts';
import { reaches, type Ruling } from './reach.ts';
import { tokenUse } from './token-use.ts';

/** From every workload under review whose Pods have a token that is worth something, to the API server. */
export const apiServerFlows = (network: NetworkModel): readonly DerivedFlow[] => network.once(findFlows);

function findFlows(network: NetworkModel): readonly DerivedFlow[] {
  const known = apiServerAddresses(network);
  const ports = new Set(known.map(({ port }) => port));
  const [port] = ports.size === 1 ? ports : [];
  return network.reviewed.flatMap((endpoint): readonly DerivedFlow[] => {
    const use = endpoint.workload.hostNetwork ? undefined : tokenUse(network, endpoint.workload);
    if (use === undefined) return [];
    const { object } = endpoint.workload;
    const to = { id: 'API server', ends: known.map(({ end }) => end), seen: known.length > 0 };
    const ruling = withNodes(network, 'egress', toApiServer(network, endpoint));
    return [{ kind: 'api-server', ...use, object, from: endOf(endpoint), to, protocol: 'TCP', port, ruling }];
  });
}

function toApiServer(network: NetworkModel, from: WorkloadEndpoint): Ruling {
  const [first, ...rest] = apiServerAddresses(network).map(({ end, port }) =>
    reaches(network, from, end, { protocol: 'TCP', port }),
  );
  return first === undefined ? somewhere(network, from) : eachOf([first, ...rest]);
}

/** Ports at which API servers listen: of managed clusters, of kubeadm and most others, of minikube, of MicroK8s. */
const usualPorts = [443, 6443, 8443, 16_443] as const;
/** Of these one is nearly always right. */
const mostUsual: ReadonlySet<number> = new Set([443, 6443]);

/** No source shows the address: certain is only what is the same for every address, at every port where API servers listen. */
function somewhere(network: NetworkModel, from: WorkloadEndpoint): Ruling {
  const asked = ([4, 6] as const).flatMap((family) =>
    usualPorts.map((port) => ({
      family,
      port,
      ruling: reaches(network, from, externalEndpoint(everyAddress[family]), { protocol: 'TCP', port }),
    })),
  );
  const usual = asked.filter(({ family, port }) => family === 4 && mostUsual.has(port)).map(({ ruling }) => ruling);
  const [first, ...rest] = usual;
  if (first === undefined) throw new Error('no port is usual');
  if (usual.every(({ answer }) => answer === 'allowed')) return eachOf([first, ...rest]);
  if (asked.every(({ ruling }) => ruling.answer === 'denied')) return first;
  const open = asked.find(({ ruling }) => ruling.answer !== 'denied')?.ruling ?? first;
  return dependsOn(open, 'control-plane-address');
}
