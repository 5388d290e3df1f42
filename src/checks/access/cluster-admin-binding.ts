import { access, isMaster } from '../../facts/access/access.ts';
import { adminBindings } from '../../facts/access/effective.ts';
import { reviewedSubjects } from '../../facts/access/reviewed-subjects.ts';
import { formatSubject, subjectKey } from '../../facts/access/subject.ts';
import type { Binding } from '../../facts/access/bindings.ts';
import { defineCheck } from '../define-check.ts';

export const clusterAdminBinding = defineCheck({
  id: 'cluster-admin-binding',
  gate: 'access',
  level: 'blocker',
  title: 'No ClusterRoleBinding gives a subject of the system every right in the cluster',
  rationale:
    'Whoever holds or steals the credential of a cluster administrator owns every system of the cluster, its Secrets and its nodes.',
  remedy: 'remove-cluster-admin',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A break-glass group that nobody is in by default and whose use raises an alarm.',
  needs: { access, reviewedSubjects },
  parameters: {},
  messages: {
    admin: '{binding} gives {subjects} every right in the cluster, by ClusterRole {role}.',
    masters:
      '{binding} names Group system:masters, whose members have every right in the cluster whatever it says; nothing takes that from them.',
    narrow: '{binding} gives {subjects} ClusterRole {role}, which does not allow everything.',
    missing: '{binding} names ClusterRole {role}, which does not exist: it grants nothing now.',
    'role-unseen': '{binding} gives {subjects} ClusterRole {role}, whose rules are not known: {why}. Give the ClusterRole.',
    'none-beside': 'The sources are complete for ClusterRoleBindings: {count} reach the system and are judged one by one.',
    hidden: '{kinds} may exist outside these sources ({why}): give a dump of them, or declare a source complete for them.',
  },
  looksFor: ['ClusterRoleBinding.rbac.authorization.k8s.io'],
  *targets({ access, reviewedSubjects }) {
    const reviewed = new Set(reviewedSubjects.all.filter(({ foreign }) => !foreign).map(({ subject }) => subjectKey(subject)));
    const status = new Map(adminBindings(access).map((entry) => [entry.binding, entry.status]));
    const found = access.bindings.filter(
      (binding) =>
        !binding.builtin &&
        (binding.kind === 'ClusterRoleBinding' || namesMasters(binding)) &&
        (binding.underReview || binding.subjects.some(({ subject }) => reviewed.has(subjectKey(subject)))),
    );
    for (const binding of found) {
      const { object } = binding;
      if (object !== undefined) yield { ref: object.ref, object, binding, status: status.get(binding), count: 0 };
    }
    const count = found.filter(({ kind }) => kind === 'ClusterRoleBinding').length;
    yield { ref: reviewedSubjects.source.ref, binding: undefined, status: undefined, count };
  },
  assess({ binding, status, count }, { reviewedSubjects }, say) {
    if (binding === undefined) {
      const hidden = reviewedSubjects.hidden(['ClusterRoleBinding']);
      return hidden === undefined ? say.pass('none-beside', { count }) : say.unknown('hidden', hidden);
    }
    const names = binding.subjects.map(({ subject }) => formatSubject(subject));
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    const data = {
      binding: `${binding.kind} ${binding.name}`,
      subjects: names.length === 0 ? 'nobody' : `${names.slice(0, 3).join(', ')}${more}`,
      role: binding.roleRef.name,
    };
    const at = ['roleRef'];
    if (status === 'admin' && binding.kind === 'ClusterRoleBinding') return { ...say.fail('admin', data), at };
    const master = binding.subjects.find(({ subject }) => isMaster(subject));
    if (master !== undefined) return { ...say.fail('masters', data), at: ['subjects', master.index] };
    if (status === 'unseen') {
      const { role } = binding;
      const why = role.status === 'unseen' ? role.why : role.status === 'found' ? (role.role.undecided ?? '') : '';
      return { ...say.unknown('role-unseen', { ...data, why }), at };
    }
    return { ...(binding.role.status === 'missing' ? say.pass('missing', data) : say.pass('narrow', data)), at };
  },
});

const namesMasters = (binding: Binding): boolean => binding.subjects.some(({ subject }) => isMaster(subject));
