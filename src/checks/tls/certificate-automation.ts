import { type Automation, certificates } from '../../facts/certificates.ts';
import { exposures } from '../../facts/exposure.ts';
import { covers, normalHost } from '../../facts/exposure/hosts.ts';
import type { Exposure } from '../../facts/exposure/model.ts';
import { textAt, texts, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type HostTarget = Target & { readonly exposures: readonly [Exposure, ...Exposure[]] };

export const certificateAutomation = defineCheck({
  id: 'certificate-automation',
  gate: 'tls',
  level: 'blocker',
  title: 'Every exposed host has a certificate that renews itself',
  rationale:
    'A certificate that somebody made by hand ends on a day that nobody remembers, and every visitor meets a browser warning.',
  remedy: 'install-cert-manager',
  references: ['https://cert-manager.io/docs/usage/ingress/', 'https://cert-manager.io/docs/usage/gateway/'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A host whose certificate must be bought and installed by hand, with its end in somebody’s calendar.',
  needs: { exposures, certificates },
  parameters: { certManagerOnly: false },
  messages: {
    'no-tls': '{host} is served by {object} without TLS.',
    manual: '{host} is served from Secret {secret}, which nothing renews.',
    inline: '{host} is served with a certificate that is written into {object}; nothing renews it.',
    'wrong-names': '{host} is served from Secret {secret}, whose {certificate} names {names} only.',
    'other-issuer': '{host} gets its certificate from {by}; this standard asks for cert-manager.',
    unseen: 'How the certificate of {host} is renewed is not seen: {why}. Add its Certificate, or attest it.',
    copied: 'Secret {secret} of {host} is copied by {object}; who renews the certificate in the store is not seen. Attest it.',
    certificate: '{host} is served from Secret {secret}, which {certificate} renews.',
    annotation: '{host} is served from Secret {secret}, which cert-manager makes for {object}.',
    platform: '{host} is served with a certificate of {by}.',
  },
  looksFor: ['Ingress.networking.k8s.io', 'Service'],
  *targets({ exposures }): Generator<HostTarget> {
    for (const { ref, exposures: list } of exposures.target.hosts) {
      const encrypted = list.filter(({ termination }) => termination.kind !== 'none');
      // Plain HTTP beside HTTPS is the matter of the redirect.
      const [first, ...rest] = encrypted.length > 0 ? encrypted : list;
      if (first !== undefined) yield { ref, object: first.object, path: first.path, exposures: [first, ...rest] };
    }
  },
  assess({ exposures, ref }, { certificates, parameters }, say) {
    const judge = (exposure: Exposure): Judgement => {
      const host = exposure.host === undefined ? formatRef(ref) : exposure.host === '*' ? 'Every host (*)' : exposure.host;
      const object = formatRef(exposure.object.ref);
      const { termination } = exposure;
      const secret = termination.kind === 'secret' ? `${termination.namespace}/${termination.name}` : '';
      const answer = certificates.automationOf(exposure);
      switch (answer.kind) {
        case 'no-tls':
          return say.fail('no-tls', { host, object });
        case 'inline':
          return say.fail('inline', { host, object });
        case 'manual':
          return {
            ...say.fail('manual', { host, secret }),
            ...(answer.secret ? { because: [{ note: 'made by hand', object: answer.secret }] } : {}),
          };
        case 'unknown':
          return { ...say.unknown('unseen', { host, why: answer.why }), reason: 'undecidable' };
        case 'copied':
          return { ...say.unknown('copied', { host, secret, object: formatRef(answer.object.ref) }), reason: 'needs-a-person' };
        case 'platform':
          return parameters.certManagerOnly
            ? say.fail('other-issuer', { host, by: answer.by })
            : say.pass('platform', { host, by: answer.by });
        case 'annotation':
          return say.pass('annotation', { host, secret, object: formatRef(answer.object.ref) });
        case 'certificate':
          return certificate(answer, exposure.host, { host, secret });
      }
    };
    const certificate = (
      { object }: Extract<Automation, { kind: 'certificate' }>,
      name: string | undefined,
      data: { host: string; secret: string },
    ): Judgement => {
      const names = namesOf(object);
      const because = [{ note: 'makes and renews the Secret', object }];
      return names.length === 0 || name === undefined || name === '*' || names.some((known) => covers(known, name))
        ? { ...say.pass('certificate', { ...data, certificate: formatRef(object.ref) }), because }
        : { ...say.fail('wrong-names', { ...data, certificate: formatRef(object.ref), names: names.join(', ') }), because };
    };
    const [first, ...rest] = exposures;
    const of = (exposure: Exposure): Judgement => ({
      ...judge(exposure),
      in: exposure.object,
      at: exposure.path,
      key: `${formatRef(exposure.object.ref)}${exposure.termination.kind === 'secret' ? ` ${exposure.termination.name}` : ''}`,
    });
    return [of(first), ...rest.map(of)];
  },
});

/** Names that a Certificate asks for; empty for other objects. */
function namesOf({ value }: KubeObject): readonly string[] {
  const common = textAt(value, 'spec', 'commonName');
  return [...texts(valueAt(value, 'spec', 'dnsNames')), ...(common ? [common] : [])].map(normalHost);
}
