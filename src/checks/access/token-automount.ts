import { access } from '../../facts/access/access.ts';
import { tokenMount } from '../../facts/access/accounts.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatSubject } from '../../facts/access/subject.ts';
import { workloads } from '../../facts/workloads.ts';
import { defineCheck } from '../define-check.ts';

export const tokenAutomount = defineCheck({
  id: 'token-automount',
  gate: 'access',
  level: 'medium',
  title: 'Only workloads that use the Kubernetes API have a token mounted',
  rationale:
    'A token that nothing needs is the first thing that an intruder in a container finds, and it works from outside too.',
  remedy: 'dedicate-service-accounts',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'The workload proves its identity to another system with this token, and cannot take a projected one.',
  needs: { access, reviewedSubjects, workloads },
  parameters: {},
  messages: {
    'not-switched-off': '{workload} mounts a token of {account}, which no binding names: neither Pod nor account turns it off.',
    'switched-on': '{workload} asks for a token of {account}, which no binding names.',
    'bindings-unseen':
      '{workload} asks for a token of {account}; no binding here names it, and more may exist elsewhere ({why}).',
    used: '{workload} mounts a token of {account}, to which bindings give permissions.',
    'turned-off': '{workload} mounts no token: {who} turns it off.',
    'role-unseen': '{workload} mounts a token of {account}, and what its bindings allow is not known: {why}. Give the role.',
    'account-unseen':
      '{workload} does not say whether it mounts a token of {account}, and the account is in no source. Give the ServiceAccount.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ ref, workload }, { access, reviewedSubjects }, say) {
    // A projected volume is asked for by name, with an audience and an end; the question here is the token that comes by itself.
    const token = tokenMount(access, { ...workload, volumes: [] });
    const { account, mounted, by, hasPermissions } = token;
    const data = { workload: `${ref.kind} ${ref.name}`, account: formatSubject(account) };
    const at = token.at ?? workload.podPath;
    if (mounted === false)
      return { ...say.pass('turned-off', { workload: data.workload, who: by === 'pod' ? 'the Pod' : data.account }), at };
    if (mounted === 'unknown') return { ...say.unknown('account-unseen', data), at };
    if (hasPermissions === true) return { ...say.pass('used', data), at };
    if (hasPermissions === 'unknown')
      return { ...say.unknown('role-unseen', { ...data, why: access.unseenOf(account)[0]?.why ?? '' }), at };
    if (by === 'default') return { ...say.fail('not-switched-off', data), at };
    // Somebody decided for the token: the binding that explains it may stand where nobody looked.
    const hidden = reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding']);
    return {
      ...(hidden === undefined ? say.fail('switched-on', data) : say.unknown('bindings-unseen', { ...data, why: hidden.why })),
      at,
    };
  },
});
