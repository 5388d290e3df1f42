import { exposures } from '../../facts/exposure.ts';
import { workloads } from '../../facts/workloads.ts';
import { readImageReference } from '../../kube/image-reference.ts';
import type { Workload } from '../../kube/workload.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Target } from '../define-check.ts';

type HostTarget = Target & { readonly host: string; readonly controller: Workload | undefined };

export const dnsConfigured = defineCheck({
  id: 'dns-configured',
  gate: 'release',
  level: 'high',
  title: 'The names of production lead to production',
  rationale: 'A name that leads nowhere, or still to the old system, is an outage from the first minute that no dashboard shows.',
  remedy: 'configure-dns',
  references: ['https://kubernetes-sigs.github.io/external-dns/'],
  decidedBy: 'person',
  attestable: true,
  whenToWaive: 'The record is switched as the launch itself.',
  needs: { exposures, workloads },
  parameters: {},
  messages: {
    unseen: 'Nobody has shown that {host} leads to this system. Look it up from outside and attest the result.',
    managed: '{controller} writes DNS records; that {host} leads to this system was not seen. Look it up and attest the result.',
  },
  looksFor: ['Ingress.networking.k8s.io', 'Service'],
  *targets({ exposures, workloads }): Generator<HostTarget> {
    const controller = workloads.all.find(({ containers }) =>
      containers.some(({ image }) => /(^|\/)external-dns$/.test(readImageReference(image ?? '')?.repository ?? '')),
    );
    for (const {
      ref,
      host,
      exposures: [first],
    } of exposures.target.hosts)
      yield {
        ref,
        object: first.object,
        path: first.path,
        host: host === '*' ? 'any host' : (host ?? formatRef(ref)),
        controller,
      };
  },
  assess({ host, controller }, _, say) {
    const answer = controller
      ? say.unknown('managed', { host, controller: formatRef(controller.ref) })
      : say.unknown('unseen', { host });
    return { ...answer, reason: 'needs-a-person' };
  },
});
