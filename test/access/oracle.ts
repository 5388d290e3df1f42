/**
 * A brute-force authorizer over raw RBAC objects, for comparison: it shares no code with the program and follows Kubernetes' own
 * resolver step by step (pkg/registry/rbac/validation/rule.go, pkg/apis/rbac/v1/evaluation_helpers.go, the controller in
 * pkg/controller/clusterroleaggregation, apiserver/pkg/endpoints/request/requestinfo.go). Nothing in it is fast.
 */
export interface RawRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface RawRole {
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly rules: readonly RawRule[];
  readonly aggregationRule?: {
    readonly clusterRoleSelectors: readonly { readonly matchLabels?: Readonly<Record<string, string>> }[];
  };
}

export interface RawBinding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

export type RawObject = RawRole | RawBinding;

export interface RawUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What a client sends: a verb on an object or a list, or on a path. */
export type RawRequest =
  | {
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly name?: string;
      readonly namespace?: string;
    }
  | { readonly verb: string; readonly url: string };

const clusterScoped = ['nodes', 'namespaces', 'users', 'clusterroles'];

/** The namespace attribute: that of the path, and a Namespace object stands in itself when a request names it in the path. */
function namespaceAttribute(request: RawRequest): string {
  if ('url' in request) return '';
  if (request.resource === 'namespaces' && request.group === '') {
    // A list with a field selector has a name, and no namespace in its path.
    return ['get', 'update', 'patch', 'delete', 'watch'].includes(request.verb) ? (request.name ?? '') : '';
  }
  // escalation_check.go asks in the namespace of the new binding.
  if (request.verb === 'bind' && request.resource === 'clusterroles') return request.namespace ?? '';
  return clusterScoped.includes(request.resource) ? '' : (request.namespace ?? '');
}

function contains(list: readonly string[] | undefined, item: string, wildcard: boolean): boolean {
  for (const entry of list ?? []) if (entry === item || (wildcard && entry === '*')) return true;
  return false;
}

function ruleAllows(rule: RawRule, request: RawRequest): boolean {
  if (!contains(rule.verbs, request.verb, true)) return false;
  if ('url' in request) {
    for (const path of rule.nonResourceURLs ?? []) {
      if (path === '*' || path === request.url) return true;
      if (path.endsWith('*') && request.url.startsWith(path.replace(/\*+$/, ''))) return true;
    }
    return false;
  }
  if (!contains(rule.apiGroups, request.group, true)) return false;
  const subresource = request.subresource ?? '';
  const combined = subresource === '' ? request.resource : `${request.resource}/${subresource}`;
  let resourceMatches = contains(rule.resources, combined, true);
  if (subresource !== '' && contains(rule.resources, `*/${subresource}`, false)) resourceMatches = true;
  if (!resourceMatches) return false;
  return (rule.resourceNames ?? []).length === 0 || contains(rule.resourceNames, request.name ?? '', false);
}

function bindingApplies(binding: RawBinding, user: RawUser): boolean {
  const place = binding.kind === 'RoleBinding' ? (binding.metadata.namespace ?? '') : '';
  return binding.subjects.some((subject) => {
    if (subject.kind === 'User') return subject.name === user.name;
    if (subject.kind === 'Group') return user.groups.includes(subject.name);
    if (subject.kind !== 'ServiceAccount') return false;
    const namespace = subject.namespace ?? place;
    return namespace !== '' && user.name === `system:serviceaccount:${namespace}:${subject.name}`;
  });
}

const isBinding = (object: RawObject): object is RawBinding => 'roleRef' in object;

/** ClusterRoles after the aggregation controller has run until nothing changes, or `maximum` (everything a cycle may keep). */
export function aggregated(
  objects: readonly RawObject[],
  from: 'nothing' | 'stored',
): ReadonlyMap<string, readonly RawRule[]> | 'endless' {
  const roles = objects.filter((object): object is RawRole => object.kind === 'ClusterRole');
  const rules = new Map(
    roles.map((role) => [role.metadata.name, role.aggregationRule && from === 'nothing' ? [] : [...role.rules]]),
  );
  for (let round = 0; round < 50; round++) {
    let changed = false;
    for (const role of roles) {
      if (role.aggregationRule === undefined) continue;
      const taken: RawRule[] = [];
      for (const other of roles) {
        if (other.metadata.name === role.metadata.name) continue;
        const selected = role.aggregationRule.clusterRoleSelectors.some((selector) =>
          Object.entries(selector.matchLabels ?? {}).every(([key, value]) => other.metadata.labels?.[key] === value),
        );
        if (!selected) continue;
        for (const rule of rules.get(other.metadata.name) ?? []) if (!taken.includes(rule)) taken.push(rule);
      }
      const before = rules.get(role.metadata.name) ?? [];
      if (before.length !== taken.length || taken.some((rule) => !before.includes(rule))) {
        rules.set(role.metadata.name, taken);
        changed = true;
      }
    }
    if (!changed) return rules;
  }
  return 'endless';
}

/** Whether some ClusterRole is taken in by itself through others, by following selectors from each role. */
export function hasCycle(objects: readonly RawObject[]): boolean {
  const roles = objects.filter((object): object is RawRole => object.kind === 'ClusterRole');
  const takes = (role: RawRole) =>
    role.aggregationRule === undefined
      ? []
      : roles.filter(
          (other) =>
            other !== role &&
            other.aggregationRule !== undefined &&
            role.aggregationRule?.clusterRoleSelectors.some((selector) =>
              Object.entries(selector.matchLabels ?? {}).every(([key, value]) => other.metadata.labels?.[key] === value),
            ),
        );
  const reaches = (from: RawRole, to: RawRole, left: number): boolean =>
    left > 0 && takes(from).some((next) => next === to || reaches(next, to, left - 1));
  return roles.some((role) => reaches(role, role, roles.length));
}

/** May the user make the request? */
export function authorize(
  objects: readonly RawObject[],
  user: RawUser,
  request: RawRequest,
  clusterRules = aggregated(objects, 'stored'),
): boolean {
  if (clusterRules === 'endless') throw new Error('aggregation does not end');
  const namespace = namespaceAttribute(request);
  return objects.filter(isBinding).some((binding) => {
    if (binding.kind === 'ClusterRoleBinding' ? binding.roleRef.kind !== 'ClusterRole' : binding.metadata.namespace !== namespace)
      return false;
    if (!bindingApplies(binding, user)) return false;
    const rules =
      binding.roleRef.kind === 'ClusterRole'
        ? (clusterRules.get(binding.roleRef.name) ?? [])
        : objects
            .filter(
              (object): object is RawRole =>
                object.kind === 'Role' &&
                object.metadata.name === binding.roleRef.name &&
                object.metadata.namespace === binding.metadata.namespace,
            )
            .flatMap((role) => role.rules);
    return rules.some((rule) => ruleAllows(rule, request));
  });
}
