import { everyAddress } from '../../kube/address.ts';
import { type JsonValue, listAt, numberAt, textAt, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import { apiServerAddresses } from './control-plane.ts';
import { dependsOn, type DerivedFlow, type DerivedKind, eachOf, endOf, granting, withNodes } from './derived-flow.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, externalEndpoint, unseenEndpoint, type WorkloadEndpoint } from './peers.ts';
import { type PortQuery, reaches, type Ruling } from './reach.ts';
import { backendsOf, serviceNamed } from './services.ts';

/** From the API server to the backends under review of webhooks and of aggregated APIs, at the target port. */
export const webhookFlows = (network: NetworkModel): readonly DerivedFlow[] => network.once(findFlows);

function findFlows(network: NetworkModel): readonly DerivedFlow[] {
  const from = { id: 'API server', ends: apiServerAddresses(network).map(({ end }) => end), seen: false };
  return network.inputs.objects.flatMap((object) =>
    callsOf(object).flatMap(({ kind, namespace, name, port, path, verb }) => {
      const service = serviceNamed(network, namespace, name);
      if (service === undefined) return [];
      return backendsOf(network, service, (entry) => entry.port === port && entry.protocol === 'TCP')
        .filter(({ endpoint }) => network.inputs.underReview.has(endpoint.id) && !endpoint.workload.hostNetwork)
        .map((backend): DerivedFlow => {
          const reason = `${object.ref.kind} ${object.ref.name} ${verb} Service ${namespace}/${name}`;
          const query = { protocol: 'TCP', port: backend.port } as const;
          const ruling = withNodes(network, 'ingress', fromApiServer(network, backend.endpoint, query));
          return { kind, reason, object, path, from, to: endOf(backend.endpoint), ...query, need: 'certain', ruling };
        });
    }),
  );
}

interface Call {
  readonly kind: DerivedKind;
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly path: Path;
  readonly verb: string;
}

/** What the API server calls on behalf of an object. A webhook with a URL is outside of this. */
function callsOf({ group, ref, value }: KubeObject): readonly Call[] {
  if (group === 'admissionregistration.k8s.io' && /^(Validating|Mutating)WebhookConfiguration$/.test(ref.kind))
    return listAt(value, 'webhooks').flatMap((_, index) =>
      call(value, ['webhooks', index, 'clientConfig', 'service'], 'admission-webhook', 'calls'),
    );
  if (group === 'apiregistration.k8s.io' && ref.kind === 'APIService')
    return call(value, ['spec', 'service'], 'aggregated-api', 'is served by');
  if (group !== 'apiextensions.k8s.io' || ref.kind !== 'CustomResourceDefinition') return [];
  return [
    ...call(value, ['spec', 'conversion', 'webhook', 'clientConfig', 'service'], 'conversion-webhook', 'converts through'),
    ...call(value, ['spec', 'conversion', 'webhookClientConfig', 'service'], 'conversion-webhook', 'converts through'),
  ];
}

/** The port of a Service reference of the API server is 443 by default, for webhooks and for aggregated APIs. */
function call(value: JsonValue, path: Path, kind: DerivedKind, verb: string): readonly Call[] {
  const service = valueAt(value, ...path);
  const name = textAt(service, 'name');
  const namespace = textAt(service, 'namespace');
  if (!name || !namespace) return [];
  return [{ kind, namespace, name, port: numberAt(service, 'port') ?? 443, path, verb }];
}

/**
 * The API server connects from an address of the control plane, which selectors cannot name: everybody or an ipBlock must let it in.
 * Managed control planes may connect through Pods of kube-system instead (konnectivity), so that a rule for those leaves it open.
 */
function fromApiServer(network: NetworkModel, to: WorkloadEndpoint, query: PortQuery): Ruling {
  const ask = (from: Endpoint) => reaches(network, from, to, query);
  const everybody = ask(externalEndpoint(everyAddress[4]));
  if (everybody.answer === 'allowed') return everybody;
  const [first, ...rest] = apiServerAddresses(network).map(({ end }) => ask(end));
  if (first !== undefined) {
    const listening = eachOf([first, ...rest]);
    if (listening.answer === 'allowed') return granting(listening, 'control-plane-source');
  }
  const agent = ask(unseenEndpoint(network.namespace('kube-system'), 'konnectivity-agent'));
  const open = [everybody, agent].find(({ answer }) => answer !== 'denied');
  if (open === undefined) return everybody;
  return dependsOn(open, first === undefined ? 'control-plane-address' : 'control-plane-source');
}
