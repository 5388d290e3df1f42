import { evidence, fact } from '../fact.ts';
import type { Inventory } from '../inventory.ts';
import { serverVersion } from './server-version.ts';

const overlays = evidence('standard-overlays', (bundle) => bundle.declared.standard.overlays);

/** The minor version that somebody demands of the cluster: the target of the check `retired-apis`, the last overlay first. */
export const demandedMinor = fact('demanded-minor', [overlays], (list): number | undefined => {
  for (const { parameters } of list.toReversed()) {
    const target = parameters['retired-apis']?.['targetVersion'];
    const minor = /^v?1\.(\d{1,3})(?:\.|$)/.exec(typeof target === 'string' ? target : '')?.[1];
    if (minor !== undefined) return Number(minor);
  }
  return undefined;
});

export interface ClusterMinor {
  readonly minor: number;
  /** Why it may be another one; undefined where the sources show it. */
  readonly assumption: string | undefined;
}

/** The newest version that the program knows. */
const newest = 36;

/** The minor version of the cluster whose default roles count: as the sources show it, else as the standard demands it. */
export function clusterMinor(known: Inventory, demanded: number | undefined): ClusterMinor {
  const { exact, atLeast } = serverVersion(known);
  if (exact !== undefined) return { minor: exact, assumption: undefined };
  if (atLeast !== undefined)
    return { minor: atLeast, assumption: `the API server is of Kubernetes 1.${atLeast}, as the newest kubelet is` };
  const minor = demanded ?? newest;
  return { minor, assumption: `the cluster runs Kubernetes 1.${minor}, which no source shows` };
}
