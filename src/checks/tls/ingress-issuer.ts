import { certificates, type IssuerReference } from '../../facts/certificates.ts';
import { exposures } from '../../facts/exposure.ts';
import type { Exposure } from '../../facts/exposure/model.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatRef, refKey } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type EntryTarget = Target & { readonly object: KubeObject; readonly exposures: readonly Exposure[] };

export const ingressIssuer = defineCheck({
  id: 'ingress-issuer',
  gate: 'tls',
  level: 'blocker',
  title: 'Every Ingress and Gateway names an issuer that exists, or has its certificate from elsewhere',
  rationale:
    'cert-manager makes a certificate only for what asks for one: an Ingress that names no issuer, or a misspelt one, stays without.',
  remedy: 'annotate-ingress',
  references: ['https://cert-manager.io/docs/usage/ingress/#supported-annotations'],
  decidedBy: 'platform',
  attestable: false,
  whenToWaive: 'An Ingress whose certificate is installed by hand, with its end watched.',
  needs: { exposures, certificates },
  parameters: {},
  messages: {
    none: '{object} names no issuer, and nothing else makes the certificate of {hosts}.',
    'no-such-issuer': '{object} names {issuer}, which does not exist.',
    contradictory: '{object} names an Issuer and a ClusterIssuer: cert-manager refuses both.',
    'no-tls': '{object} names {issuer}, but has no TLS for {hosts}: cert-manager makes no certificate.',
    unseen:
      '{object} names {issuer}, which is not in the sources ({why}). Give a dump of issuers, or declare it under spec.providedElsewhere.',
    undecided: 'Who issues the certificate of {hosts} for {object} is not seen: {why}.',
    'default-issuer': '{object} leaves the issuer to cert-manager’s own default, which is not in the sources. Name one.',
    annotated: '{object} names {issuer}, which exists.',
    provided: '{object} names {issuer}, which {owner} is declared to provide.',
    certificate: 'The certificate of {hosts} is made by {certificate}.',
    platform: 'The certificate of {hosts} comes from {by}.',
  },
  looksFor: ['Ingress.networking.k8s.io'],
  *targets({ exposures }): Generator<EntryTarget> {
    const entries = new Map<string, { readonly object: KubeObject; readonly exposures: Exposure[] }>();
    for (const exposure of exposures.target.exposures) {
      // Services have no hosts to issue for, and a route of an unseen Gateway is judged with the Gateway.
      if (exposure.via === 'Service') continue;
      const { annotated } = exposure;
      const entry = entries.get(refKey(annotated.ref)) ?? { object: annotated, exposures: [] };
      entry.exposures.push(exposure);
      entries.set(refKey(annotated.ref), entry);
    }
    for (const { object, exposures: list } of entries.values()) yield { ref: object.ref, object, exposures: list };
  },
  assess({ object: entry, exposures: list }, { certificates, asOf }, say) {
    const object = formatRef(entry.ref);
    const hostsOf = (some: readonly Exposure[]) =>
      [...new Set(some.map(({ host }) => (host === '*' || host === undefined ? 'every host' : host)))].sort().join(', ');
    const encrypted = list.filter(({ termination }) => termination.kind !== 'none');
    const judgeReference = (reference: IssuerReference, passed: () => Judgement): Judgement => {
      const issuer = `${reference.kind} ${reference.name}`;
      const lookup = certificates.lookupIssuer(reference);
      const place = { in: reference.object, at: reference.path };
      switch (lookup.status) {
        case 'found':
          return { ...passed(), ...place, because: [{ note: 'the issuer', object: lookup.object }] };
        case 'absent':
          return { ...say.fail('no-such-issuer', { object, issuer }), ...place };
        case 'unseen':
          return { ...say.unknown('unseen', { object, issuer, why: lookup.why }), ...place };
        case 'provided':
          return lookup.provided.expires > asOf
            ? {
                ...say.pass('provided', { object, issuer, owner: lookup.provided.owner }),
                ...place,
                reason: 'assumed',
                until: lookup.provided.expires,
              }
            : {
                ...say.unknown('unseen', { object, issuer, why: `what was declared of it ended at ${lookup.provided.expires}` }),
                ...place,
              };
      }
    };
    const annotation = certificates.annotationOf(entry);
    if (annotation.kind === 'contradictory') return { ...say.fail('contradictory', { object }), at: annotation.path };
    if (annotation.kind === 'default') return { ...say.unknown('default-issuer', { object }), at: annotation.path };
    if (annotation.kind === 'issuer') {
      const { reference } = annotation;
      const issuer = `${reference.kind} ${reference.name}`;
      if (encrypted.length === 0) return { ...say.fail('no-tls', { object, issuer, hosts: hostsOf(list) }), at: reference.path };
      return judgeReference(reference, () => say.pass('annotated', { object, issuer }));
    }
    // Plain listeners beside encrypted ones are the matter of the redirect.
    const answers = (encrypted.length > 0 ? encrypted : list).map((exposure) => ({
      exposure,
      automation: certificates.automationOf(exposure),
    }));
    const bare = answers.filter(
      ({ automation }) => automation.kind === 'no-tls' || automation.kind === 'manual' || automation.kind === 'inline',
    );
    if (bare.length > 0) return say.fail('none', { object, hosts: hostsOf(bare.map(({ exposure }) => exposure)) });
    for (const { exposure, automation } of answers) {
      const hosts = hostsOf([exposure]);
      if (automation.kind === 'unknown')
        return { ...say.unknown('undecided', { object, hosts, why: automation.why }), reason: 'undecidable' };
      if (automation.kind === 'copied')
        return {
          ...say.unknown('undecided', { object, hosts, why: `${formatRef(automation.object.ref)} copies it from a store` }),
          reason: 'undecidable',
        };
    }
    const [first, ...rest] = answers.map(({ exposure, automation }): Judgement => {
      const hosts = hostsOf([exposure]);
      const key = hosts;
      if (automation.kind === 'platform') return { ...say.pass('platform', { hosts, by: automation.by }), key };
      const made = 'object' in automation && automation.object !== undefined ? formatRef(automation.object.ref) : '';
      const passed = () => say.pass('certificate', { hosts, certificate: made });
      const issuer = 'issuer' in automation ? automation.issuer : undefined;
      return { ...(issuer === undefined ? passed() : judgeReference(issuer, passed)), key };
    });
    return first === undefined ? say.fail('none', { object, hosts: hostsOf(list) }) : [first, ...rest];
  },
});
