import { controllerOfImage, type IngressController, type RedirectSetting } from '../../kube/ingress-controllers.ts';
import { readIngress } from '../../kube/ingress.ts';
import { booleanAt, isObject, textAt, texts, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import type { Workload } from '../../kube/workload.ts';
import type { Path } from '../../model/judgement.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Inventory } from '../inventory.ts';
import { controllerOf } from './controller.ts';

/** What becomes of plain HTTP. */
export type PlainHttp =
  /** `unproven`: something that was not seen could turn it off. */
  | { readonly kind: 'redirect'; readonly by: string; readonly unproven?: string; readonly path?: Path }
  /** Nobody listens for plain HTTP. */
  | { readonly kind: 'https-only'; readonly why: string }
  | { readonly kind: 'served'; readonly why: string; readonly path?: Path }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * What an Ingress does with plain HTTP, by its controller's rules: annotations of the Ingress first, then objects that it names, then
 * the controller's arguments and ConfigMap, then its default.
 */
export function ingressRedirect(object: KubeObject, known: Inventory, running: readonly Workload[]): PlainHttp {
  const ingress = readIngress(object);
  if (ingress === undefined) return { kind: 'unknown', why: 'it cannot be read' };
  const { candidates, className, controller } = controllerOf(known, ingress);
  if (candidates.length === 0) {
    const what = controller ?? (className === undefined ? undefined : `class ${className}`);
    return {
      kind: 'unknown',
      why:
        what === undefined
          ? 'it names no class, and no default class is in the sources'
          : `what ${what} does with plain HTTP is not known here`,
    };
  }
  const [first, ...others] = candidates.map((candidate) => byController(candidate, object, known, running));
  if (first === undefined) return { kind: 'unknown', why: 'no controller is known' };
  return others.every(({ kind }) => kind === first.kind)
    ? first
    : { kind: 'unknown', why: `${candidates.map(({ name }) => name).join(' or ')} may serve its class, and they differ` };
}

function byController(
  controller: IngressController,
  object: KubeObject,
  known: Inventory,
  running: readonly Workload[],
): PlainHttp {
  const annotations = annotationsOf(object);
  const { redirect, name } = controller;
  for (const setting of redirect.annotations) {
    const value = annotations.get(setting.key);
    const path = ['metadata', 'annotations', setting.key];
    const said = value === undefined ? undefined : readSetting(setting, value);
    if (said === 'on') return { kind: 'redirect', by: `its annotation ${setting.key}`, path };
    if (said === 'off') return { kind: 'served', why: `its annotation ${setting.key} turns the redirect of ${name} off`, path };
  }
  const special = byListeners(controller.id, annotations);
  if (special !== undefined) return special;
  const named = byNamedObject(controller, object, known);
  if (named !== undefined && named.kind !== 'unknown') return named;
  const pods = running.filter(({ containers }) =>
    containers.some(({ image }) => image !== undefined && controllerOfImage(image) === controller),
  );
  const args = pods.flatMap(argumentsOf);
  const { argument } = redirect;
  if (argument !== undefined && args.some((arg) => arg.toLowerCase().includes(argument)))
    return { kind: 'redirect', by: `the arguments of ${formatRef(pods[0]?.ref ?? object.ref)}` };
  const set = byConfigMap(controller, pods, args, known);
  if (set !== undefined && set.kind !== 'unknown') return set;
  if (named !== undefined) return named;
  if (redirect.byDefault === 'https-only') return { kind: 'https-only', why: `${name} listens on HTTPS only` };
  if (redirect.byDefault === 'redirect') {
    const by = `the default of ${name}, which no annotation turns off`;
    return { kind: 'redirect', by, ...(set === undefined ? {} : { unproven: set.why }) };
  }
  if (argument !== undefined && pods.length === 0)
    return { kind: 'unknown', why: `${name} may redirect everything, and its own configuration is not in the sources` };
  if (argument !== undefined && args.some((arg) => /config-?file/i.test(arg)))
    return { kind: 'unknown', why: `${name} has a configuration file that is not in the sources` };
  return { kind: 'served', why: `${name} serves plain HTTP unless it is told otherwise` };
}

function readSetting({ on, off }: RedirectSetting, written: string): 'on' | 'off' | undefined {
  const value = written.replace(/\s/g, '').toLowerCase();
  if (on === 'any' ? value !== '' : on.includes(value)) return 'on';
  return off.includes(value) ? 'off' : undefined;
}

/** Annotations that decide which ports are listened on at all. */
function byListeners(id: string, annotations: ReadonlyMap<string, string>): PlainHttp | undefined {
  if (id === 'traefik') {
    const entryPoints = annotations.get('traefik.ingress.kubernetes.io/router.entrypoints');
    return entryPoints?.trim() === 'websecure'
      ? { kind: 'https-only', why: 'it is bound to the entry point websecure alone' }
      : undefined;
  }
  if (id !== 'aws-load-balancer') return undefined;
  const ports = annotations.get('alb.ingress.kubernetes.io/listen-ports');
  // Without listen-ports the load balancer listens on 443 alone where a certificate is named, else on 80.
  const https =
    ports === undefined
      ? annotations.has('alb.ingress.kubernetes.io/certificate-arn')
      : !/HTTP"/.test(ports) && ports.includes('HTTPS');
  if (https) return { kind: 'https-only', why: 'the load balancer listens on HTTPS only' };
  const action = [...annotations].find(
    ([key, value]) => key.startsWith('alb.ingress.kubernetes.io/actions.') && /redirect/i.test(value) && value.includes('HTTPS'),
  );
  return action === undefined
    ? undefined
    : { kind: 'redirect', by: `its annotation ${action[0]}`, path: ['metadata', 'annotations', action[0]] };
}

/** A Middleware or FrontendConfig that the Ingress names. Unknown: named, and not in the sources. */
function byNamedObject({ redirect }: IngressController, object: KubeObject, known: Inventory): PlainHttp | undefined {
  let unseen: PlainHttp | undefined;
  for (const { group, kind, annotation, field } of redirect.objects) {
    const written = annotationsOf(object).get(annotation);
    if (written === undefined) continue;
    const path = ['metadata', 'annotations', annotation];
    const objects = known.ofKind(group, kind);
    for (const name of written.split(',').map((item) => item.trim())) {
      if (name === '') continue;
      const found = objects.find((item) => isNamed(item, name, object.ref.namespace));
      if (found === undefined) unseen ??= { kind: 'unknown', why: `${kind} ${name}, which it names, is not in the sources` };
      else if (redirects(valueAt(found.value, ...field))) return { kind: 'redirect', by: formatRef(found.ref), path };
    }
  }
  return unseen;
}

/** Traefik names objects of Kubernetes `namespace-name@kubernetescrd`; Google's FrontendConfig is a plain name of the same namespace. */
const isNamed = ({ ref }: KubeObject, name: string, namespace: string | undefined): boolean =>
  name.endsWith('@kubernetescrd')
    ? name === `${ref.namespace}-${ref.name}@kubernetescrd`
    : ref.name === name && ref.namespace === namespace;

const redirects = (value: ReturnType<typeof valueAt>): boolean =>
  value === true || (isObject(value) && textAt(value, 'scheme')?.toLowerCase() === 'https');

const argumentsOf = ({ containers }: Workload): readonly string[] =>
  containers.flatMap(({ value }) => [...texts(valueAt(value, 'command')), ...texts(valueAt(value, 'args'))]);

/** What the controller's own ConfigMap says. Unknown: there is one, and it is not in the sources. Undefined: none can decide. */
function byConfigMap(
  { redirect, name }: IngressController,
  pods: readonly Workload[],
  args: readonly string[],
  known: Inventory,
): Extract<PlainHttp, { why: string }> | Extract<PlainHttp, { kind: 'redirect' }> | undefined {
  if (redirect.configMap.length === 0) return undefined;
  const [pod] = pods;
  if (pod === undefined) return { kind: 'unknown', why: `the ConfigMap of ${name} is not in the sources` };
  const written = args.flatMap((arg) => /^--?(?:nginx-)?config-?maps?=(.{1,500})$/i.exec(arg)?.[1] ?? [])[0];
  if (written === undefined) return undefined;
  const [map = '', namespace = pod.namespace] = written.replaceAll('$(POD_NAMESPACE)', pod.namespace).split('/').reverse();
  const found = known.lookup('', 'ConfigMap', namespace, map);
  if (found.status === 'absent') return undefined;
  if (found.status !== 'found') return { kind: 'unknown', why: `ConfigMap ${namespace}/${map} of ${name} is not in the sources` };
  for (const setting of redirect.configMap) {
    const value = textAt(found.object.value, 'data', setting.key);
    const said = value === undefined ? undefined : readSetting(setting, value);
    if (said === 'on') return { kind: 'redirect', by: `${setting.key} of ${formatRef(found.object.ref)}` };
    if (said === 'off') return { kind: 'served', why: `${setting.key} of ${formatRef(found.object.ref)} turns the redirect off` };
  }
  return undefined;
}

/** True where something says outright that Contour may serve a route without TLS. */
export const permitsInsecure = (route: Parameters<typeof valueAt>[0]): boolean => booleanAt(route, 'permitInsecure') === true;
