import { access } from '../../facts/access/access.ts';
import { danglingBindings } from '../../facts/access/effective.ts';
import { formatSubject } from '../../facts/access/subject.ts';
import { inventory } from '../../facts/inventory.ts';
import { listAt, textAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { rbacProblems } from '../../kube/rbac-problems.ts';
import { formatPath } from '../../model/judgement.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

const rbac = 'rbac.authorization.k8s.io';

export const danglingBinding = defineCheck({
  id: 'dangling-binding',
  gate: 'access',
  level: 'medium',
  title: 'Every binding names a role and accounts that exist',
  rationale: 'A binding that points at nothing is a grant in waiting: whoever creates the missing role or account gets it.',
  remedy: 'remove-dangling-bindings',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodically-review',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'An operator creates the account or the role when it starts.',
  needs: { access, inventory },
  parameters: {},
  messages: {
    'role-missing':
      '{binding} names {part}, which does not exist: it grants nothing now, and arms itself as soon as somebody creates a role of that name.',
    'account-missing': '{binding} names {part}, which does not exist: whoever creates an account of that name has its rights.',
    'role-unseen':
      '{binding} names {part}, which is not in the sources: {why}. Give it, or declare it under spec.providedElsewhere.',
    'account-unseen':
      '{binding} names {part}, which is not in the sources: {why}. Give it, or declare it under spec.providedElsewhere.',
    'no-namespace':
      '{binding} names {part} without a namespace: the API server refuses a ClusterRoleBinding with such a subject.',
    'no-role': '{binding} names no role that it can give, so the API server refuses it: {problem}.',
    refused: 'The API server refuses {binding}: {problem}.',
    unreadable: '{binding} has no roleRef that can be read.',
    provided: '{binding} names {part}, which {owner} declares.',
    bound: '{binding} names {role}, and {accounts} of its accounts exist.',
  },
  looksFor: [`RoleBinding.${rbac}`, `ClusterRoleBinding.${rbac}`],
  *targets({ access, inventory }) {
    const read = new Map(access.bindings.flatMap((binding) => (binding.object === undefined ? [] : [[binding.object, binding]])));
    const dangling = Map.groupBy(danglingBindings(inventory, access), ({ binding }) => binding);
    for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
      for (const object of inventory.systemOfKind(rbac, kind)) {
        const binding = read.get(object);
        // Kubernetes makes the default bindings, and mends them at each start.
        if (binding?.builtin) continue;
        yield { ref: object.ref, object, binding, dangling: (binding && dangling.get(binding)) ?? [] };
      }
    }
  },
  assess({ ref, object, binding, dangling }, { inventory, asOf }, say) {
    const name = `${ref.kind} ${ref.name}`;
    const refused = rbacProblems(object).map(({ path, problem }): Judgement => {
      const key = `${formatPath(path)} ${problem}`;
      if (path[0] !== 'subjects') return { ...say.fail('no-role', { binding: name, problem }), at: path, key };
      const index = Number(path[1]);
      if (!isPlaceless(object, index)) return { ...say.fail('refused', { binding: name, problem }), at: path, key };
      const part = `ServiceAccount ${textAt(listAt(object.value, 'subjects')[index], 'name') ?? ''}`;
      return { ...say.fail('no-namespace', { binding: name, part }), at: path, key: part };
    });
    if (binding === undefined) {
      const [first, ...rest] = refused;
      // A live binding that the API server accepted and this program cannot read.
      return first === undefined ? say.unknown('unreadable', { binding: name }) : [first, ...rest];
    }
    const { roleRef } = binding;
    const roleName = `${roleRef.kind} ${roleRef.name}`;
    const judge = (kind: string, missing: string, group: string, namespace: string | undefined, part: string) => {
      const looked = inventory.lookup(group, kind, namespace, missing);
      if (looked.status !== 'provided') return { why: looked.status === 'unseen' ? looked.why : undefined, provided: undefined };
      const { owner, expires } = looked.provided;
      return momentMs(expires) > momentMs(asOf)
        ? {
            why: undefined,
            provided: {
              ...say.pass('provided', { binding: name, part, owner }),
              reason: 'assumed' as const,
              until: expires,
              key: part,
            },
          }
        : { why: `the declaration of ${owner} ended at ${expires}`, provided: undefined };
    };
    const role = judge(roleRef.kind, roleRef.name, rbac, roleRef.kind === 'Role' ? binding.namespace : undefined, roleName);
    const found: Judgement[] = [];
    if (dangling.some(({ kind }) => kind === 'role-missing'))
      found.push({ ...say.fail('role-missing', { binding: name, part: roleName }), at: ['roleRef'] });
    else if (role.provided !== undefined) found.push({ ...role.provided, at: ['roleRef'] });
    else if (dangling.some(({ kind }) => kind === 'role-unseen'))
      found.push({ ...say.unknown('role-unseen', { binding: name, part: roleName, why: role.why ?? '' }), at: ['roleRef'] });
    found.push(...refused);
    let accounts = 0;
    for (const { subject, index } of binding.subjects) {
      if (subject.kind !== 'ServiceAccount') continue;
      const part = formatSubject(subject);
      const at = ['subjects', index];
      const missing = dangling.some((entry) => entry.kind === 'account-missing' && entry.index === index);
      // Every namespace gets the account `default` from a controller.
      const account =
        subject.name === 'default'
          ? { why: undefined, provided: undefined }
          : judge('ServiceAccount', subject.name, '', subject.namespace, part);
      if (missing) found.push({ ...say.fail('account-missing', { binding: name, part }), at, key: part });
      else if (account.provided !== undefined) found.push({ ...account.provided, at });
      else if (account.why !== undefined)
        found.push({ ...say.unknown('account-unseen', { binding: name, part, why: account.why }), at, key: part });
      else accounts++;
    }
    const [first, ...rest] = found;
    return first === undefined
      ? { ...say.pass('bound', { binding: name, role: roleName, accounts }), at: ['roleRef'] }
      : [first, ...rest];
  },
});

/** A ServiceAccount of a ClusterRoleBinding that names no namespace. */
function isPlaceless({ ref, value }: KubeObject, index: number): boolean {
  const subject = listAt(value, 'subjects')[index];
  return (
    ref.kind === 'ClusterRoleBinding' &&
    textAt(subject, 'kind') === 'ServiceAccount' &&
    (textAt(subject, 'name') ?? '') !== '' &&
    (textAt(subject, 'apiGroup') ?? '') === '' &&
    (textAt(subject, 'namespace') ?? '') === ''
  );
}
