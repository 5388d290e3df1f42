import { resourcesOf } from '../../kube/gvk.ts';
import type { AccessModel } from './access.ts';
import { needs } from './need.ts';
import { allOperatorNeeds } from './operator-kinds.ts';
import type { Subject } from './subject.ts';
import { allTemplateNeeds } from './template-kinds.ts';

const isNode = (subject: Subject): boolean =>
  subject.kind !== 'ServiceAccount' && (subject.name === 'system:nodes' || subject.name.startsWith('system:node:'));

/** What the paths take for granted: bindings and roles that no source shows do not exist. */
export function assumptionsOf(model: AccessModel): readonly string[] {
  const found: string[] = [];
  for (const kind of ['ClusterRoleBinding', 'RoleBinding'] as const) {
    const complete = model.completeness[kind];
    if (!complete.complete) found.push(`there is no ${kind} beside those in the sources (${complete.why})`);
  }
  for (const role of model.roles.all) {
    const used =
      role.mayBeWider !== undefined &&
      model.bindings.some((binding) => binding.role.status === 'found' && binding.role.role === role && !binding.builtin);
    if (used) found.push(`no ClusterRole outside the sources widens ${role.name}`);
  }
  // What a default role allows depends on the version of the cluster.
  if (model.bindings.some(({ builtin, role }) => !builtin && role.status === 'found' && role.role.builtin))
    found.push(...model.kubernetes.assumptions);
  // Kubelets are authorised by the Node authorizer; bindings for them go past it, and only the admission plugin limits them then.
  if (model.bindings.some(({ builtin, subjects }) => !builtin && subjects.some(({ subject }) => isNode(subject))))
    found.push('the admission plugin NodeRestriction is on: a kubelet changes its own Node and Pods only');
  const groups = foreignGroups(model);
  if (groups.length > 0)
    found.push(
      `operators lend nothing to who writes their custom resources (${listed(groups)}): what they do for them is not known`,
    );
  return found;
}

const writes = new Set(['*', 'create', 'update', 'patch']);
const followed = new Set([...allTemplateNeeds, ...allOperatorNeeds, ...Object.values(needs)].map(({ group }) => group));

/** API groups of custom resources that somebody may write and whose operators nobody here knows; sorted. */
function foreignGroups(model: AccessModel): readonly string[] {
  const found = new Set<string>();
  const roles = new Set(
    model.bindings.flatMap(({ builtin, role }) => (builtin || role.status !== 'found' || role.role.builtin ? [] : [role.role])),
  );
  for (const { rules } of roles)
    for (const { rule } of rules)
      if (rule.verbs.some((verb) => writes.has(verb)))
        for (const group of rule.apiGroups)
          if (group !== '*' && !followed.has(group) && resourcesOf(group) === undefined) found.add(group);
  return [...found].sort();
}

const shown = 5;
const listed = (groups: readonly string[]): string =>
  groups.length <= shown ? groups.join(', ') : `${groups.slice(0, shown).join(', ')} and ${groups.length - shown} more`;
