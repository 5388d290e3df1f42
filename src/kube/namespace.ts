import type { Path } from '../model/judgement.ts';
import { labelsOf, type KubeObject } from './object.ts';
import type { PssLevel } from './pod-security-level.ts';

/** What the Pod Security admission labels of a namespace say. Absent: not labelled, so the cluster's default applies. */
export interface PodSecurityLabels {
  readonly enforce?: PssLevel;
  /** `latest` or `v1.30`. */
  readonly enforceVersion?: string;
  readonly audit?: PssLevel;
  readonly warn?: PssLevel;
}

const nameLabel = 'kubernetes.io/metadata.name';
const prefix = 'pod-security.kubernetes.io/';
const isLevel = (value: string | undefined): value is PssLevel =>
  value === 'privileged' || value === 'baseline' || value === 'restricted';

/**
 * Reads `pod-security.kubernetes.io/*` labels. An invalid level is left out here, though the admission plugin reads an invalid
 * enforce level as restricted: the API server refuses to write one.
 */
export function podSecurityLabels(labels: ReadonlyMap<string, string>): PodSecurityLabels {
  const level = (mode: string) => {
    const value = labels.get(`${prefix}${mode}`);
    return isLevel(value) ? value : undefined;
  };
  const enforce = level('enforce');
  const audit = level('audit');
  const warn = level('warn');
  const enforceVersion = labels.get(`${prefix}enforce-version`);
  return {
    ...(enforce ? { enforce } : {}),
    ...(enforceVersion ? { enforceVersion } : {}),
    ...(audit ? { audit } : {}),
    ...(warn ? { warn } : {}),
  };
}

/** The label that the API server writes on a namespace, where a manifest gives it another value: nobody will ever see that. */
export function forgedName(object: KubeObject): { readonly path: Path; readonly problem: string } | undefined {
  const written = labelsOf(object).get(nameLabel);
  if (written === undefined || written === object.ref.name) return undefined;
  const path = ['metadata', 'labels', nameLabel];
  return { path, problem: `the API server sets the label ${nameLabel} to ${object.ref.name}, whatever a manifest says` };
}

/**
 * Labels that a namespace has. The API server sets `kubernetes.io/metadata.name` on every namespace and lets nobody change it, so
 * it is known even of a namespace without a manifest. A `name` label is not automatic.
 */
export function namespaceLabels(name: string, object: KubeObject | undefined): ReadonlyMap<string, string> {
  const labels = new Map(object === undefined ? [] : labelsOf(object));
  labels.set(nameLabel, name);
  return labels;
}
