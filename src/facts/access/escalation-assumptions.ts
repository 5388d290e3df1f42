import type { AccessModel } from './access.ts';
import type { Subject } from './subject.ts';

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
  // Kubelets are authorised by the Node authorizer; bindings for them go past it, and only the admission plugin limits them then.
  if (model.bindings.some(({ builtin, subjects }) => !builtin && subjects.some(({ subject }) => isNode(subject))))
    found.push('the admission plugin NodeRestriction is on: a kubelet changes its own Node and Pods only');
  return found;
}
