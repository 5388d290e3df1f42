import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import { controllersNamed, type IngressController, ingressControllerOf } from '../../kube/ingress-controllers.ts';
import type { Ingress } from '../../kube/ingress.ts';
import { textAt } from '../../kube/json.ts';
import type { Inventory } from '../inventory.ts';

/** Which controller serves an Ingress. */
export interface ServingController {
  /** One, or several that share a class name whose IngressClass is unseen. Empty: not known. */
  readonly candidates: readonly IngressController[];
  /** The class named, or the cluster's default; undefined where neither is known. */
  readonly className?: string;
  /** `spec.controller` of the class, where it is in the sources. */
  readonly controller?: string;
}

const group = 'networking.k8s.io';

/** The controller of an Ingress, by its class, else by the cluster's default class. */
export function controllerOf(known: Inventory, { className, object }: Pick<Ingress, 'className' | 'object'>): ServingController {
  const found =
    className === undefined
      ? known
          .ofKind(group, 'IngressClass')
          .find((item) => annotationsOf(item).get('ingressclass.kubernetes.io/is-default-class') === 'true')
      : known.ofKind(group, 'IngressClass').find((item) => item.ref.name === className);
  const controller = textAt(found?.value, 'spec', 'controller');
  if (found === undefined || !controller) {
    return className === undefined
      ? { candidates: [] }
      : { className, candidates: narrowed(controllersNamed(className), object) };
  }
  const entry = ingressControllerOf(controller);
  return { className: found.ref.name, controller, candidates: entry === undefined ? [] : [entry] };
}

/** True where every candidate is the controller of this id. */
export const isController = ({ candidates }: ServingController, id: string): boolean =>
  candidates.length > 0 && candidates.every((candidate) => candidate.id === id);

/** Several controllers share class names such as nginx: the one whose annotations the Ingress carries is meant. */
function narrowed(candidates: readonly IngressController[], object: KubeObject): readonly IngressController[] {
  const keys = [...annotationsOf(object).keys()];
  const meant = candidates.filter(
    ({ annotationPrefix: prefix }) => prefix !== undefined && keys.some((key) => key.startsWith(prefix)),
  );
  return meant.length === 1 ? meant : candidates;
}
