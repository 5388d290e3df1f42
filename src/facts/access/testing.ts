import { type Bundle, bundleFormat, type Slot } from '../../evidence/bundle.ts';
import { emptyReview } from '../../evidence/declared.ts';
import { createFacts } from '../fact.ts';
import { inventory } from '../inventory.ts';
import { workloads } from '../workloads.ts';
import { access } from './access.ts';
import { escalations } from './escalation.ts';

/** Kinds for which the test sources are complete unless a test says otherwise: everything that access reads. */
export const everything = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ServiceAccount', 'Namespace', 'Secret'];

/** The access facts of one YAML stream, as a review would derive them. */
export function world(
  yaml: string,
  options: {
    readonly complete?: readonly string[];
    readonly live?: boolean;
    readonly provided?: readonly { kind: string; name: string; labels?: Record<string, string> }[];
  } = {},
) {
  const declared = emptyReview('test');
  const slot: Slot = {
    id: 'objects:test',
    kind: 'objects',
    source: 'test',
    role: 'system',
    environment: 'production',
    status: 'collected',
    collectedAt: '2026-01-01T00:00:00Z',
    digest: 'none',
    data: {
      form: 'manifests',
      complete: options.complete ?? everything,
      defaultNamespace: 'default',
      files: [{ path: 'test.yaml', text: yaml, masks: [], problems: [], ...(options.live ? { live: true } : {}) }],
    },
  };
  const provided = (options.provided ?? []).map((item) => ({
    ...item,
    owner: 'platform',
    reason: 'add-on',
    expires: '2027-01-01',
  }));
  const bundle: Bundle = {
    format: bundleFormat,
    tool: { version: 'test' },
    collectedAt: '2026-01-01T00:00:00Z',
    declared: { review: { ...declared, providedElsewhere: provided }, standard: { base: 'recommended', overlays: [] } },
    slots: [slot],
  };
  const facts = createFacts(bundle);
  return { known: facts(inventory), running: facts(workloads).all, model: facts(access), escalations: facts(escalations) };
}

export const yaml = (...documents: readonly object[]): string =>
  documents.map((document) => JSON.stringify(document)).join('\n---\n');

const rbac = 'rbac.authorization.k8s.io/v1';
const place = (path: string) => {
  const slash = path.indexOf('/');
  return slash < 0 ? { name: path } : { namespace: path.slice(0, slash), name: path.slice(slash + 1) };
};

export interface WrittenRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** `can('get,list', 'pods,pods/log')`: a rule for core resources; `can('create', 'apps:deployments')` for another group. */
export function can(verbs: string, resources: string, ...resourceNames: readonly string[]): WrittenRule {
  const [group, list] = resources.includes(':') ? (resources.split(':') as [string, string]) : ['', resources];
  return {
    verbs: verbs.split(','),
    apiGroups: [group],
    resources: list.split(','),
    ...(resourceNames.length > 0 ? { resourceNames } : {}),
  };
}

export const star: WrittenRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** `role('shop/reader', ...)` is a Role, `role('reader', ...)` a ClusterRole. */
export const role = (path: string, ...rules: readonly WrittenRule[]) => ({
  apiVersion: rbac,
  kind: path.includes('/') ? 'Role' : 'ClusterRole',
  metadata: place(path),
  rules,
});

export const clusterRole = (
  name: string,
  rules: readonly WrittenRule[],
  more: { labels?: Record<string, string>; aggregates?: Record<string, string>; annotations?: Record<string, string> } = {},
) => ({
  apiVersion: rbac,
  kind: 'ClusterRole',
  metadata: {
    name,
    ...(more.labels ? { labels: more.labels } : {}),
    ...(more.annotations ? { annotations: more.annotations } : {}),
  },
  rules,
  ...(more.aggregates ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: more.aggregates }] } } : {}),
});

/** Subjects as `user alice`, `group devs`, `sa shop/web`, `sa web` (without a namespace). */
const subjectValue = (text: string) => {
  const [kind, name = ''] = text.split(' ');
  if (kind === 'sa') return { kind: 'ServiceAccount', ...place(name) };
  return { kind: kind === 'user' ? 'User' : 'Group', name, apiGroup: 'rbac.authorization.k8s.io' };
};

/** `bind('shop/b', 'Role reader', 'user alice')` is a RoleBinding, `bind('b', ...)` a ClusterRoleBinding. */
export function bind(path: string, roleRef: string, ...subjects: readonly string[]) {
  const [kind, name] = roleRef.split(' ');
  return {
    apiVersion: rbac,
    kind: path.includes('/') ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: place(path),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: subjects.map(subjectValue),
  };
}

export const namespace = (name: string, enforce?: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...(enforce ? { labels: { 'pod-security.kubernetes.io/enforce': enforce } } : {}) },
});

export const account = (path: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: place(path),
  ...more,
});

export const deployment = (path: string, pod: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: place(path),
  spec: {
    selector: { matchLabels: { app: 'a' } },
    template: {
      metadata: { labels: { app: 'a' } },
      spec: { containers: [{ name: 'c', image: 'registry.example/app:1' }], ...pod },
    },
  },
});

/** Objects that bind the rules to a subject: everywhere without a namespace, else in it. */
export function grant(subject: string, rules: readonly WrittenRule[], where?: string): readonly object[] {
  const id = `r-${subject.replaceAll(/[^a-z0-9]/g, '-')}${where ? `-${where}` : ''}`;
  return where === undefined
    ? [role(id, ...rules), bind(id, `ClusterRole ${id}`, subject)]
    : [role(`${where}/${id}`, ...rules), bind(`${where}/${id}`, `Role ${id}`, subject)];
}
