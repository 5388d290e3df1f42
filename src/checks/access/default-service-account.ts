import { access } from '../../facts/access/access.ts';
import { defaultAccountBindings, tokenMount } from '../../facts/access/accounts.ts';
import { refOf } from '../../facts/access/reviewed-subjects.ts';
import { subjectKey } from '../../facts/access/subject.ts';
import { systemNamespaces } from '../../facts/system-namespaces.ts';
import { workloads } from '../../facts/workloads.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

export const defaultServiceAccount = defineCheck({
  id: 'default-service-account',
  gate: 'access',
  level: 'medium',
  title: 'No workload holds a token of the account default, and nothing is bound to it',
  rationale:
    'Every Pod that names no account shares default: what one of them is given, all have, and no audit log tells them apart.',
  remedy: 'dedicate-service-accounts',
  references: [
    'https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A third-party chart that offers no account of its own, in a namespace that holds nothing else.',
  needs: { access, workloads, systemNamespaces },
  parameters: {},
  messages: {
    'holds-token': '{workload} runs as default of namespace {namespace} and mounts its token.',
    bound: '{binding} gives {role} to default of namespace {namespace}: every Pod there that names no account has it.',
    'no-token': '{workload} runs as default of namespace {namespace}, without its token.',
    own: '{workload} runs as ServiceAccount {account}.',
  },
  looksFor: ['*'],
  *targets({ access, workloads, systemNamespaces }) {
    for (const workload of workloads.system) yield { ref: workload.ref, object: workload.object, workload, bindings: [] };
    const own = new Set(systemNamespaces.map(({ ref }) => ref.name));
    const bound = defaultAccountBindings(access).filter(
      ({ binding, subject }) => binding.underReview || (subject.kind === 'ServiceAccount' && own.has(subject.namespace)),
    );
    const accounts = new Map(bound.map(({ subject }) => [subjectKey(subject), subject]));
    for (const [key, account] of accounts) {
      const object = account.kind === 'ServiceAccount' ? access.accountObject(account.namespace, account.name) : undefined;
      yield {
        ref: object?.ref ?? refOf(account),
        ...(object === undefined ? {} : { object }),
        workload: undefined,
        bindings: bound.filter(({ subject }) => subjectKey(subject) === key),
      };
    }
  },
  assess({ ref, workload, bindings }, { access }, say) {
    if (workload === undefined) {
      const [first, ...rest] = bindings.map(({ binding, index }): Judgement => {
        const data = {
          binding: `${binding.kind} ${binding.name}`,
          role: `${binding.roleRef.kind} ${binding.roleRef.name}`,
          namespace: ref.namespace ?? '',
        };
        return {
          ...say.fail('bound', data),
          key: `${binding.kind}/${binding.namespace ?? ''}/${binding.name}`,
          ...(binding.object === undefined ? {} : { in: binding.object, at: ['subjects', index] }),
        };
      });
      if (first === undefined) throw new Error('an account without a binding');
      return [first, ...rest];
    }
    const data = { workload: `${ref.kind} ${ref.name}`, namespace: workload.namespace };
    if (workload.serviceAccount !== 'default')
      return {
        ...say.pass('own', { workload: data.workload, account: workload.serviceAccount }),
        at: [...workload.podPath, 'serviceAccountName'],
      };
    const token = tokenMount(access, workload);
    const at = token.at ?? workload.podPath;
    return { ...(token.mounted === false ? say.pass('no-token', data) : say.fail('holds-token', data)), at };
  },
});
