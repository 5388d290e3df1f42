import { exposures } from '../../facts/exposure.ts';
import type { Exposure } from '../../facts/exposure/model.ts';
import { plainHttpOf } from '../../facts/exposure/plain-http.ts';
import { inventory } from '../../facts/inventory.ts';
import { controllerWorkloads } from '../../facts/controller-workloads.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatRef, refKey } from '../../model/object-ref.ts';
import { defineCheck, type Target } from '../define-check.ts';

type EntryTarget = Target & { readonly object: KubeObject; readonly exposures: readonly Exposure[] };

export const httpsRedirect = defineCheck({
  id: 'https-redirect',
  gate: 'tls',
  level: 'high',
  title: 'Plain HTTP is redirected to HTTPS, or refused',
  rationale: 'Who types a host name starts with plain HTTP: without a redirect passwords and cookies travel in the open.',
  remedy: 'redirect-to-https',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect',
    'https://doc.traefik.io/traefik/middlewares/http/redirectscheme/',
    'https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'Clients that cannot speak TLS, on paths that carry nothing private.',
  needs: { exposures, inventory, controllerWorkloads },
  parameters: {},
  messages: {
    served: '{object} answers plain HTTP: {why}.',
    unknown: 'What {object} does with plain HTTP is not known: {why}. Give a dump of its controller, or attest it.',
    redirect: '{object} redirects to HTTPS by {by}.',
    default: '{object} redirects to HTTPS by {by}; {unproven}.',
    'https-only': '{object} answers no plain HTTP: {why}.',
  },
  looksFor: ['Ingress.networking.k8s.io'],
  *targets({ exposures }): Generator<EntryTarget> {
    const entries = new Map<string, { readonly object: KubeObject; readonly exposures: Exposure[] }>();
    for (const exposure of exposures.target.exposures) {
      if (exposure.via === 'Service') continue;
      const entry = entries.get(refKey(exposure.object.ref)) ?? { object: exposure.object, exposures: [] };
      entry.exposures.push(exposure);
      entries.set(refKey(exposure.object.ref), entry);
    }
    for (const { object, exposures: list } of entries.values()) yield { ref: object.ref, object, exposures: list };
  },
  assess({ object: entry, exposures }, { inventory, controllerWorkloads }, say) {
    const object = formatRef(entry.ref);
    const answer = plainHttpOf(entry, exposures, inventory, controllerWorkloads);
    const at = 'path' in answer && answer.path !== undefined ? { at: answer.path } : {};
    switch (answer.kind) {
      case 'served':
        return { ...say.fail('served', { object, why: answer.why }), ...at };
      case 'unknown':
        return { ...say.unknown('unknown', { object, why: answer.why }), reason: 'undecidable' };
      case 'https-only':
        return say.pass('https-only', { object, why: answer.why });
      case 'redirect':
        return answer.unproven === undefined
          ? { ...say.pass('redirect', { object, by: answer.by }), ...at }
          : { ...say.pass('default', { object, by: answer.by, unproven: answer.unproven }), reason: 'assumed' };
    }
  },
});
