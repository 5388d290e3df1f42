import { cut, type Mutation, production, reviewFile, swap, unattested } from './row.ts';

const baseline = production('network-baseline');
const application = production('network-application');
const ingress = production('ingress');

/** Network, TLS and data. */
export const platformMutations: readonly Mutation[] = [
  {
    check: 'default-deny-ingress',
    without: 'the direction Ingress of default-deny',
    edits: [
      swap(
        baseline,
        'name: default-deny\n  namespace: gravl-prod\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]',
        'name: default-deny\n  namespace: gravl-prod\nspec:\n  podSelector: {}\n  policyTypes: [Egress]',
      ),
    ],
    outcome: 'fail',
    message: 'not-isolated',
  },
  {
    check: 'dns-egress',
    without: 'allow-dns of gravl-prod',
    edits: [swap(baseline, 'name: allow-dns\n  namespace: gravl-prod', 'name: allow-dns\n  namespace: gravl-elsewhere')],
    outcome: 'fail',
    message: 'denied',
  },
  {
    check: 'intended-flows',
    without: 'the port of the rule from Traefik to backend',
    edits: [swap(application, 'port: 3000', 'port: 3999')],
    outcome: 'fail',
    message: 'denied',
  },
  {
    check: 'intended-flows',
    without: 'the declaration',
    edits: [{ file: reviewFile, change: (text) => text.replace(/ {2}traffic:\n( {4}- .*\n)+/, '') }],
    outcome: 'unknown',
    message: 'undeclared',
  },
  {
    check: 'ignored-policy-rules',
    without: 'the direction of the egress rules',
    edits: [
      swap(
        application,
        'app.kubernetes.io/name: backend-migrate\n  policyTypes: [Egress]',
        'app.kubernetes.io/name: backend-migrate\n  policyTypes: [Ingress]',
      ),
    ],
    outcome: 'fail',
    message: 'ignored',
  },
  {
    check: 'monitoring-access',
    without: 'the ports of the rules from Prometheus to backend',
    edits: [
      cut(application, '      ports:\n        - protocol: TCP\n          port: 3001\n'),
      cut(production('network-monitoring'), '      ports:\n        - protocol: TCP\n          port: 3001\n'),
    ],
    outcome: 'fail',
    message: 'beyond',
  },
  {
    check: 'unintended-flows',
    without: 'the port of the rule from Traefik to frontend',
    edits: [cut(application, '      ports:\n        - protocol: TCP\n          port: 8080\n')],
    outcome: 'fail',
    message: 'unintended',
  },
  {
    check: 'vacuous-selector',
    without: 'the label that Pods carry',
    edits: [
      swap(
        application,
        'name: frontend\n  namespace: gravl-prod\nspec:\n  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: frontend',
        'name: frontend\n  namespace: gravl-prod\nspec:\n  podSelector:\n    matchLabels:\n      app: frontend',
      ),
    ],
    outcome: 'fail',
    message: 'nothing',
  },
  {
    check: 'egress-isolation',
    without: 'the policies that isolate every Pod of gravl-prod for egress',
    edits: [
      swap(
        baseline,
        'name: default-deny\n  namespace: gravl-prod\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]',
        'name: default-deny\n  namespace: gravl-prod\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]',
      ),
      swap(baseline, 'name: allow-dns\n  namespace: gravl-prod', 'name: allow-dns\n  namespace: gravl-elsewhere'),
    ],
    outcome: 'fail',
    message: 'open',
  },
  {
    check: 'log-egress',
    without: 'the rule from backend to loki',
    edits: [swap(application, 'port: 3100', 'port: 3199')],
    outcome: 'fail',
    message: 'denied',
  },

  {
    check: 'certificate-automation',
    without: 'the issuer annotation',
    edits: [cut(ingress, '    cert-manager.io/cluster-issuer: letsencrypt-production\n')],
    outcome: 'fail',
    message: 'manual',
  },
  {
    check: 'ingress-issuer',
    without: 'the issuer annotation',
    edits: [cut(ingress, '    cert-manager.io/cluster-issuer: letsencrypt-production\n')],
    outcome: 'fail',
    message: 'none',
  },
  {
    check: 'ingress-tls-hosts',
    without: 'api.gravl.app under tls',
    edits: [swap(ingress, 'hosts: [gravl.app, api.gravl.app]', 'hosts: [gravl.app]')],
    outcome: 'fail',
    message: 'uncovered',
  },
  {
    check: 'issuer-configured',
    without: 'the production server of ACME',
    edits: [swap(production('issuer'), 'acme-v02.api', 'acme-staging-v02.api')],
    outcome: 'fail',
    message: 'staging',
  },
  {
    check: 'production-hostnames',
    without: 'the production name',
    edits: [swap(ingress, '- host: gravl.app', '- host: staging.gravl.app')],
    outcome: 'fail',
    message: 'purpose',
  },
  {
    check: 'https-redirect',
    without: 'the middleware, and the redirect of the entry point',
    edits: [
      cut(ingress, '    traefik.ingress.kubernetes.io/router.middlewares: gravl-prod-redirect-https@kubernetescrd\n'),
      cut('cluster/platform.json', '                  "--entryPoints.web.http.redirections.entryPoint.to=:443",\n'),
    ],
    outcome: 'fail',
    message: 'served',
  },
  {
    check: 'tls-termination',
    without: 'the attestation',
    edits: unattested('tls-termination'),
    outcome: 'unknown',
    message: 'unprobed',
  },
  {
    check: 'certificate-procedure',
    without: 'the procedure',
    edits: [{ file: 'docs/certificate-procedure.md', content: '# Certificates\n\n## Renewal\n\nTODO\n' }],
    outcome: 'fail',
    message: 'open',
  },

  {
    check: 'backup-schedule',
    without: 'the backup job',
    target: 'postgres',
    edits: [{ file: production('backup'), remove: true }],
    outcome: 'fail',
    message: 'none',
  },
  {
    check: 'migrations-validated',
    without: 'the attestation',
    edits: unattested('migrations-validated'),
    outcome: 'unknown',
    message: 'unproven',
  },
  {
    check: 'restore-drill',
    without: 'the attestation',
    edits: unattested('restore-drill'),
    outcome: 'unknown',
    message: 'recorded',
  },
  {
    check: 'storage-class-exists',
    without: 'a StorageClass that exists',
    edits: [swap(production('postgres'), 'storageClassName: gp3-retain', 'storageClassName: gp2-retain')],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'storage-class-exists',
    without: 'the platform dump',
    edits: [
      cut(reviewFile, '        - StorageClass\n'),
      swap(production('postgres'), 'storageClassName: gp3-retain', 'storageClassName: gp2-retain'),
    ],
    outcome: 'unknown',
    message: 'unseen',
  },
];
