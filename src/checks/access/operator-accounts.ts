import { access } from '../../facts/access/access.ts';
import { kindsOf, operatorAccounts as findOperators, tokenMount } from '../../facts/access/accounts.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { subjectKey } from '../../facts/access/subject.ts';
import { formatGrants, grantWitnesses } from '../../facts/access/witness.ts';
import { inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import { refKey } from '../../model/object-ref.ts';
import { defineCheck } from '../define-check.ts';

/** Annotations that give an account an identity, and so rights, in a cloud. */
const cloudIdentities = ['eks.amazonaws.com/role-arn', 'iam.gke.io/gcp-service-account', 'azure.workload.identity/client-id'];

export const operatorAccounts = defineCheck({
  id: 'operator-accounts',
  gate: 'access',
  level: 'medium',
  title: 'The accounts of operators, backup, logging and monitoring were reviewed',
  rationale:
    'These workloads hold more rights than the system that they serve, and nobody looks at them after they are installed.',
  remedy: 'review-operator-accounts',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodically-review',
    'https://kubernetes.io/docs/concepts/security/service-accounts/',
  ],
  decidedBy: 'person',
  attestable: true,
  whenToWaive: 'The vendor publishes why each permission is needed, and the installed version matches.',
  needs: { access, reviewedSubjects, inventory, workloads },
  parameters: {},
  messages: {
    shared:
      '{account}, which every Pod of the namespace without an account has, runs {workloads} ({kinds}) with its token mounted.',
    review: '{account} runs {workloads} ({kinds}) and may {rules}: a person must say whether that is what it needs.',
    cloud:
      '{account} runs {workloads} ({kinds}), may {rules} and has a cloud identity by {annotation}: a person must say whether that is what it needs.',
    unseen: '{account} runs {workloads} ({kinds}); bindings outside these sources may name it ({why}): a person must review it.',
    powerless: '{account} runs {workloads} ({kinds}) without a permission, a cloud identity or a token.',
    none: 'None of {workloads} workloads is an operator or does backup, logging or monitoring, by the names of workloads and images.',
    'no-workloads': 'No workload of the system is in the sources.',
  },
  looksFor: ['*'],
  *targets({ access, reviewedSubjects, workloads }) {
    const reviewed = new Map(reviewedSubjects.all.map((entry) => [subjectKey(entry.subject), entry]));
    const system = new Set(workloads.system.map(({ ref }) => refKey(ref)));
    for (const operator of findOperators(access)) {
      const entry = reviewed.get(subjectKey(operator.account));
      // The account `default` is shared: platform workloads that use it are not under review.
      const own = operator.workloads.filter(
        (workload) => kindsOf(workload).length > 0 && (operator.account.name !== 'default' || system.has(refKey(workload.ref))),
      );
      if (entry !== undefined && !entry.foreign && own.length > 0) yield { ...entry, operator, workloads: own };
    }
  },
  assess({ operator, workloads: running, object, label: account, grants, unseen }, { access, reviewedSubjects }, say) {
    const names = running.map(({ ref }) => `${ref.kind} ${ref.name}`);
    const workloads = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
    const kinds = [...new Set(running.flatMap(kindsOf))].sort().join(', ');
    const data = { account, kinds, workloads };
    const mounts = running.filter((workload) => tokenMount(access, workload).mounted !== false);
    const [first] = mounts;
    if (operator.account.name === 'default' && first !== undefined) {
      const because = mounts.map((workload) => ({
        note: `${workload.ref.kind} ${workload.ref.name} names no account and turns no token off`,
        object: workload.object,
        at: workload.podPath,
      }));
      return { ...say.fail('shared', data), in: first.object, at: first.podPath, because };
    }
    const rules = grants.length === 0 ? 'do nothing by the bindings of the sources' : formatGrants(grants);
    const because = grantWitnesses(grants);
    const annotation = cloudIdentities.find((key) => object !== undefined && hasAnnotation(object, key));
    const asked = { reason: 'needs-a-person' as const, because };
    if (annotation !== undefined) return { ...say.unknown('cloud', { ...data, rules, annotation }), ...asked };
    if (grants.length > 0) return { ...say.unknown('review', { ...data, rules }), ...asked };
    const why = unseen[0]?.why ?? reviewedSubjects.hidden(['RoleBinding', 'ClusterRoleBinding'])?.why;
    if (why !== undefined) return { ...say.unknown('unseen', { ...data, why }), ...asked };
    return mounts.length === 0 ? say.pass('powerless', data) : { ...say.unknown('review', { ...data, rules }), ...asked };
  },
  none({ workloads, inventory }, say) {
    if (workloads.system.length > 0) return say.notApplicable('none', { workloads: workloads.system.length });
    const complete = ['Deployment', 'StatefulSet', 'DaemonSet'].every((kind) => inventory.completeness('apps', kind).complete);
    return complete ? say.notApplicable('none', { workloads: 0 }) : say.unknown('no-workloads');
  },
});

const hasAnnotation = (object: KubeObject, key: string): boolean => (annotationsOf(object).get(key) ?? '') !== '';
