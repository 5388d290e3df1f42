import { builtinClusterRoleRows } from './builtin-roles.ts';

/** The minor versions whose default roles are known: from this one on the rules that people bind are the golden files'. */
const first = 31;
/** The minor of `builtin-roles.ts`. */
const last = 36;

interface Difference {
  /** The last minor version of this form. */
  readonly until: number;
  readonly role: string;
  /** A row of the newest version and what stood in its place; undefined: nothing. */
  readonly row: string;
  readonly before: string | undefined;
}

const write = 'create,delete,deletecollection,patch,update';
const read = 'get,list,watch';

/**
 * What older versions have instead, newest first. Sources: kubernetes/kubernetes#133740 (1.35: events.k8s.io beside core events),
 * #130738 and the gate DynamicResourceAllocation (on by default since 1.34: resource.k8s.io for users), #132178 (1.34: kubelet metrics
 * for system:monitoring), #126347 and the gate KubeletFineGrainedAuthz (on by default since 1.33: fine-grained kubelet resources);
 * checked against the golden file cluster-roles.yaml as it stood between 1.31 and 1.33. Rules of components of the control plane
 * (system:kube-scheduler, system:node, system:node-proxier, leader election) changed more often: for those the newest stand.
 */
const differences: readonly Difference[] = [
  difference(34, 'system:aggregate-to-edit', `${write} core,events.k8s.io events`, `${write} core events`),
  difference(34, 'system:aggregate-to-view', `${read} core,events.k8s.io events`, `${read} core events`),
  difference(34, 'system:node', 'create,patch,update core,events.k8s.io events', 'create,patch,update core events'),
  difference(33, 'system:aggregate-to-edit', `${write} resource.k8s.io resourceclaims,resourceclaimtemplates`),
  difference(
    33,
    'system:aggregate-to-view',
    `${read} resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates`,
  ),
  difference(33, 'system:monitoring', 'get core nodes/metrics'),
  difference(
    32,
    'system:kubelet-api-admin',
    '* core nodes/log,nodes/metrics,nodes/proxy,nodes/stats,nodes/configz,nodes/healthz,nodes/pods',
    '* core nodes/log,nodes/metrics,nodes/proxy,nodes/stats',
  ),
];

function difference(until: number, role: string, row: string, before?: string): Difference {
  return { until, role, row, before };
}

export interface BuiltinVersion {
  /** Rows of the default ClusterRoles, as in `builtin-roles.ts`. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  /** The minor version that the rows are of. */
  readonly minor: number;
  /** What is taken for granted, where the cluster's version is not shown or its roles are not known. */
  readonly assumption: string | undefined;
}

/** The default ClusterRoles of a minor version, or of the nearest known one. */
export function builtinRolesOf(minor: number): BuiltinVersion {
  const nearest = Math.min(Math.max(minor, first), last);
  const rows = Object.fromEntries(
    Object.entries(builtinClusterRoleRows).map(([role, list]) => [role, list.flatMap((row) => rowOf(nearest, role, row))]),
  );
  return {
    rows,
    minor: nearest,
    assumption:
      minor === nearest
        ? undefined
        : `the default roles of Kubernetes 1.${minor} are those of 1.${nearest}, the nearest version known`,
  };
}

function rowOf(minor: number, role: string, row: string): readonly string[] {
  const found = differences.find((entry) => minor <= entry.until && entry.role === role && entry.row === row);
  if (found === undefined) return [row];
  return found.before === undefined ? [] : [found.before];
}

/** Differences that fit no row of the newest version: none, or the data has moved away from under them. */
export const strayDifferences = (): readonly string[] =>
  differences.filter(({ role, row }) => !builtinClusterRoleRows[role]?.includes(row)).map(({ role, row }) => `${role}: ${row}`);
