import { listAt, textAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Inventory } from '../inventory.ts';

/** What the sources show of the API server's minor version: exactly, at least, or nothing. */
export interface ServerVersion {
  readonly exact?: number;
  readonly atLeast?: number;
}

/**
 * The minor version of the API server. Its own Pod's image says it; kubelets are never newer than it (up to three minors older), so
 * that of a Node is a lower bound only (kubernetes.io/releases/version-skew-policy).
 */
export function serverVersion(known: Inventory): ServerVersion {
  const servers = known
    .ofKind('', 'Pod')
    .filter(
      ({ ref, value }) =>
        ref.namespace === 'kube-system' && textAt(value, 'metadata', 'labels', 'component') === 'kube-apiserver',
    )
    .flatMap((pod) =>
      listAt(pod.value, 'spec', 'containers').flatMap((container) => minorOf(imageTag(textAt(container, 'image'))) ?? []),
    );
  // While it is being upgraded a cluster serves two versions: the older one decides.
  if (servers.length > 0) return { exact: Math.min(...servers) };
  const kubelets = known.ofKind('', 'Node').flatMap((node) => minorOf(kubeletOf(node)) ?? []);
  return kubelets.length === 0 ? {} : { atLeast: Math.max(...kubelets) };
}

const kubeletOf = (node: KubeObject): string | undefined => textAt(node.value, 'status', 'nodeInfo', 'kubeletVersion');
const imageTag = (image: string | undefined): string | undefined => image?.split('@')[0]?.split('/').at(-1)?.split(':')[1];

/** `v1.34.2-eks-1a2b` -> 34. */
function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?:[.+-]|$)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/**
 * Does `get` on pods/exec alone open a shell? Until Kubernetes 1.34 a websocket asks for `get` only; from 1.35 the gate
 * AuthorizePodWebsocketUpgradeCreatePermission (on by default) asks for `create` too.
 */
export function websocketByGet({ exact, atLeast }: ServerVersion): boolean | undefined {
  if (exact !== undefined) return exact < 35;
  return atLeast !== undefined && atLeast >= 35 ? false : undefined;
}
