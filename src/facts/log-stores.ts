import { listAt, objectAt, textAt, texts, textEntries, valueAt } from '../kube/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Workload } from '../kube/workload.ts';
import { fact } from './fact.ts';
import { hostsIn, serviceOfHost } from './hosts.ts';
import { type Inventory, inventory } from './inventory.ts';
import { repositoryOf } from './network/well-known.ts';
import { runningContainers } from './serving.ts';
import { type Binding, storage, type Storage } from './storage.ts';
import { workloads } from './workloads.ts';

/** Something that keeps logs. */
export interface LogStore {
  readonly object: KubeObject;
  readonly engine: 'loki' | 'elasticsearch' | 'other';
  readonly keeps:
    | { readonly in: 'volume'; readonly claim: string; readonly binding: Binding }
    | { readonly in: 'bucket'; readonly kind: string }
    /** In the Pod: gone with it. */
    | { readonly in: 'pod' }
    | { readonly in: 'unseen'; readonly why: string };
  readonly retention:
    | { readonly status: 'set'; readonly period: string }
    | { readonly status: 'absent'; readonly why: string }
    | { readonly status: 'unseen' };
}

/** A program that collects the logs of nodes or Pods, and hosts outside the cluster to which it sends them. */
export interface LogAgent {
  readonly workload: Workload;
  readonly hosts: readonly string[];
}

export interface Logs {
  readonly stores: readonly LogStore[];
  readonly agents: readonly LogAgent[];
}

const storeImages: ReadonlyMap<string, LogStore['engine']> = new Map([
  ['loki', 'loki'],
  ['elasticsearch', 'elasticsearch'],
  ['opensearch', 'elasticsearch'],
  ['victoria-logs', 'other'],
  ['vlstorage', 'other'],
  ['quickwit', 'other'],
  ['graylog', 'other'],
  ['seq', 'other'],
]);
const agentImages =
  /^(?:fluent-bit|aws-for-fluent-bit|fluentd|fluentd-kubernetes-daemonset|promtail|vector|filebeat|alloy|grafana-agent|opentelemetry-collector(?:-contrib|-k8s)?|logstash|agent)$/;

/** Where logs are kept, in system and platform. */
export const logs = fact(
  'logs',
  [inventory, workloads, storage],
  (known, running, volumes): Logs => ({
    stores: [
      ...running.all.flatMap((workload) => storeOf(workload, known, volumes)),
      ...known.ofKind('loki.grafana.com', 'LokiStack').map(lokiStack),
      ...known.ofKind('elasticsearch.k8s.elastic.co', 'Elasticsearch').map((object) => elastic(object, volumes)),
    ],
    agents: running.all.flatMap((workload) =>
      workload.containers.some(
        ({ role, image }) => role === 'container' && image !== undefined && agentImages.test(lastOf(image)),
      ) && collectsLogs(workload, known)
        ? [agentOf(workload, known)]
        : [],
    ),
  }),
);

/** An OpenTelemetry collector whose whole configuration is there and has no pipeline for logs passes on traces and metrics alone. */
function collectsLogs(workload: Workload, known: Inventory): boolean {
  const { found, isWhole } = configurationTexts(workload, known);
  const text = found.join('\n');
  return (
    !isWhole || !/^\s{0,40}pipelines\s{0,5}:/m.test(text) || /^\s{0,40}["']?logs(?:\/[\w.-]{1,60})?["']?\s{0,5}:/m.test(text)
  );
}

const lastOf = (image: string): string => {
  const repository = repositoryOf(image);
  return repository.slice(repository.lastIndexOf('/') + 1);
};

function storeOf(workload: Workload, known: Inventory, volumes: Storage): readonly LogStore[] {
  if (workload.runsToCompletion) return [];
  const engine = workload.containers.flatMap(({ role, image }) =>
    role === 'container' && image !== undefined ? (storeImages.get(lastOf(image)) ?? []) : [],
  )[0];
  if (engine === undefined) return [];
  const texts = configurationTexts(workload, known);
  const settings = texts.found.join('\n');
  const bucket = engine === 'loki' ? bucketIn(settings) : undefined;
  const keeps = bucket !== undefined ? { in: 'bucket' as const, kind: bucket } : volumeOf(workload, volumes);
  return [{ object: workload.object, engine, keeps, retention: retentionOf(engine, settings, texts.isWhole) }];
}

/** The object store of the last period of Loki's schema, which is the one that is written to; `filesystem` is a volume. */
function bucketIn(settings: string): string | undefined {
  const stores = [...settings.matchAll(/^\s{0,40}(?:-\s)?(?:object_store|shared_store)\s{0,5}:\s{0,5}["']?([\w.-]{1,80})/gm)].map(
    ([, name]) => name,
  );
  const last = stores.at(-1);
  return last === 'filesystem' ? undefined : last;
}

function volumeOf(workload: Workload, volumes: Storage): LogStore['keeps'] {
  const claims = volumes.claimsOf(workload).filter(({ template }) => template !== 'ephemeral');
  const worst = claims
    .map((claim) => ({ claim, binding: volumes.bindingOf(claim) }))
    .sort((a, b) => rank(a.binding) - rank(b.binding))[0];
  if (worst !== undefined) return { in: 'volume', claim: worst.claim.name, binding: worst.binding };
  const [missing] = volumes.missingClaims(workload);
  if (missing !== undefined) return { in: 'unseen', why: `its PersistentVolumeClaim ${missing} is in no source` };
  return workload.volumes.some(({ type }) => type === 'hostPath' || type === 'nfs')
    ? { in: 'unseen', why: 'it writes to a directory outside the cluster’s volumes' }
    : { in: 'pod' };
}

const rank = ({ status }: Binding): number =>
  status === 'absent' || status === 'no-default' || status === 'no-volume' ? 0 : status === 'unseen' ? 1 : 2;

/** The ConfigMaps and arguments of a workload. `isWhole`: no configuration lies in a Secret or in a ConfigMap that no source has. */
function configurationTexts(
  workload: Workload,
  known: Inventory,
): { readonly found: readonly string[]; readonly isWhole: boolean } {
  let isWhole = true;
  const found: string[] = [];
  for (const { configMap, secret } of workload.volumes) {
    if (secret !== undefined && /config/.test(secret)) isWhole = false;
    if (configMap === undefined) continue;
    const lookup = known.lookup('', 'ConfigMap', workload.namespace, configMap);
    if (lookup.status !== 'found') isWhole = false;
    else found.push(...[...textEntries(objectAt(lookup.object.value, 'data')).values()].map((text) => text.slice(0, 200_000)));
  }
  for (const { value } of runningContainers(workload))
    found.push([...texts(valueAt(value, 'command')), ...texts(valueAt(value, 'args'))].join('\n'));
  return { found, isWhole: isWhole && found.some((text) => text.includes(':')) };
}

/** Loki keeps everything unless the compactor is told to delete: `retention_enabled` and a period that is not 0. */
function retentionOf(engine: LogStore['engine'], settings: string, isWhole: boolean): LogStore['retention'] {
  if (engine === 'other') {
    const period = /-{1,2}retentionPeriod[= ]([\w.]{1,20})/.exec(settings)?.[1];
    return period === undefined ? { status: 'unseen' } : { status: 'set', period };
  }
  if (engine !== 'loki') return { status: 'unseen' };
  const period =
    /(?:^\s{0,40}retention_period\s{0,5}:\s{0,5}["']?|-store\.retention[= ]|-limits\.retention-period[= ])(\d[\w.]{0,20})/m.exec(
      settings,
    )?.[1];
  const isEnabled =
    /^\s{0,40}retention_enabled\s{0,5}:\s{0,5}true\b/m.test(settings) ||
    /retention-enabled(?:=true)?\b/.test(settings) ||
    /^\s{0,40}retention_deletes_enabled\s{0,5}:\s{0,5}true\b/m.test(settings);
  if (period !== undefined && !/^0[a-z]*$/.test(period) && isEnabled) return { status: 'set', period };
  if (!isWhole) return { status: 'unseen' };
  return {
    status: 'absent',
    why:
      period === undefined
        ? 'its configuration sets no retention_period'
        : isEnabled
          ? 'its retention_period is 0'
          : 'its compactor has no retention_enabled: true',
  };
}

const lokiStack = (object: KubeObject): LogStore => {
  const days = valueAt(object.value, 'spec', 'limits', 'global', 'retention', 'days');
  const kind = textAt(object.value, 'spec', 'storage', 'secret', 'type');
  return {
    object,
    engine: 'loki',
    keeps: kind === undefined ? { in: 'unseen', why: 'its storage is not named' } : { in: 'bucket', kind },
    retention:
      typeof days === 'number' ? { status: 'set', period: `${days} days` } : { status: 'absent', why: 'it sets no retention' },
  };
};

function elastic(object: KubeObject, volumes: Storage): LogStore {
  const claim = volumes.system.find((entry) => entry.claim.object === object);
  const keeps: LogStore['keeps'] =
    claim === undefined
      ? {
          in: 'unseen',
          why: `${listAt(object.value, 'spec', 'nodeSets').length} node sets without a claim template get the operator's default`,
        }
      : { in: 'volume', claim: claim.claim.name, binding: claim.binding };
  return { object, engine: 'elasticsearch', keeps, retention: { status: 'unseen' } };
}

/** Hosts in an agent's configuration that are no Services of the cluster. */
function agentOf(workload: Workload, known: Inventory): LogAgent {
  const { found } = configurationTexts(workload, known);
  const inText = found.flatMap((text) => hostsIn(text, false));
  const named = found.flatMap((text) =>
    [...text.matchAll(/^\s{0,40}(?:host|hosts|endpoint|url|Host)\s{1,10}=?\s{0,5}["']?([A-Za-z0-9.-]{4,253})/gm)].map(
      ([, host = '']) => ({ host }),
    ),
  );
  const cloud = found.some((text) => /\bcloudwatch(?:_logs)?\b/i.test(text))
    ? [{ host: 'CloudWatch Logs' }]
    : found.some((text) => /\bstackdriver\b/i.test(text))
      ? [{ host: 'Google Cloud Logging' }]
      : [];
  const hosts = [...inText, ...named, ...cloud]
    .map(({ host }) => host)
    .filter((host) => host.includes('.') || host.includes(' '));
  return {
    workload,
    hosts: [...new Set(hosts)].filter(
      (host) =>
        host.includes(' ') ||
        (serviceOfHost(host, workload.namespace) === undefined &&
          !/\.(?:local|svc|internal\.cluster)$|^\d{1,3}\.\d|kubernetes\.default|^metadata\.google\.internal$/.test(host)),
    ),
  };
}
