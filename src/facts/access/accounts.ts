import { booleanAt } from '../../kube/json.ts';
import type { Workload } from '../../kube/workload.ts';
import type { Path } from '../../model/judgement.ts';
import type { AccessModel, Grant } from './access.ts';
import type { Binding } from './bindings.ts';
import { directGrants } from './effective.ts';
import { isAudience, serviceAccount, type Subject } from './subject.ts';

/** Whether Pods of a workload get a token of their ServiceAccount, who says so, and whether it is worth anything. */
export interface TokenMount {
  readonly workload: Workload;
  readonly account: Subject;
  /** `unknown`: the Pod does not say and the ServiceAccount is not in the sources. */
  readonly mounted: boolean | 'unknown';
  readonly by: 'pod' | 'service-account' | 'default' | 'projected-volume';
  /** Path in the workload of what decides, where it is the workload. */
  readonly at: Path | undefined;
  /** The account may do more than everybody who is logged in; `unknown` where a role bound to it cannot be seen. */
  readonly hasPermissions: boolean | 'unknown';
}

/** The Pod's field overrides the ServiceAccount's, and true is the default of both. The account `default` always exists, usually unwritten. */
export function tokenMount(model: AccessModel, workload: Workload): TokenMount {
  const account = serviceAccount(workload.namespace, workload.serviceAccount);
  const hasPermissions = permissionsOf(model, account);
  const projected = workload.volumes.find((volume) => volume.type === 'serviceAccountToken');
  const head = { workload, account, hasPermissions };
  if (projected) return { ...head, mounted: true, by: 'projected-volume', at: projected.path };
  const at = [...workload.podPath, 'automountServiceAccountToken'];
  if (workload.automount !== undefined) return { ...head, mounted: workload.automount, by: 'pod', at };
  const object = model.accountObject(workload.namespace, workload.serviceAccount);
  const own = booleanAt(object?.value, 'automountServiceAccountToken');
  if (own !== undefined) return { ...head, mounted: own, by: 'service-account', at: undefined };
  const unseen = object === undefined && workload.serviceAccount !== 'default';
  return { ...head, mounted: unseen ? 'unknown' : true, by: 'default', at: undefined };
}

/** Does a binding that is not a default one give the account anything, by its name or by a group of ServiceAccounts? */
export function permissionsOf(model: AccessModel, subject: Subject): boolean | 'unknown' {
  if (model.grantsOf(subject).some((grant) => grant.effective && !grant.binding.builtin)) return true;
  return model.unseenOf(subject).length > 0 ? 'unknown' : false;
}

/** Bindings that name a ServiceAccount `default`: every Pod of its namespace that names no account holds what they give. */
export function defaultAccountBindings(
  model: AccessModel,
): readonly { readonly binding: Binding; readonly subject: Subject; readonly index: number }[] {
  return model.bindings.flatMap((binding) =>
    binding.builtin
      ? []
      : binding.subjects.flatMap(({ subject, index }) =>
          subject.kind === 'ServiceAccount' && subject.name === 'default' ? [{ binding, subject, index }] : [],
        ),
  );
}

export type OperatorKind = 'operator' | 'backup' | 'logging' | 'monitoring';

export interface OperatorAccount {
  readonly account: Extract<Subject, { kind: 'ServiceAccount' }>;
  /** What its workloads are, by the names of their images, or by its rights. */
  readonly kinds: readonly OperatorKind[];
  readonly workloads: readonly Workload[];
  readonly grants: readonly Grant[];
  readonly permissions: boolean | 'unknown';
}

/** Words of image and workload names. Whole words only: `operator`, not `cooperator`. */
const words: Readonly<Record<OperatorKind, ReadonlySet<string>>> = {
  operator: new Set(['operator', 'controller', 'manager', 'cainjector', 'provisioner', 'argocd', 'autoscaler']),
  backup: new Set(['backup', 'backups', 'velero', 'restic', 'kopia', 'stash', 'k8up', 'barman', 'pgbackrest', 'snapshot']),
  logging: new Set(['promtail', 'fluentd', 'fluentbit', 'filebeat', 'vector', 'alloy', 'logstash', 'logging', 'loki']),
  monitoring: new Set(['prometheus', 'kube-state-metrics', 'grafana', 'telegraf', 'otel', 'opentelemetry']),
};

/** ServiceAccounts of operators, backup, logging and monitoring workloads, with what they may do. Sorted as subjects are. */
export function operatorAccounts(model: AccessModel): readonly OperatorAccount[] {
  return model.subjects.flatMap((account): OperatorAccount[] => {
    if (account.kind !== 'ServiceAccount') return [];
    const running = model.workloadsOf(account.namespace, account.name);
    const kinds = [...new Set(running.flatMap(kindsOf))].sort();
    return kinds.length === 0
      ? []
      : [
          {
            account,
            kinds,
            workloads: running,
            grants: directGrants(model, account),
            permissions: permissionsOf(model, account),
          },
        ];
  });
}

/** What a workload is, by its name and those of its images; empty for most. */
export function kindsOf(workload: Workload): readonly OperatorKind[] {
  // `nginx-prometheus-exporter` beside an application makes no monitoring of it.
  const images = workload.containers
    .map(({ image }) => imageName(image ?? ''))
    .filter((name) => !name.split('-').includes('exporter'));
  const names = [workload.ref.name, ...images];
  const parts = new Set(names.flatMap((name) => [name, name.replaceAll('-', ''), ...name.split('-')]));
  return (Object.keys(words) as OperatorKind[]).filter((kind) => [...words[kind]].some((word) => parts.has(word)));
}

/** `registry.example:5000/velero/velero:v1@sha256:...` -> `velero`. */
const imageName = (image: string): string => (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0] ?? '';

/** Audiences (everybody, everybody logged in, all ServiceAccounts) that a binding of the sources gives more than the defaults. */
export function audienceGrants(model: AccessModel): readonly { readonly subject: Subject; readonly grants: readonly Grant[] }[] {
  return model.subjects.filter(isAudience).flatMap((subject) => {
    const grants = directGrants(model, subject).filter((grant) => grant.effective);
    return grants.length === 0 ? [] : [{ subject, grants }];
  });
}
