import type { KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';

/** Where the certificate of an exposed host comes from. */
export type Termination =
  /** No TLS: plain HTTP only. */
  | { readonly kind: 'none' }
  | { readonly kind: 'secret'; readonly namespace: string; readonly name: string }
  /** A cloud or platform issues and renews it. `by` names it for a reader. */
  | { readonly kind: 'platform'; readonly by: string }
  /** The controller picks a certificate of its own; which one, no object of the system says. */
  | { readonly kind: 'controller'; readonly why: string }
  /** Written into the object by hand. */
  | { readonly kind: 'inline' }
  /** Passed through to the Pods. */
  | { readonly kind: 'pods' }
  /** Decided by something that is not in the sources. */
  | { readonly kind: 'unseen'; readonly why: string };

export type Via = 'Ingress' | 'Gateway' | 'Route' | 'IngressRoute' | 'HTTPProxy' | 'IstioGateway' | 'Service';

/** One host that one object of the system opens to the outside. */
export interface Exposure {
  /** Lower-case; `*` for every host; undefined for a Service that no host name is known of. */
  readonly host: string | undefined;
  readonly via: Via;
  /** The Ingress, route or Service under review. */
  readonly object: KubeObject;
  /** Where the host stands in it. */
  readonly path: Path;
  readonly termination: Termination;
  /** The object that carries cert-manager's annotations for it: the Ingress, or the Gateway of a route. */
  readonly annotated: KubeObject;
}
