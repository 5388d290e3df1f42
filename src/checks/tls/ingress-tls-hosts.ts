import { exposures } from '../../facts/exposure.ts';
import { controllerOf, isController } from '../../facts/exposure/controller.ts';
import type { Exposure } from '../../facts/exposure/model.ts';
import { inventory } from '../../facts/inventory.ts';
import { readIngress } from '../../kube/ingress.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatRef, refKey } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type EntryTarget = Target & { readonly object: KubeObject; readonly exposures: readonly [Exposure, ...Exposure[]] };

export const ingressTlsHosts = defineCheck({
  id: 'ingress-tls-hosts',
  gate: 'tls',
  level: 'blocker',
  title: 'Every host of an Ingress, Gateway or route is covered by TLS with a certificate of its own',
  rationale: 'A host that no tls entry covers is served in the open, or with the controller’s placeholder certificate.',
  remedy: 'annotate-ingress',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A host that has to answer plain HTTP only, such as one for ACME challenges.',
  needs: { exposures, inventory },
  parameters: {},
  messages: {
    uncovered: '{host} is not covered by TLS in {object}.',
    'any-host': '{object} serves every host, and TLS does not cover that: name its hosts and cover them.',
    undecided: 'Which certificate covers {host} in {object} is not known: {why}.',
    covered: '{host} is covered by Secret {secret}.',
    elsewhere: '{host} is covered by {other}, which the same controller merges with {object}.',
    platform: '{host} is covered by {by}.',
    other: '{host} is covered: {how}.',
  },
  looksFor: ['Ingress.networking.k8s.io'],
  *targets({ exposures }): Generator<EntryTarget> {
    const entries = new Map<string, [Exposure, ...Exposure[]]>();
    for (const exposure of exposures.target.exposures) {
      if (exposure.via === 'Service') continue;
      const list = entries.get(refKey(exposure.object.ref));
      if (list) list.push(exposure);
      else entries.set(refKey(exposure.object.ref), [exposure]);
    }
    for (const list of entries.values()) yield { ref: list[0].object.ref, object: list[0].object, exposures: list };
  },
  assess({ object: entry, exposures: list }, { exposures, inventory }, say) {
    const object = formatRef(entry.ref);
    const judge = (exposure: Exposure): Judgement => {
      const host = exposure.host === '*' || exposure.host === undefined ? 'Every host' : exposure.host;
      const { termination } = exposure;
      switch (termination.kind) {
        case 'secret':
          return say.pass('covered', { host, secret: `${termination.namespace}/${termination.name}` });
        case 'platform':
          return say.pass('platform', { host, by: termination.by });
        case 'pods':
          return say.pass('other', { host, how: 'TLS passes through to the Pods' });
        case 'inline':
          return say.pass('other', { host, how: 'the certificate is written into the object' });
        case 'controller':
        case 'unseen':
          return { ...say.unknown('undecided', { host, object, why: termination.why }), reason: 'undecidable' };
        case 'none': {
          const other = mergedWith(exposure, exposures.target.exposures);
          if (other !== undefined && merges(entry, other.object))
            return say.pass('elsewhere', { host, object, other: formatRef(other.object.ref) });
          return exposure.host === '*' ? say.fail('any-host', { object }) : say.fail('uncovered', { host, object });
        }
      }
    };
    /** ingress-nginx has one server for each host; a plain listener beside an encrypted one belongs to the redirect. */
    const merges = (one: KubeObject, other: KubeObject): boolean => {
      const [a, b] = [readIngress(one), readIngress(other)];
      if (a === undefined || b === undefined) return a === b;
      return a.className === b.className && isController(controllerOf(inventory, a), 'ingress-nginx');
    };
    const of = (exposure: Exposure): Judgement => ({ ...judge(exposure), at: exposure.path, key: exposure.host ?? '' });
    // One host on several listeners is one question: the encrypted listener answers it.
    const byHost = new Map<string, Exposure>();
    for (const exposure of list) {
      const known = byHost.get(exposure.host ?? '');
      if (known === undefined || known.termination.kind === 'none') byHost.set(exposure.host ?? '', exposure);
    }
    const [first, ...rest] = [...byHost.values()].map(of);
    return first === undefined ? of(list[0]) : [first, ...rest];
  },
});

/** Another exposure of the same host, of the same kind, that has TLS. */
const mergedWith = (one: Exposure, all: readonly Exposure[]): Exposure | undefined =>
  all.find((other) => other !== one && other.via === one.via && other.host === one.host && other.termination.kind !== 'none');
