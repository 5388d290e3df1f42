import type { KubeObject } from '../../kube/object.ts';

/** A policy of a network plugin or mesh. `narrows`: it can only close flows; `both`: it can also open what NetworkPolicy denies. */
export interface VendorPolicy {
  readonly object: KubeObject;
  readonly effect: 'narrows' | 'both';
  /** Namespace that it acts in; absent for the whole cluster. */
  readonly namespace?: string;
}

/** Cilium adds its rules to those of NetworkPolicy; Calico and Antrea decide before it. Meshes filter behind it. */
const effects: Readonly<Record<string, VendorPolicy['effect']>> = {
  'cilium.io|CiliumNetworkPolicy': 'both',
  'cilium.io|CiliumClusterwideNetworkPolicy': 'both',
  'crd.projectcalico.org|NetworkPolicy': 'both',
  'crd.projectcalico.org|GlobalNetworkPolicy': 'both',
  'projectcalico.org|NetworkPolicy': 'both',
  'projectcalico.org|GlobalNetworkPolicy': 'both',
  'crd.antrea.io|NetworkPolicy': 'both',
  'crd.antrea.io|ClusterNetworkPolicy': 'both',
  'security.istio.io|AuthorizationPolicy': 'narrows',
  'policy.linkerd.io|Server': 'narrows',
  'k8s.ovn.org|EgressFirewall': 'narrows',
};

/** Policies that this analysis sees and does not evaluate. */
export function vendorPolicies(objects: readonly KubeObject[]): readonly VendorPolicy[] {
  return objects.flatMap((object) => {
    const key = `${object.group}|${object.ref.kind}`;
    const effect = Object.hasOwn(effects, key) ? effects[key] : undefined;
    if (effect === undefined) return [];
    const { namespace } = object.ref;
    // An Istio policy in the mesh's root namespace acts on every namespace.
    const everywhere = namespace === undefined || (object.group === 'security.istio.io' && namespace === 'istio-system');
    return [everywhere ? { object, effect } : { object, effect, namespace }];
  });
}

/** Those that act on Pods of a namespace. */
export const vendorPoliciesOn = (policies: readonly VendorPolicy[], namespace: string): readonly VendorPolicy[] =>
  policies.filter((policy) => policy.namespace === undefined || policy.namespace === namespace);
