import type { AccessSeverity } from './catalogue.ts';
import type { EscalationStep } from './danger.ts';
import { type Need, needs } from './need.ts';
import { dangerSteps } from './move.ts';
import { grantsIn, reaches } from './permission.ts';
import type { Held, Holder } from './rights.ts';
import { type Subject, subjectKey } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** What a hazard harms. `identity`: another's name or attributes; `persistence`: rights that outlive their owner. */
export type HazardEffect = 'traffic' | 'data' | 'denial' | 'identity' | 'placement' | 'persistence';

/** Something that a subject may do to others without becoming anybody: it feeds no path. */
export interface Hazard {
  readonly subject: Subject;
  /** Row of the catalogue. */
  readonly edge: string;
  readonly effect: HazardEffect;
  /** `*` is every namespace, or the cluster. */
  readonly namespace: string;
  readonly severity: AccessSeverity;
  /** A verb phrase: `read the logs of Pods in shop`. */
  readonly note: string;
  readonly steps: readonly EscalationStep[];
  readonly certain: boolean;
  readonly assumption?: string;
}

interface HazardRow {
  readonly edge: string;
  readonly effect: HazardEffect;
  readonly severity: AccessSeverity;
  /** All of them are needed at the place. */
  readonly all: readonly Need[];
  /** Cluster-scoped resources that are needed beside; with `all` empty the hazard is one of the cluster. */
  readonly cluster?: readonly Need[];
  /** Only in this namespace, and only where the rule reaches this name. */
  readonly only?: { readonly namespace: string; readonly name: string };
  readonly note: string;
  readonly assumption?: string;
}

const row = (
  edge: string,
  effect: HazardEffect,
  severity: AccessSeverity,
  note: string,
  all: readonly Need[],
  more: Pick<HazardRow, 'cluster' | 'only' | 'assumption'> = {},
): HazardRow => ({ edge, effect, severity, note, all, ...more });

const system = (name: string) => ({ only: { namespace: 'kube-system', name } });
const n = needs;

/** `{place}` is `in shop` or `in every namespace`. */
const rows: readonly HazardRow[] = [
  row('E05', 'identity', 'medium', 'claim the uid of another user when it impersonates', [], { cluster: [n.impersonateIds] }),
  row('E05', 'identity', 'medium', 'claim extra attributes when it impersonates', [], { cluster: [n.impersonateExtras] }),
  ...[n.constrainedUsers, n.constrainedAccounts, n.constrainedNodes].map((need) =>
    row('E05', 'identity', 'high', 'act as another within limits (constrained impersonation)', [], {
      cluster: [need],
      assumption: 'the cluster serves constrained impersonation, and impersonate-on allows what it does',
    }),
  ),
  row('E15', 'traffic', 'medium', 'reach Pods {place} past every network policy (pods/portforward)', [n.createPortForward]),
  row('E15', 'traffic', 'medium', 'reach Pods {place} past every network policy (pods/proxy)', [n.proxyPods]),
  row('E15', 'traffic', 'medium', 'reach Services {place} past every network policy (services/proxy)', [n.proxyServices]),
  row('E16', 'data', 'medium', 'read the logs of Pods {place}', [n.getLogs]),
  row('E21', 'placement', 'high', 'draw Pods to nodes by their labels, taints and capacity', [], { cluster: [n.writeNodes] }),
  row('E21', 'placement', 'high', 'draw Pods to nodes by their status', [], { cluster: [n.changeNodeStatus] }),
  row('E22', 'placement', 'medium', 'move Pods {place} to nodes of its choice', [n.deletePods], { cluster: [n.writeNodes] }),
  row('E22', 'placement', 'medium', 'move Pods {place} to nodes of its choice', [n.evictPods], { cluster: [n.writeNodes] }),
  row('E23', 'traffic', 'medium', 'take Pods {place} in or out of Services and policies (pods/status)', [n.changePodStatus]),
  row('E34', 'denial', 'medium', 'lift or remove ResourceQuotas {place}', [n.writeQuotas]),
  row('E34', 'denial', 'medium', 'write LimitRanges {place}', [n.writeLimitRanges]),
  row('E34', 'denial', 'medium', 'write PriorityClasses, and so evict others', [], { cluster: [n.writePriorities] }),
  row('E40', 'traffic', 'medium', 'draw traffic {place} to itself by load balancer addresses (services/status)', [
    n.changeServiceStatus,
  ]),
  row('E40', 'traffic', 'medium', 'draw traffic to itself by external addresses of Services {place}', [n.writeServices], {
    assumption: 'nothing refuses externalIPs (CVE-2020-8554)',
  }),
  row('E41', 'traffic', 'medium', 'send the traffic of Services {place} elsewhere (endpoints)', [n.writeEndpoints]),
  row('E41', 'traffic', 'medium', 'send the traffic of Services {place} elsewhere (endpointslices)', [n.writeEndpointSlices]),
  row('E43', 'traffic', 'medium', 'publish Services {place} by Ingresses', [n.writeIngresses]),
  row('E43', 'traffic', 'medium', 'publish Services {place} by Gateways', [n.writeGateways]),
  row('E43', 'traffic', 'medium', 'publish Services {place} by HTTPRoutes', [n.writeRoutes]),
  row('E44', 'traffic', 'high', 'answer every name by ConfigMap kube-system/coredns', [n.writeConfigMaps], system('coredns')),
  row(
    'E44',
    'traffic',
    'high',
    'change how nodes forward Services by ConfigMap kube-system/kube-proxy',
    [n.writeConfigMaps],
    system('kube-proxy'),
  ),
  row(
    'E44',
    'identity',
    'high',
    'name the authorities that API extensions trust by ConfigMap kube-system/extension-apiserver-authentication',
    [n.writeConfigMaps],
    system('extension-apiserver-authentication'),
  ),
  row('E45', 'identity', 'high', 'give ServiceAccounts {place} cloud identities and pull secrets', [n.changeAccounts], {
    assumption: 'the cloud gives identities by annotations of ServiceAccounts (EKS, GKE, AKS)',
  }),
  row('E46', 'persistence', 'medium', 'hand its own rights {place} to others by RoleBindings', [n.createBindings]),
  row('E46', 'persistence', 'medium', 'hand its own rights {place} to others by changing RoleBindings', [n.changeBindings]),
  row('E46', 'persistence', 'medium', 'put its own rights into Roles {place}', [n.changeRoles]),
  row('E46', 'persistence', 'medium', 'hand its own rights to others by ClusterRoleBindings', [], {
    cluster: [n.createClusterBindings],
  }),
  row('E46', 'persistence', 'medium', 'hand its own rights to others by changing ClusterRoleBindings', [], {
    cluster: [n.changeClusterBindings],
  }),
  row('E46', 'persistence', 'medium', 'put its own rights into ClusterRoles, also by an aggregation label', [], {
    cluster: [n.changeClusterRoles],
  }),
  row(
    'E47',
    'identity',
    'medium',
    'have certificates issued in names of its choice (cert-manager) {place}',
    [n.writeCertificates],
    {
      assumption: 'cert-manager runs in the cluster',
    },
  ),
  row(
    'E47',
    'data',
    'medium',
    'fetch what a SecretStore may read into Secrets {place} (External Secrets)',
    [n.writeExternalSecrets],
    {
      assumption: 'External Secrets runs in the cluster',
    },
  ),
  row('E48', 'denial', 'low', 'take leases {place} from the controllers that lead by them', [n.writeLeases]),
  row('E48', 'denial', 'low', 'delete events {place}', [n.deleteEvents]),
  row('E48', 'denial', 'low', 'delete events {place} (events.k8s.io)', [n.deleteNewEvents]),
  row('E51', 'data', 'medium', 'copy volumes of namespaces by claims {place}', [n.createClaims]),
  row('E51', 'data', 'medium', 'take snapshots of volumes {place}', [n.createSnapshots]),
];

/** The hazards that bindings give the subject by name, by row and place. */
export function hazardsOf(subject: Subject, around: Surroundings, hold: Holder): readonly Hazard[] {
  const key = subjectKey(subject);
  const own = around.access
    .grantsOf(subject)
    .filter(({ binding, subject: named }) => !binding.builtin && subjectKey(named) === key);
  const held = hold(own);
  // Who holds everything needs no list of what it may do beside.
  if (held.at(undefined).star()) return [];
  const all = [...rows, ...websocketRows(around)];
  return all.flatMap((entry) => placesOf(entry, held).flatMap((place) => hazardAt(entry, place, held, subject) ?? []));
}

/** E15: a websocket for a forwarded port asks for `get` alone until Kubernetes 1.34. */
function websocketRows({ websocketByGet }: Surroundings): readonly HazardRow[] {
  if (websocketByGet === false) return [];
  const note = 'reach Pods {place} past every network policy (pods/portforward)';
  const assumption = 'the cluster is older than Kubernetes 1.35, where get alone opens a websocket';
  return [row('E15', 'traffic', 'medium', note, [n.getPortForward], websocketByGet === true ? {} : { assumption })];
}

function placesOf({ all, only }: HazardRow, held: Held): readonly (string | undefined)[] {
  if (all.length === 0) return [undefined];
  if (only === undefined) return [undefined, ...held.places];
  return held.places.includes(only.namespace) ? [only.namespace] : [undefined];
}

function hazardAt(entry: HazardRow, place: string | undefined, held: Held, subject: Subject): Hazard | undefined {
  const local = entry.all.map(held.at(place).permit);
  const wide = (entry.cluster ?? []).map(held.at(undefined).permit);
  const met = [...local, ...wide];
  if (met.some((permission) => permission === undefined)) return undefined;
  const { only, edge, effect, severity, assumption } = entry;
  if (only !== undefined && !met.every((permission) => reaches(permission, only.name))) return undefined;
  const grants = grantsIn(...met);
  // What is allowed everywhere is told once, not again for each namespace.
  if (place !== undefined && !grants.some(({ namespace }) => namespace === place)) return undefined;
  const note = entry.note.replace('{place}', place === undefined ? 'in every namespace' : `in ${place}`);
  return {
    subject,
    edge,
    effect,
    namespace: place ?? '*',
    severity,
    note,
    get steps() {
      return dangerSteps({ grants, note }, subject);
    },
    certain: assumption === undefined,
    ...(assumption === undefined ? {} : { assumption }),
  };
}
