import type { AnyCheck } from './define-check.ts';
import { limitRange } from './access/limit-range.ts';
import { podSecurityEnforcement } from './access/pod-security-enforcement.ts';
import { readableInput } from './release/readable-input.ts';
import { certificateAutomation } from './tls/certificate-automation.ts';
import { ingressIssuer } from './tls/ingress-issuer.ts';
import { issuerConfigured } from './tls/issuer-configured.ts';
import { gracefulTermination } from './workloads/graceful-termination.ts';
import { healthProbeDesign } from './workloads/health-probe-design.ts';
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
  limitRange,
  podSecurityEnforcement,
  readableInput,
  certificateAutomation,
  ingressIssuer,
  issuerConfigured,
  gracefulTermination,
  healthProbeDesign,
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
export type CheckId = (typeof all)[number]['id'];
