import { exposures } from '../../facts/exposure.ts';
import type { Exposure } from '../../facts/exposure/model.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Target } from '../define-check.ts';

type HostTarget = Target & { readonly exposures: readonly Exposure[]; readonly host: string };

export const tlsTermination = defineCheck({
  id: 'tls-termination',
  gate: 'tls',
  level: 'high',
  title: 'TLS was seen to work from outside, on every host',
  rationale:
    'Manifests say what should be served. Whether the load balancer, the name and the certificate fit together shows only to who asks.',
  remedy: 'verify-tls-termination',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  decidedBy: 'person',
  attestable: true,
  whenToWaive: 'A host that does not exist before launch day, when it is the first thing to be probed.',
  needs: { exposures },
  parameters: {},
  messages: {
    'cannot-terminate': '{host} cannot be served with TLS: {objects} has none for it.',
    unprobed: 'Nobody has shown that {host} answers with its certificate. Probe it from outside and attest the result.',
  },
  looksFor: ['Ingress.networking.k8s.io', 'Service'],
  *targets({ exposures }): Generator<HostTarget> {
    for (const { ref, host, exposures: list } of exposures.target.hosts) {
      const [first] = list;
      yield {
        ref,
        object: first.object,
        path: first.path,
        exposures: list,
        host: host === '*' ? 'Every host (*)' : (host ?? formatRef(ref)),
      };
    }
  },
  assess({ exposures, host }, _, say) {
    const plain = exposures.every(({ termination }) => termination.kind === 'none');
    if (plain)
      return say.fail('cannot-terminate', {
        host,
        objects: [...new Set(exposures.map(({ object }) => formatRef(object.ref)))].join(', '),
      });
    return { ...say.unknown('unprobed', { host }), reason: 'needs-a-person' };
  },
});
