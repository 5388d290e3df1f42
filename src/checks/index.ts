import type { AnyCheck } from './define-check.ts';
import { clusterAdminBinding } from './access/cluster-admin-binding.ts';
import { clusterEscalation } from './access/cluster-escalation.ts';
import { clusterScopeWrite } from './access/cluster-scope-write.ts';
import { crossNamespaceAccess } from './access/cross-namespace-access.ts';
import { danglingBinding } from './access/dangling-binding.ts';
import { defaultServiceAccount } from './access/default-service-account.ts';
import { ineffectivePermissions } from './access/ineffective-permissions.ts';
import { limitRange } from './access/limit-range.ts';
import { namespaceEscalation } from './access/namespace-escalation.ts';
import { operatorAccounts } from './access/operator-accounts.ts';
import { podSecurityEnforcement } from './access/pod-security-enforcement.ts';
import { secretReadAccess } from './access/secret-read-access.ts';
import { secretWriteAccess } from './access/secret-write-access.ts';
import { tokenAutomount } from './access/token-automount.ts';
import { wildcardPermissions } from './access/wildcard-permissions.ts';
import { backupSchedule } from './data/backup-schedule.ts';
import { migrationsValidated } from './data/migrations-validated.ts';
import { restoreDrill } from './data/restore-drill.ts';
import { storageClassExists } from './data/storage-class-exists.ts';
import { imageScan } from './images/image-scan.ts';
import { imageSecrets } from './images/image-secrets.ts';
import { pinnedImage } from './images/pinned-image.ts';
import { scanBeforePush } from './images/scan-before-push.ts';
import { defaultDenyIngress } from './network/default-deny-ingress.ts';
import { dnsEgress } from './network/dns-egress.ts';
import { egressIsolation } from './network/egress-isolation.ts';
import { ignoredPolicyRules } from './network/ignored-policy-rules.ts';
import { intendedFlows } from './network/intended-flows.ts';
import { logEgress } from './network/log-egress.ts';
import { monitoringAccess } from './network/monitoring-access.ts';
import { unintendedFlows } from './network/unintended-flows.ts';
import { vacuousSelector } from './network/vacuous-selector.ts';
import { alertRouting } from './observability/alert-routing.ts';
import { alertRules } from './observability/alert-rules.ts';
import { dashboards } from './observability/dashboards.ts';
import { logStorage } from './observability/log-storage.ts';
import { metricsScraped } from './observability/metrics-scraped.ts';
import { monitoringOperational } from './observability/monitoring-operational.ts';
import { runbookLinks } from './observability/runbook-links.ts';
import { loadTest } from './performance/load-test.ts';
import { dnsConfigured } from './release/dns-configured.ts';
import { goLiveProcedure } from './release/go-live-procedure.ts';
import { onCallCover } from './release/on-call-cover.ts';
import { readableInput } from './release/readable-input.ts';
import { rollbackProcedure } from './release/rollback-procedure.ts';
import { runbooks } from './release/runbooks.ts';
import { servicesHealthy } from './release/services-healthy.ts';
import { stagingComplete } from './release/staging-complete.ts';
import { committedSecret } from './secrets/committed-secret.ts';
import { databasePasswordStrength } from './secrets/database-password-strength.ts';
import { encryptionAtRest } from './secrets/encryption-at-rest.ts';
import { jwtSecretStrength } from './secrets/jwt-secret-strength.ts';
import { literalCredentials } from './secrets/literal-credentials.ts';
import { managedSecrets } from './secrets/managed-secrets.ts';
import { rotationProcedure } from './secrets/rotation-procedure.ts';
import { secretAsFile } from './secrets/secret-as-file.ts';
import { secretOptionsDocumented } from './secrets/secret-options-documented.ts';
import { secretRotation } from './secrets/secret-rotation.ts';
import { tlsKeyAccess } from './secrets/tls-key-access.ts';
import { certificateAutomation } from './tls/certificate-automation.ts';
import { certificateProcedure } from './tls/certificate-procedure.ts';
import { httpsRedirect } from './tls/https-redirect.ts';
import { ingressIssuer } from './tls/ingress-issuer.ts';
import { ingressTlsHosts } from './tls/ingress-tls-hosts.ts';
import { issuerConfigured } from './tls/issuer-configured.ts';
import { productionHostnames } from './tls/production-hostnames.ts';
import { tlsTermination } from './tls/tls-termination.ts';
import { gracefulTermination } from './workloads/graceful-termination.ts';
import { healthProbeDesign } from './workloads/health-probe-design.ts';
import { ingressControllerSupported } from './workloads/ingress-controller-supported.ts';
import { livenessProbe } from './workloads/liveness-probe.ts';
import { memoryLimits } from './workloads/memory-limits.ts';
import { podDisruptionBudget } from './workloads/pod-disruption-budget.ts';
import { podSecurityStandard } from './workloads/pod-security-standard.ts';
import { readinessProbe } from './workloads/readiness-probe.ts';
import { replicas } from './workloads/replicas.ts';
import { resourceRequests } from './workloads/resource-requests.ts';
import { retiredApis } from './workloads/retired-apis.ts';
import { rolloutStrategy } from './workloads/rollout-strategy.ts';
import { topologySpread } from './workloads/topology-spread.ts';

const all = [
  clusterAdminBinding,
  clusterEscalation,
  clusterScopeWrite,
  crossNamespaceAccess,
  danglingBinding,
  defaultServiceAccount,
  ineffectivePermissions,
  limitRange,
  namespaceEscalation,
  operatorAccounts,
  podSecurityEnforcement,
  secretReadAccess,
  secretWriteAccess,
  tokenAutomount,
  wildcardPermissions,
  backupSchedule,
  migrationsValidated,
  restoreDrill,
  storageClassExists,
  imageScan,
  imageSecrets,
  pinnedImage,
  scanBeforePush,
  defaultDenyIngress,
  dnsEgress,
  egressIsolation,
  ignoredPolicyRules,
  intendedFlows,
  logEgress,
  monitoringAccess,
  unintendedFlows,
  vacuousSelector,
  alertRouting,
  alertRules,
  dashboards,
  logStorage,
  metricsScraped,
  monitoringOperational,
  runbookLinks,
  loadTest,
  dnsConfigured,
  goLiveProcedure,
  onCallCover,
  readableInput,
  rollbackProcedure,
  runbooks,
  servicesHealthy,
  stagingComplete,
  committedSecret,
  databasePasswordStrength,
  encryptionAtRest,
  jwtSecretStrength,
  literalCredentials,
  managedSecrets,
  rotationProcedure,
  secretAsFile,
  secretOptionsDocumented,
  secretRotation,
  tlsKeyAccess,
  certificateAutomation,
  certificateProcedure,
  httpsRedirect,
  ingressIssuer,
  ingressTlsHosts,
  issuerConfigured,
  productionHostnames,
  tlsTermination,
  gracefulTermination,
  healthProbeDesign,
  ingressControllerSupported,
  livenessProbe,
  memoryLimits,
  podDisruptionBudget,
  podSecurityStandard,
  readinessProbe,
  replicas,
  resourceRequests,
  retiredApis,
  rolloutStrategy,
  topologySpread,
] as const;

/** Every check: the explicit list from which the standard, the docs and the schema derive. */
export const checks: readonly AnyCheck[] = all;

const checkIds = all.map(({ id }) => id);
export type CheckId = (typeof checkIds)[number];
