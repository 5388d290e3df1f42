import { type Ingress, readIngress } from '../kube/ingress.ts';
import { controllerOfImage, controllersNamed, type IngressController, ingressControllerOf } from '../kube/ingress-controllers.ts';
import { textAt, texts, valueAt } from '../kube/json.ts';
import { annotationsOf, type KubeObject } from '../kube/object.ts';
import { fact } from './fact.ts';
import { type Inventory, inventory } from './inventory.ts';
import { type Workloads, workloads } from './workloads.ts';

/** Which program serves an Ingress class, and how that is known. */
export type ServingController =
  /**
   * class: its IngressClass names it. workload: no IngressClass is seen, but of the programs that this class name may stand for one
   * runs. annotations, namespace, provided: nothing but what the Ingresses say, a namespace called `ingress-nginx`, or a declaration
   * point to it: an assumption.
   */
  | {
      readonly status: 'known';
      readonly controller: IngressController;
      readonly how: 'class' | 'workload' | 'annotations' | 'namespace' | 'provided';
      readonly evidence: string;
      readonly until?: string;
    }
  /** The IngressClass names a program that is in no table. */
  | { readonly status: 'unrecognised'; readonly controller: string }
  | { readonly status: 'unseen'; readonly why: string; readonly candidates: readonly IngressController[] };

/** An Ingress class and the Ingresses under review that use it. */
export interface IngressClassUse {
  /** Undefined: the Ingresses name no class. */
  readonly name: string | undefined;
  /** The IngressClass; for Ingresses that name none, the default one. */
  readonly object: KubeObject | undefined;
  readonly ingresses: readonly [Ingress, ...Ingress[]];
  readonly controller: ServingController;
}

export interface IngressClasses {
  /** Classes that Ingresses under review use, by name. */
  readonly uses: readonly IngressClassUse[];
  /** The use that an Ingress under review is part of. */
  of(ingress: KubeObject): IngressClassUse | undefined;
}

const group = 'networking.k8s.io';
const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

export const ingressClasses = fact('ingress-classes', [inventory, workloads], ingressClassesOf);

/** Ingress classes of one environment. */
export function ingressClassesOf(known: Inventory, running: Workloads): IngressClasses {
  const ingresses = [...known.systemOfKind(group, 'Ingress'), ...known.systemOfKind('extensions', 'Ingress')].flatMap(
    (object) => readIngress(object) ?? [],
  );
  const byName = Map.groupBy(ingresses, ({ className }) => className ?? '');
  const uses = [...byName.keys()].sort().flatMap((key): readonly IngressClassUse[] => {
    const [first, ...others] = byName.get(key) ?? [];
    if (first === undefined) return [];
    const name = key === '' ? undefined : key;
    const group: IngressClassUse['ingresses'] = [first, ...others];
    const object = classObject(known, name);
    return [{ name, object, ingresses: group, controller: servingController(known, running, name, object, group) }];
  });
  const byObject = new Map(uses.flatMap((use) => use.ingresses.map(({ object }) => [object, use] as const)));
  return { uses, of: (ingress) => byObject.get(ingress) };
}

function classObject(known: Inventory, name: string | undefined): KubeObject | undefined {
  const classes = known.ofKind(group, 'IngressClass');
  if (name !== undefined) return classes.find(({ ref }) => ref.name === name);
  // Of several default classes admission takes the newest, and manifests show no age.
  const defaults = classes.filter((object) => annotationsOf(object).get(defaultAnnotation) === 'true');
  return defaults.length === 1 ? defaults[0] : undefined;
}

function servingController(
  known: Inventory,
  running: Workloads,
  name: string | undefined,
  object: KubeObject | undefined,
  ingresses: readonly Ingress[],
): ServingController {
  const seen = new Map(
    running.all.flatMap(({ containers, ref }) =>
      containers.flatMap(({ image }) => {
        const controller = image === undefined ? undefined : controllerOfImage(image);
        return controller === undefined ? [] : [[controller.id, { controller, workload: ref.name }] as const];
      }),
    ),
  );
  if (object !== undefined) {
    const text = textAt(object.value, 'spec', 'controller') ?? '';
    const controller = ingressControllerOf(text);
    if (controller === undefined) return { status: 'unrecognised', controller: text };
    const standIn = controller.id === 'ingress-nginx' && !seen.has('ingress-nginx') ? traefikInPlaceOfNginx(running) : undefined;
    const traefik = standIn === undefined ? undefined : ingressControllerOf('traefik.io/ingress-controller');
    if (standIn !== undefined && traefik !== undefined)
      return {
        status: 'known',
        controller: traefik,
        how: 'workload',
        evidence: `${standIn} serves class ${object.ref.name} in place of ingress-nginx`,
      };
    return { status: 'known', controller, how: 'class', evidence: `IngressClass ${object.ref.name} names ${text}` };
  }
  if (name === undefined)
    return {
      status: 'unseen',
      why: 'it names no class, and the sources do not hold exactly one default IngressClass',
      candidates: [],
    };
  const candidates = controllersNamed(name);
  const runningOnes = candidates.flatMap(({ id }) => seen.get(id) ?? []);
  const [only] = runningOnes;
  if (only !== undefined && runningOnes.length === 1)
    return { status: 'known', controller: only.controller, how: 'workload', evidence: `workload ${only.workload} runs it` };
  return byAssumption(known, name, candidates, ingresses);
}

function byAssumption(
  known: Inventory,
  name: string,
  candidates: readonly IngressController[],
  ingresses: readonly Ingress[],
): ServingController {
  const lookup = known.lookup(group, 'IngressClass', undefined, name);
  const annotated = candidates.flatMap((controller) => {
    const prefix = controller.annotationPrefix;
    const key =
      prefix === undefined
        ? undefined
        : ingresses.flatMap(({ object }) => [...annotationsOf(object).keys()]).find((item) => item.startsWith(prefix));
    return key === undefined ? [] : [{ controller, key }];
  });
  const [marked] = annotated;
  if (marked !== undefined && annotated.length === 1)
    return { status: 'known', controller: marked.controller, how: 'annotations', evidence: `annotation ${marked.key}` };
  const [single] = candidates;
  if (lookup.status === 'provided' && single !== undefined && candidates.length === 1)
    return {
      status: 'known',
      controller: single,
      how: 'provided',
      evidence: `${lookup.provided.owner} declares IngressClass ${name}`,
      until: lookup.provided.expires,
    };
  const nginx = candidates.find(({ id }) => id === 'ingress-nginx');
  const namespace = known.lookup('', 'Namespace', undefined, 'ingress-nginx').status;
  if (nginx !== undefined && (namespace === 'found' || namespace === 'provided'))
    return { status: 'known', controller: nginx, how: 'namespace', evidence: 'a namespace ingress-nginx exists' };
  const why =
    lookup.status === 'unseen'
      ? lookup.why
      : lookup.status === 'absent'
        ? `the sources are complete for IngressClass and have none called ${name}`
        : `IngressClass ${name} is declared, its controller is not`;
  return { status: 'unseen', why, candidates };
}

/**
 * Traefik can take over the classes and annotations of ingress-nginx (provider kubernetesIngressNGINX), and then the IngressClass
 * still names `k8s.io/ingress-nginx`. The name of the workload that does; its configuration may also stand in a file, unseen here.
 */
function traefikInPlaceOfNginx(running: Workloads): string | undefined {
  return running.all.find(({ containers }) =>
    containers.some(
      ({ image, value }) =>
        image !== undefined &&
        controllerOfImage(image)?.id === 'traefik' &&
        [...texts(valueAt(value, 'args')), ...texts(valueAt(value, 'command'))].some(
          (argument) =>
            argument.toLowerCase().startsWith('--providers.kubernetesingressnginx') && !argument.toLowerCase().endsWith('=false'),
        ),
    ),
  )?.ref.name;
}
