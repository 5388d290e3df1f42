import { textAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../kube/object.ts';
import type { Workload } from '../../kube/workload.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Inventory } from '../inventory.ts';
import type { AccessModel } from './access.ts';
import { serverVersion, websocketByGet } from './server-version.ts';
import { serviceAccount, type Subject } from './subject.ts';

/** May a Pod of the namespace take over its node? `open`: nothing known forbids it; `closed`: Pod Security Admission does; else nobody knows. */
export type PodSecurity =
  | { readonly status: 'open'; readonly object: KubeObject }
  | { readonly status: 'closed'; readonly by: string }
  | { readonly status: 'unseen'; readonly why: string };

/** What an escalation depends on beside RBAC. */
export interface Surroundings {
  readonly access: AccessModel;
  podSecurity(namespace: string): PodSecurity;
  workloadsIn(namespace: string): readonly Workload[];
  namespaceObject(name: string): KubeObject | undefined;
  /** DaemonSets that run on every node, as far as they say. */
  readonly daemonSets: readonly Workload[];
  /** Names of the Roles of a namespace. */
  rolesIn(namespace: string): readonly string[];
  /** Secrets of a namespace that hold a long-lived token, with the ServiceAccount that it is for. */
  tokenSecrets(namespace: string): readonly TokenSecret[];
  accountsIn(namespace: string): readonly Extract<Subject, { kind: 'ServiceAccount' }>[];
  accountsNamed(name: string): readonly Extract<Subject, { kind: 'ServiceAccount' }>[];
  /** Whether the sources hold the object. */
  has(group: string, kind: string, namespace: string | undefined, name: string): boolean;
  /** False only where the sources show that the account is not there. */
  accountExists(account: Extract<Subject, { kind: 'ServiceAccount' }>): boolean;
  /** Does `get` on pods/exec alone open a shell? Undefined where the version of the cluster is not known. */
  readonly websocketByGet: boolean | undefined;
  /** Objects that may refuse Pods beside Pod Security Admission; nobody evaluates what they say. */
  readonly policies: readonly KubeObject[];
  /**
   * The ServiceAccounts of the namespace where each of them mounts only the Secrets that it lists
   * (kubernetes.io/enforce-mountable-secrets); empty where one does not: a Pod may run as that one.
   */
  limitedAccounts(namespace: string): readonly KubeObject[];
}

export interface TokenSecret {
  readonly namespace: string;
  readonly name: string;
  readonly account: Subject;
  readonly object: KubeObject;
}

const enforce = 'pod-security.kubernetes.io/enforce';

/** Objects that may refuse Pods beside Pod Security Admission; what they say is not evaluated. */
const policyKinds = new Set([
  'admissionregistration.k8s.io|ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io|ValidatingWebhookConfiguration',
  'kyverno.io|ClusterPolicy',
  'kyverno.io|Policy',
  'policies.kyverno.io|ValidatingPolicy',
  'security.openshift.io|SecurityContextConstraints',
]);
const isPolicy = (object: KubeObject) =>
  policyKinds.has(`${object.group}|${object.ref.kind}`) || object.group === 'constraints.gatekeeper.sh';

export function surroundingsOf(known: Inventory, running: readonly Workload[], model: AccessModel): Surroundings {
  const byNamespace = group(running, (workload) => workload.namespace);
  const accounts = model.subjects.filter((subject) => subject.kind === 'ServiceAccount');
  const accountsByNamespace = group(accounts, (account) => account.namespace);
  const accountsByName = group(accounts, (account) => account.name);
  const policies = known.objects.filter(isPolicy);
  const tokens = group(known.ofKind('', 'Secret').flatMap(readTokenSecret), (secret) => secret.namespace);
  const roles = group(
    model.roles.all.filter(({ kind }) => kind === 'Role'),
    (role) => role.namespace ?? '',
  );
  const accountObjects = group(known.ofKind('', 'ServiceAccount'), ({ ref }) => ref.namespace ?? '');
  const levels = new Map<string, PodSecurity>();
  return {
    access: model,
    podSecurity(namespace) {
      const level = levels.get(namespace) ?? podSecurity(known, namespace, policies[0]);
      levels.set(namespace, level);
      return level;
    },
    namespaceObject(name) {
      const found = known.lookup('', 'Namespace', undefined, name);
      return found.status === 'found' ? found.object : undefined;
    },
    daemonSets: running.filter(isEverywhere),
    workloadsIn: (namespace) => byNamespace.get(namespace) ?? [],
    rolesIn: (namespace) => (roles.get(namespace) ?? []).map(({ name }) => name),
    tokenSecrets: (namespace) => tokens.get(namespace) ?? [],
    accountsIn: (namespace) => accountsByNamespace.get(namespace) ?? [],
    accountsNamed: (name) => accountsByName.get(name) ?? [],
    has: (group, kind, namespace, name) => known.lookup(group, kind, namespace, name).status === 'found',
    // Every namespace gets the account `default` from a controller.
    accountExists: ({ namespace, name }) =>
      name === 'default' ||
      model.workloadsOf(namespace, name).length > 0 ||
      known.lookup('', 'ServiceAccount', namespace, name).status !== 'absent',
    websocketByGet: websocketByGet(serverVersion(known)),
    policies,
    limitedAccounts: (namespace) => {
      const objects = accountObjects.get(namespace) ?? [];
      // The account `default` is there in any case: without its object it lists nothing and mounts everything.
      return objects.some(({ ref }) => ref.name === 'default') && objects.every(limitsSecrets) ? objects : [];
    },
  };
}

const isEverywhere = ({ ref, podSpec }: Workload): boolean =>
  ref.kind === 'DaemonSet' && podSpec['nodeSelector'] === undefined && podSpec['affinity'] === undefined;

const limitsSecrets = (account: KubeObject): boolean =>
  annotationsOf(account).get('kubernetes.io/enforce-mountable-secrets') === 'true';

function group<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const found = groups.get(keyOf(item));
    if (found) found.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function podSecurity(known: Inventory, namespace: string, policy: KubeObject | undefined): PodSecurity {
  const found = known.lookup('', 'Namespace', undefined, namespace);
  if (found.status === 'provided') {
    const level = found.provided.labels?.[enforce];
    if (level === 'baseline' || level === 'restricted')
      return { status: 'closed', by: `Namespace ${namespace} is declared to enforce ${level}` };
    return { status: 'unseen', why: `the Pod Security level that Namespace ${namespace} enforces is not in the sources` };
  }
  if (found.status !== 'found')
    return {
      status: 'unseen',
      why: `Namespace ${namespace} is not in the sources, so nobody knows whether it enforces a Pod Security level`,
    };
  // Applying a manifest keeps the labels that it does not name, so a dump may show one that the manifest lacks.
  const live = known.liveOf(found.object);
  const level = labelsOf(found.object).get(enforce) ?? (live === undefined ? undefined : labelsOf(live).get(enforce));
  if (level === 'baseline' || level === 'restricted') return { status: 'closed', by: `Namespace ${namespace} enforces ${level}` };
  if (level !== undefined && level !== 'privileged')
    return { status: 'unseen', why: `Namespace ${namespace} enforces ${level}, which is no Pod Security level` };
  if (policy !== undefined) return { status: 'unseen', why: `${formatRef(policy.ref)} may refuse privileged Pods` };
  return { status: 'open', object: found.object };
}

function readTokenSecret(object: KubeObject): readonly TokenSecret[] {
  const { namespace, name } = object.ref;
  const account = annotationsOf(object).get('kubernetes.io/service-account.name');
  if (namespace === undefined || !account || textAt(object.value, 'type') !== 'kubernetes.io/service-account-token') return [];
  return [{ namespace, name, account: serviceAccount(namespace, account), object }];
}
