import type { ProvidedObject } from '../../evidence/declared.ts';
import { fact } from '../fact.ts';
import { type Inventory, inventory } from '../inventory.ts';
import type { Escalation } from './escalation.ts';

/** Namespaces that are declared, not seen, to enforce a Pod Security level: they cut the way from a Pod to its node by somebody's word. */
export interface PodSecurityClaims {
  /** The claim that a subject's paths rest on: the one that expires first. */
  behind(paths: readonly Escalation[]): ProvidedObject | undefined;
}

export const podSecurityClaims = fact('pod-security-claims', [inventory], claimsOf);

/** {@link podSecurityClaims} of one environment. */
function claimsOf(known: Inventory): PodSecurityClaims {
  const claims = new Map<string, ProvidedObject>();
  for (const { kind, name } of known.provided) {
    if (kind !== 'Namespace') continue;
    const found = known.lookup('', 'Namespace', undefined, name);
    if (found.status !== 'provided') continue;
    const level = found.provided.labels?.['pod-security.kubernetes.io/enforce'];
    if (level === 'baseline' || level === 'restricted') claims.set(name, found.provided);
  }
  return {
    behind(paths) {
      const used = paths.flatMap(({ target }) => {
        const place = placeOf(target);
        return place === undefined ? [] : (claims.get(place) ?? []);
      });
      return [...used].sort((a, b) => (a.expires < b.expires ? -1 : 1))[0];
    },
  };
}

/** The namespace in which a path lets its subject make or use Pods; reading Secrets makes none. */
function placeOf(target: Escalation['target']): string | undefined {
  if (target.startsWith('namespace:')) return target.slice('namespace:'.length);
  return target.startsWith('subject:') ? target.slice('subject:'.length).split('/')[0] : undefined;
}
