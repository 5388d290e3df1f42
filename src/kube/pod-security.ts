import { baselineViolations } from './pod-security-baseline.ts';
import type { PssLevel, PssViolation } from './pod-security-level.ts';
import { restrictedViolations } from './pod-security-restricted.ts';
import type { Workload } from './workload.ts';

export type { PssLevel, PssViolation } from './pod-security-level.ts';

/**
 * Everything in a workload's Pods that the Pod Security Standards forbid, baseline controls first. Version 1.36 of the controls
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/ and k8s.io/pod-security-admission/policy). Init, sidecar
 * and ephemeral containers count. A baseline violation is not repeated as a restricted one.
 */
export function podSecurityViolations(workload: Workload): readonly PssViolation[] {
  return [...baselineViolations(workload), ...restrictedViolations(workload)];
}

/** The strictest level that admits the workload's Pods. */
export function podSecurityLevel(workload: Workload): PssLevel {
  const violations = podSecurityViolations(workload);
  if (violations.some((violation) => violation.level === 'baseline')) return 'privileged';
  return violations.length > 0 ? 'baseline' : 'restricted';
}
