import { access, type Grant } from '../../facts/access/access.ts';
import type { ObjectAccess } from '../../facts/access/effective.ts';
import { formatSubject, isAudience, isControlPlane, type Subject } from '../../facts/access/subject.ts';
import { type Inventory, inventory } from '../../facts/inventory.ts';
import { secretReaders } from '../../facts/secret-readers.ts';
import { tlsSecrets, type TlsSecret } from '../../facts/tls-secrets.ts';
import type { Workload } from '../../kube/workload.ts';
import { defineCheck, type Because, type Judgement, type Target } from '../define-check.ts';

type KeyTarget = Target & { readonly secret: TlsSecret };

export const tlsKeyAccess = defineCheck({
  id: 'tls-key-access',
  gate: 'secrets',
  level: 'high',
  title: 'Only the certificate machinery and the ingress controller read TLS keys',
  rationale:
    'Whoever reads the key can pretend to be the site and read recorded traffic that has no forward secrecy; a deployer never needs it.',
  remedy: 'protect-tls-keys',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
    'https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'A subject that must copy the certificate to a system outside the cluster.',
  needs: { inventory, access, secretReaders, tlsSecrets },
  parameters: { allowedSubjects: [] as readonly string[] },
  messages: {
    readable: '{subject} may {verbs} the TLS key in Secret {secret}.',
    audience: '{subject}, which is everybody of its kind, may {verbs} the TLS key in Secret {secret}.',
    'subject-unseen':
      'Whether {subject} may read the TLS key in Secret {secret} is not seen: a role that is bound to it is in no source. Add a dump of the roles.',
    'platform-unseen':
      '{subject} may {verbs} the TLS key in Secret {secret}, and nothing shows what it is. Add its workload to a platform dump, or allow it in the standard.',
    'bindings-unseen': 'Who may read the TLS key in Secret {secret} is not seen whole: {why}. Give a dump of roles and bindings.',
    closed: 'Nobody but the control plane may read the TLS key in Secret {secret} by RBAC.',
    controllers: 'Only controllers may read the TLS key in Secret {secret}: {subjects}.',
    none: 'No object among {objects} names a Secret with a TLS key.',
    'no-tls': 'No TLS Secret in the sources, and {why}.',
  },
  looksFor: ['Ingress.networking.k8s.io', 'Secret'],
  *targets({ tlsSecrets }): Generator<KeyTarget> {
    for (const secret of tlsSecrets)
      yield {
        ref: { apiVersion: 'v1', kind: 'Secret', namespace: secret.namespace, name: secret.name },
        object: secret.object,
        path: secret.path,
        secret,
      };
  },
  assess({ secret: { namespace, name } }, { inventory, access, secretReaders, parameters }, say) {
    const secret = `${namespace}/${name}`;
    const { readers, unknown } = secretReaders.of(namespace, name);
    const allowed = new Set(parameters.allowedSubjects);
    const relevant = readers.filter(({ subject }) => !isControlPlane(subject) && !allowed.has(formatSubject(subject)));
    const judgements: Judgement[] = [];
    const controllers: string[] = [];
    for (const reader of relevant) {
      const { subject, verbs } = reader;
      const data = { subject: formatSubject(subject), verbs: verbs.join(', '), secret };
      const rest = { key: formatSubject(subject), because: proofOf(reader.grants) };
      const running = access.workloadsOf(...accountOf(subject));
      const role = running.some(isMachinery) ? 'machinery' : roleOf(reader, inventory, namespace);
      if (role === 'audience') judgements.push({ ...say.fail('audience', data), ...rest });
      else if (role === 'system') judgements.push({ ...say.fail('readable', data), ...rest });
      else if (role === 'stranger' && running.length === 0)
        judgements.push({ ...say.unknown('platform-unseen', data), ...rest, reason: 'needs-a-person' });
      else controllers.push(formatSubject(subject));
    }
    for (const subject of unknown)
      if (!isControlPlane(subject) && !allowed.has(formatSubject(subject)))
        judgements.push({
          ...say.unknown('subject-unseen', { subject: formatSubject(subject), secret }),
          key: formatSubject(subject),
        });
    const { RoleBinding, ClusterRoleBinding } = access.completeness;
    for (const completeness of [RoleBinding, ClusterRoleBinding])
      if (!completeness.complete && !judgements.some(({ message }) => message === 'bindings-unseen'))
        judgements.push(say.unknown('bindings-unseen', { secret, why: completeness.why }));
    const [first, ...others] = judgements;
    if (first !== undefined) return [first, ...others];
    const because = relevant.flatMap(({ grants }) => proofOf(grants));
    return controllers.length === 0
      ? say.pass('closed', { secret })
      : { ...say.pass('controllers', { secret, subjects: [...new Set(controllers)].join(', ') }), because };
  },
  none({ inventory }, say) {
    const ingress = inventory.completeness('networking.k8s.io', 'Ingress');
    return ingress.complete
      ? say.notApplicable('none', { objects: inventory.objects.length })
      : say.unknown('no-tls', { why: ingress.why });
  },
});

/** Images of controllers that make, copy or serve certificates, wherever the system runs them. */
const machinery =
  /(?:^|\/)(?:cert-manager-(?:controller|cainjector)|ingress-nginx\/controller|nginx-ingress-controller|nginx-ingress|traefik|haproxy-ingress|kubernetes-ingress|contour|kong\/kubernetes-ingress-controller|envoyproxy\/gateway|istio\/pilot|apisix-ingress-controller|external-secrets|sealed-secrets-controller|bitnami-sealed-secrets-controller|vault-secrets-operator|kubernetes-reflector|kubernetes-replicator)(?:[:@]|$)/;

const isMachinery = ({ containers }: Workload): boolean =>
  containers.some(({ image }) => image !== undefined && machinery.test(image));

/**
 * Whose reading it is. What the system's own bindings give, and what people and accounts of its namespaces have, is the system's matter; a
 * ServiceAccount of another namespace that the platform bound is a controller, or a stranger if nothing runs with it.
 */
function roleOf({ subject, grants }: ObjectAccess, known: Inventory, namespace: string): 'audience' | 'system' | 'stranger' {
  if (isAudience(subject)) return 'audience';
  if (subject.kind !== 'ServiceAccount' || grants.some(({ binding }) => binding.underReview)) return 'system';
  return subject.namespace === namespace || known.namespaces.includes(subject.namespace) ? 'system' : 'stranger';
}

const accountOf = (subject: Subject): readonly [string, string] =>
  subject.kind === 'ServiceAccount' ? [subject.namespace, subject.name] : ['', ''];

function proofOf(grants: readonly Grant[]): readonly Because[] {
  return grants.flatMap(({ binding, role, rule }) => [
    ...(binding.object === undefined
      ? []
      : [{ note: `${binding.kind} ${binding.name} binds the role`, object: binding.object, at: ['roleRef'] }]),
    ...(role.object === undefined
      ? []
      : [{ note: `${role.kind} ${role.name} allows reading Secrets`, object: rule.object ?? role.object, at: ['rules'] }]),
  ]);
}
