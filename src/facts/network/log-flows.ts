import { objectAt, textEntries } from '../../kube/json.ts';
import type { NetworkModel } from './network.ts';
import type { WorkloadEndpoint } from './peers.ts';
import { flowsTo, type Reference, referencesOf, type SuggestedFlow } from './suggested.ts';
import { repositories } from './well-known.ts';

/** A workload that sends logs over the network. */
export interface LogSender {
  readonly endpoint: WorkloadEndpoint;
  /** Variables and images that say so. */
  readonly how: readonly string[];
  /** Where the logs go, as far as Services in the sources show it. */
  readonly flows: readonly SuggestedFlow[];
  /** Hosts that are no Service in the sources. */
  readonly outside: readonly string[];
}

const logVariable =
  /^(.{0,40}_)?(LOKI|FLUENT(D|BIT|_BIT)?|SYSLOG|LOGSTASH|GELF|GRAYLOG|PAPERTRAIL|SPLUNK_HEC)(_.{0,40})?$|^(.{0,40}_)?LOGS?_(ENDPOINT|HOST|URL|SERVER|ADDRESS|DESTINATION)$|^OTEL_EXPORTER_OTLP_LOGS_ENDPOINT$/;
/** Of such a variable's name, what says that it is no address. */
const noAddress =
  /_(PORT|LEVEL|FORMAT|TOKEN|USER|USERNAME|PASSWORD|FILE|PATH|ENABLED|TAG|LABELS|TIMEOUT|TENANT|PROTOCOL|FACILITY)$/;
const agentImages =
  /(^|\/)(fluent-bit|fluentbit|fluentd|fluentd-kubernetes-daemonset|promtail|filebeat|logstash|vector|logging-operator-.{1,40}|syslog-ng|rsyslog)$/;

/** Workloads under review whose environment names a log endpoint, and log agents; sorted by id. */
export const logSenders = (network: NetworkModel): readonly LogSender[] =>
  network.reviewed.flatMap((endpoint) => {
    const variables = endpoint.workload.containers
      .flatMap(({ env }) => env.map(({ name }) => name))
      .filter((name) => isLogVariable(name));
    const references = referencesOf(network, endpoint).filter(({ variable }) => isLogVariable(variable));
    const agents = repositories(endpoint).filter((repository) => agentImages.test(repository));
    const names = new Set([...variables, ...references.map(({ variable }) => variable)]);
    if (names.size === 0 && agents.length === 0) return [];
    const destinations = [...references, ...(agents.length > 0 ? configured(network, endpoint) : [])];
    const resolved = destinations.map((reference) => ({ reference, flows: flowsTo(network, endpoint, reference) }));
    const flows = resolved.flatMap((item) => item.flows).filter(({ to }) => to.id !== endpoint.id);
    return [
      {
        endpoint,
        how: [...[...names].map((name) => `variable ${name}`), ...agents.map((image) => `image ${image}`)],
        flows: [...new Map(flows.map((flow) => [`${flow.to.id} ${flow.protocol} ${flow.port}`, flow])).values()],
        outside: [...new Set(resolved.filter((item) => item.flows.length === 0).map(({ reference }) => reference.host))].filter(
          (host) => host !== 'localhost' && !host.startsWith('127.'),
        ),
      },
    ];
  });

const isLogVariable = (name: string): boolean => name.length < 200 && logVariable.test(name) && !noAddress.test(name);

const longestScan = 200_000;
const url = /\bhttps?:\/\/([a-z0-9][a-z0-9.-]{0,252})(?::(\d{1,5}))?/gi;

/** Services in URLs of an agent's configuration; other hosts there may be anything. */
function configured(network: NetworkModel, endpoint: WorkloadEndpoint): readonly Reference[] {
  const { workload } = endpoint;
  const names = new Set(workload.volumes.flatMap(({ configMap }) => configMap ?? []));
  const objects = network.inputs.objects.filter(
    ({ group, ref }) => group === '' && ref.kind === 'ConfigMap' && ref.namespace === workload.namespace && names.has(ref.name),
  );
  return objects.flatMap((object) =>
    [...textEntries(objectAt(object.value, 'data'))].flatMap(([key, text]) =>
      [...text.slice(0, longestScan).matchAll(url)].flatMap(([, host = '', port]): readonly Reference[] => {
        const how = `${key} of ConfigMap ${object.ref.name}`;
        const reference = { variable: '', host, ...(port === undefined ? {} : { port: Number(port) }), how };
        return flowsTo(network, endpoint, reference).length > 0 ? [reference] : [];
      }),
    ),
  );
}
