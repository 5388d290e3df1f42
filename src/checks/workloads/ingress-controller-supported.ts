import { type ServingController, ingressClasses } from '../../facts/ingress-classes.ts';
import { inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import { type Gateway, readGateway } from '../../kube/gateway.ts';
import type { Ingress } from '../../kube/ingress.ts';
import { controllerOfImage, gatewayControllerName, type IngressController } from '../../kube/ingress-controllers.ts';
import { textAt } from '../../kube/json.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck, type Judgement, type Say, type Target } from '../define-check.ts';

interface Entrance extends Target {
  readonly what: string;
  readonly found: ServingController | { readonly status: 'gateway'; readonly name: string; readonly implementation: string };
  /** The object that uses the class, where the class itself is in no source. */
  readonly user?: Ingress | Gateway;
}

const gatewayGroup = 'gateway.networking.k8s.io';

const messages = {
  supported: '{what} is served by {name}, which is maintained ({evidence}).',
  ending: '{what} is served by {name}, which is maintained until {ends} ({evidence}). Successors: {successors}.',
  ended: '{what} is served by {name}, which is no longer maintained since {ends} ({evidence}). Successors: {successors}.',
  retired:
    '{what} is served by {name}, which is retired: maintenance ends in {ended}, then no vulnerability is mended ({evidence}). Successors: {successors}.',
  'probably-retired':
    '{what} names no controller that can be seen, and is taken for {name} because of {evidence}. It is retired: maintenance ends in {ended}. Successors: {successors}. If another controller serves the class, give its IngressClass.',
  unrecognised: '{what} is served by {controller}, and whether that is maintained is not known here.',
  'unseen-class': 'Which controller serves {what} cannot be seen: {why}.{candidates} Give the IngressClass, or a dump of it.',
  'unseen-gateway': 'Which implementation serves {what} cannot be seen: {why}. Give the GatewayClass, or a dump of it.',
} as const;
type Speaker = Say<typeof messages>;

export const ingressControllerSupported = defineCheck({
  id: 'ingress-controller-supported',
  gate: 'workloads',
  level: 'high',
  title: 'The controllers that let traffic in are maintained',
  rationale:
    'The ingress controller reads TLS keys and faces the internet: a vulnerability that nobody mends there opens the cluster. ingress-nginx is retired since March 2026.',
  remedy: 'replace-ingress-controller',
  references: [
    'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
    'https://gateway-api.sigs.k8s.io/implementations/',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'A vendor mends a fork of it under contract, until a given date, or the move is under way and dated.',
  needs: { ingressClasses, inventory, workloads },
  parameters: {},
  messages,
  looksFor: ['Ingress.networking.k8s.io', 'Gateway.gateway.networking.k8s.io'],
  *targets({ ingressClasses, inventory, workloads }): Generator<Entrance> {
    for (const { name, object, ingresses, controller } of ingressClasses.uses) {
      const [user] = ingresses;
      if (object !== undefined) yield { ref: object.ref, object, what: `IngressClass ${object.ref.name}`, found: controller };
      else if (name === undefined)
        for (const ingress of ingresses)
          yield {
            ref: ingress.ref,
            object: ingress.object,
            what: `Ingress ${ingress.ref.name}`,
            found: controller,
            user: ingress,
          };
      else
        yield {
          ref: { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', name },
          what: `IngressClass ${name}`,
          found: controller,
          user,
        };
    }
    const gateways = inventory.systemOfKind(gatewayGroup, 'Gateway').flatMap((item) => readGateway(item) ?? []);
    for (const [className, [user]] of Map.groupBy(gateways, ({ className }) => className ?? '')) {
      if (user === undefined) continue;
      const lookup = inventory.lookup(gatewayGroup, 'GatewayClass', undefined, className);
      const what = `GatewayClass ${className}`;
      if (lookup.status === 'found') {
        const { object } = lookup;
        yield { ref: object.ref, object, what, found: gatewayFound(textAt(object.value, 'spec', 'controllerName') ?? '') };
      } else {
        const why =
          lookup.status === 'unseen'
            ? lookup.why
            : lookup.status === 'absent'
              ? 'the sources are complete for GatewayClass and have none of this name'
              : 'it is declared, its controller is not';
        yield {
          ref: { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', name: className },
          what,
          found: { status: 'unseen', why, candidates: [] },
          user,
        };
      }
    }
    // A system may bring its own controller, used or not.
    for (const { ref, object, containers } of workloads.system) {
      for (const { image, path } of containers) {
        const controller = image === undefined ? undefined : controllerOfImage(image);
        if (controller !== undefined)
          yield {
            ref,
            object,
            path: [...path, 'image'],
            what: `${ref.kind} ${ref.name}`,
            found: { status: 'known', controller, how: 'workload', evidence: `image ${image}` },
          };
      }
    }
  },
  assess({ what, found, user }, { asOf }, say) {
    const place = user === undefined ? {} : { in: user.object, at: placeOf(user) };
    if (found.status === 'gateway')
      return say.pass('supported', { what, name: found.implementation, evidence: `controllerName ${found.name}` });
    if (found.status === 'unrecognised')
      return {
        ...say.unknown('unrecognised', {
          what,
          controller: found.controller === '' ? 'a controller without a name' : found.controller,
        }),
        ...place,
      };
    if (found.status === 'unseen') {
      if (what.startsWith('GatewayClass')) return { ...say.unknown('unseen-gateway', { what, why: found.why }), ...place };
      const names = found.candidates.map(({ name, support }) =>
        support.status === 'retired' ? `${name} (retired, ${support.ended})` : name,
      );
      return {
        ...say.unknown('unseen-class', {
          what,
          why: found.why,
          candidates: names.length === 0 ? '' : ` The name is usual for ${names.join(' and for ')}.`,
        }),
        ...place,
      };
    }
    return { ...judgeController(what, found.controller, found, asOf, say), ...place };
  },
});

const gatewayFound = (controllerName: string): Entrance['found'] => {
  const implementation = gatewayControllerName(controllerName);
  return implementation === undefined
    ? { status: 'unrecognised', controller: controllerName }
    : { status: 'gateway', name: controllerName, implementation };
};

function judgeController(
  what: string,
  controller: IngressController,
  found: Extract<ServingController, { status: 'known' }>,
  asOf: string,
  say: Speaker,
): Judgement {
  const { name, support } = controller;
  const { evidence, how } = found;
  const assumed = how === 'annotations' || how === 'namespace' || how === 'provided';
  if (support.status === 'supported') {
    const pass = say.pass('supported', { what, name, evidence });
    // A hint is enough to warn of a retired controller, and not enough to vouch for another one.
    if (!assumed) return pass;
    if (how !== 'provided' || found.until === undefined || momentMs(found.until) <= momentMs(asOf))
      return say.unknown('unseen-class', { what, why: `only ${evidence} points to ${name}`, candidates: '' });
    return { ...pass, reason: 'assumed', until: found.until };
  }
  if (support.status === 'ending') {
    const data = { what, name, ends: support.ends, evidence, successors: support.successors };
    return momentMs(asOf) < momentMs(support.ends)
      ? { ...say.pass('ending', data), until: support.ends }
      : say.fail('ended', data);
  }
  const data = { what, name, ended: support.ended, evidence, successors: support.successors };
  return say.fail(assumed ? 'probably-retired' : 'retired', data);
}

function placeOf(user: Ingress | Gateway): readonly (string | number)[] {
  if (!('rules' in user)) return ['spec', 'gatewayClassName'];
  if (textAt(user.object.value, 'spec', 'ingressClassName') !== undefined) return ['spec', 'ingressClassName'];
  return user.className === undefined ? ['spec'] : ['metadata', 'annotations', 'kubernetes.io/ingress.class'];
}
