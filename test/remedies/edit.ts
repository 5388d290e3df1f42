import { type Document, parseAllDocuments } from 'yaml';
import type { PlanTask } from '../../src/model/result.ts';
import type { Edit } from '../gravl-edits.ts';

/** What a remedy's printed steps come to in Gravl's staging. */
export interface Application {
  readonly remedy: string;
  /** @param task the task of the plan, with its manifest. @param done the remedies applied before. */
  apply(task: PlanTask, done: ReadonlySet<string>): readonly Edit[];
}

export const staging = (name: string) => `k8s/staging/${name}.yaml`;
export const reviewFile = 'staging.seaworthy.yaml';
export const monitoring = 'gravl-monitoring';
export const application = 'gravl-staging';

/** A new manifest beside the others; one per remedy. */
export const added = (name: string, ...objects: readonly object[]): Edit => ({
  file: staging(name),
  content: objects.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n'),
});

const pathOf = (path: string) => path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** Sets values of one object by path (`spec.replicas`); undefined takes the field away. */
export function patch(file: string, object: string, values: Readonly<Record<string, unknown>>): Edit {
  return inDocuments(staging(file), object, (document) => {
    for (const [path, value] of Object.entries(values)) {
      if (value === undefined) document.deleteIn(pathOf(path));
      else document.setIn(pathOf(path), document.createNode(value));
    }
  });
}

/** Adds annotations to an object, or to the Pod template at `below`. */
export function annotate(file: string, object: string, annotations: Readonly<Record<string, string>>, below = ''): Edit {
  const steps = [...(below === '' ? [] : pathOf(below)), 'metadata', 'annotations'];
  return inDocuments(staging(file), object, (document) => {
    for (const [key, value] of Object.entries(annotations)) document.setIn([...steps, key], value);
  });
}

/** Replaces text that stands once in a file. */
export const swap = (file: string, replace: string, by: string): Edit => ({ file: staging(file), replace, by });

/** Appends to a list of one object, making the list where there is none. */
export function append(file: string, object: string, path: string, ...items: readonly unknown[]): Edit {
  return inDocuments(staging(file), object, (document) => add(document, path, items));
}

function add(document: Document, path: string, items: readonly unknown[]) {
  const steps = pathOf(path);
  if (!document.hasIn(steps)) document.setIn(steps, document.createNode([]));
  for (const item of items) document.addIn(steps, document.createNode(item));
}

/** `Kind/name` or `Kind/namespace/name`. */
function inDocuments(file: string, object: string, change: (document: Document) => void): Edit {
  const [kind, ...names] = object.split('/');
  const [name, namespace] = names.reverse();
  return {
    file,
    change: (text) => {
      const documents = parseAllDocuments(text).filter((document): document is Document.Parsed => 'contents' in document);
      const found = documents.filter(
        (document) =>
          document.get('kind') === kind &&
          document.getIn(['metadata', 'name']) === name &&
          (namespace === undefined || document.getIn(['metadata', 'namespace']) === namespace),
      );
      const [only] = found;
      if (only === undefined || found.length > 1) throw new Error(`${object} stands ${found.length} times in ${file}.`);
      change(only);
      return documents
        .map((document) => document.toString({ lineWidth: 0 }))
        .join('---\n')
        .replaceAll('---\n---\n', '---\n');
    },
  };
}

/** Adds entries to lists of the review file's spec. */
export function declare(lists: Readonly<Record<string, readonly unknown[]>>): Edit {
  return inDocuments(reviewFile, 'Review/gravl', (document) => {
    for (const [path, items] of Object.entries(lists)) add(document, `spec.${path}`, items);
  });
}

/** Takes entries away from `spec.documents`, and adds others. */
export function redeclareDocument(kind: string, path: string): Edit {
  return inDocuments(reviewFile, 'Review/gravl', (document) => {
    const list = (document.toJS() as { spec: { documents: { kind: string; path: string }[] } }).spec.documents;
    document.setIn(['spec', 'documents'], document.createNode([...list.filter((entry) => entry.kind !== kind), { kind, path }]));
  });
}

/** A person's dated statement, as steps that end in "attest it" ask for. */
export const attested = (...checks: readonly (readonly [check: string, statement: string, target?: string])[]): Edit =>
  declare({
    attestations: checks.map(([check, statement, target]) => ({
      check,
      ...(target === undefined ? {} : { target }),
      by: 'sre@gravl.app',
      at: '2026-03-06T08:00:00Z',
      expires: '2026-04-06',
      statement,
      evidence: 'docs/records/staging.md',
    })),
  });

/** Every workload of staging: its file, its object, and where its Pod template stands. */
export const workloads = [
  ['alertmanager', 'Deployment/alertmanager', 'spec.template'],
  ['grafana', 'Deployment/grafana', 'spec.template'],
  ['loki', 'StatefulSet/loki', 'spec.template'],
  ['prometheus', 'Deployment/prometheus', 'spec.template'],
  ['backend', 'Deployment/backend', 'spec.template'],
  ['frontend', 'Deployment/frontend', 'spec.template'],
  ['postgres', 'StatefulSet/postgres', 'spec.template'],
  ['backup', 'CronJob/postgres-backup', 'spec.jobTemplate.spec.template'],
] as const;
export type WorkloadFile = (typeof workloads)[number][0];

/** The same change on the Pod template of several workloads; paths continue the template's. */
export function onPods(change: (file: WorkloadFile) => Readonly<Record<string, unknown>> | undefined): readonly Edit[] {
  return workloads.flatMap(([file, object, template]) => {
    const values = change(file);
    if (values === undefined) return [];
    return [
      patch(file, object, Object.fromEntries(Object.entries(values).map(([path, value]) => [`${template}.${path}`, value]))),
    ];
  });
}

/** The app label of each file's Pods. */
const appOf = (file: WorkloadFile) => (file === 'backup' ? 'postgres-backup' : file);
const namespaceOf = (file: WorkloadFile) =>
  ['alertmanager', 'grafana', 'loki', 'prometheus'].includes(file) ? monitoring : application;

const policy = (namespace: string, name: string, app: string, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: { podSelector: { matchLabels: { app } }, ...spec },
});

/**
 * Policies for a new flow between two workloads: ingress of the destination, and egress of the source where its egress is isolated
 * by then (the first egress rule of a Pod would cut its other connections).
 */
export function flow(from: WorkloadFile, to: WorkloadFile, port: number, done: ReadonlySet<string>): readonly object[] {
  const peer = (file: WorkloadFile) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespaceOf(file) } },
    podSelector: { matchLabels: { app: appOf(file) } },
  });
  const ports = [{ protocol: 'TCP', port }];
  const name = `${appOf(from)}-to-${appOf(to)}-${port}`;
  return [
    policy(namespaceOf(to), name, appOf(to), { policyTypes: ['Ingress'], ingress: [{ from: [peer(from)], ports }] }),
    ...(done.has('allow-dns-egress')
      ? [
          policy(namespaceOf(from), `${name}-egress`, appOf(from), {
            policyTypes: ['Egress'],
            egress: [{ to: [peer(to)], ports }],
          }),
        ]
      : []),
  ];
}

/** Egress of a workload to addresses on port 443. */
export const egressTo = (file: WorkloadFile, cidr: string, except: readonly string[] = []) =>
  policy(namespaceOf(file), `${appOf(file)}-to-addresses`, appOf(file), {
    policyTypes: ['Egress'],
    egress: [
      { to: [{ ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } }], ports: [{ protocol: 'TCP', port: 443 }] },
    ],
  });

/** An ExternalSecret of the store that `adopt-managed-secrets` sets up. */
export const externalSecret = (namespace: string, name: string, keys: readonly string[]) => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: { name, namespace },
  spec: {
    refreshInterval: '1h',
    secretStoreRef: { kind: 'ClusterSecretStore', name: 'aws-secrets-manager' },
    target: { name, creationPolicy: 'Owner' },
    data: keys.map((key) => ({ secretKey: key, remoteRef: { key: `gravl/${name}`, property: key } })),
  },
});

export const declaredFlow = (from: WorkloadFile, to: WorkloadFile, port: number) => ({
  from: `${namespaceOf(from)}/${appOf(from)}`,
  to: `${namespaceOf(to)}/${appOf(to)}`,
  port,
});
