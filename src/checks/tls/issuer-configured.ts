import { certificates, type IssuerReference, readIssuer } from '../../facts/certificates.ts';
import { exposures } from '../../facts/exposure.ts';
import { inventory } from '../../facts/inventory.ts';
import { formatRef, ownApiVersion, refKey } from '../../model/object-ref.ts';
import { defineCheck, type Target } from '../define-check.ts';

type IssuerTarget = Target & { readonly reference: IssuerReference | undefined };

export const issuerConfigured = defineCheck({
  id: 'issuer-configured',
  gate: 'tls',
  level: 'blocker',
  title: 'The issuer of certificates is there, is ready, and is one that visitors trust',
  rationale:
    'Without a working issuer no certificate is made or renewed; one from a test server or of its own making is refused by every browser.',
  remedy: 'create-issuer',
  references: ['https://cert-manager.io/docs/configuration/', 'https://letsencrypt.org/docs/staging-environment/'],
  decidedBy: 'platform',
  attestable: false,
  whenToWaive: 'A system whose only clients trust its own authority.',
  needs: { certificates, exposures, inventory },
  parameters: {},
  messages: {
    none: 'There is no Issuer and no ClusterIssuer among {objects} objects.',
    absent: '{issuer} does not exist; {object} names it.',
    staging: '{issuer} uses the test server {server}, whose certificates no browser trusts.',
    'self-signed': '{issuer} makes self-signed certificates, which no browser trusts.',
    'not-ready': '{issuer} is not ready: {why}.',
    unseen: '{issuer} is not in the sources ({why}). Give a dump of issuers, or declare it under spec.providedElsewhere.',
    'none-seen':
      'No issuer is in the sources ({why}). Give a dump of ClusterIssuers, or declare one under spec.providedElsewhere.',
    provided: '{issuer} is declared to be there, by {owner}.',
    ready: '{issuer} ({type}) is ready.',
    configured: '{issuer} ({type}) is configured; whether it is ready, only a dump of the cluster shows.',
    unused: '{issuer} ({type}) is there; nothing names it yet.',
    elsewhere: 'Certificates come from {by}, which needs no issuer.',
  },
  looksFor: ['Ingress.networking.k8s.io', 'Service'],
  *targets({ certificates, exposures, inventory }): Generator<IssuerTarget> {
    const found = new Map<string, IssuerTarget>();
    let needed = false;
    for (const exposure of exposures.target.exposures) {
      const automation = certificates.automationOf(exposure);
      if (automation.kind !== 'platform') needed = true;
      const annotation = certificates.annotationOf(exposure.annotated);
      // The annotation counts even where TLS is not set up yet: it says which issuer is meant.
      const reference =
        annotation.kind === 'issuer'
          ? annotation.reference
          : automation.kind === 'certificate' || automation.kind === 'annotation'
            ? automation.issuer
            : undefined;
      if (reference === undefined) continue;
      const ref = refOf(reference);
      if (!found.has(refKey(ref))) found.set(refKey(ref), { ref, object: reference.object, path: reference.path, reference });
    }
    yield* found.values();
    if (found.size === 0 && exposures.target.exposures.length > 0)
      yield {
        ref: {
          apiVersion: ownApiVersion,
          kind: 'Source',
          name: needed ? inventory.environment : `${inventory.environment}/certificates`,
        },
        reference: undefined,
      };
  },
  assess({ reference }, { certificates, exposures, inventory, asOf }, say) {
    if (reference === undefined) {
      const platforms = exposures.target.exposures.flatMap((exposure) =>
        exposure.termination.kind === 'platform' ? [exposure.termination.by] : [],
      );
      if (platforms.length === exposures.target.exposures.length)
        return say.notApplicable('elsewhere', { by: [...new Set(platforms)].join(', ') });
      const usable = certificates.issuers.find(
        ({ type, staging, ready }) => type !== 'self-signed' && !staging && ready !== false,
      );
      if (usable)
        return { ...say.pass('unused', { issuer: formatRef(usable.object.ref), type: usable.type }), in: usable.object, at: [] };
      const provided = inventory.provided.find(
        ({ kind, expires }) => (kind === 'ClusterIssuer' || kind === 'Issuer') && expires > asOf,
      );
      if (provided)
        return {
          ...say.pass('provided', { issuer: `${provided.kind} ${provided.name}`, owner: provided.owner }),
          reason: 'assumed',
          until: provided.expires,
        };
      const [unfit] = certificates.issuers;
      if (unfit) return { ...judgeIssuer(unfit), in: unfit.object };
      const known = ['ClusterIssuer', 'Issuer']
        .map((kind) => inventory.completeness('cert-manager.io', kind))
        .find(({ complete }) => !complete);
      return known === undefined || known.complete
        ? say.fail('none', { objects: inventory.objects.length })
        : say.unknown('none-seen', { why: known.why });
    }
    const issuer = formatRef(refOf(reference));
    const lookup = certificates.lookupIssuer(reference);
    switch (lookup.status) {
      case 'absent':
        return say.fail('absent', { issuer, object: formatRef(reference.object.ref) });
      case 'unseen':
        return say.unknown('unseen', { issuer, why: lookup.why });
      case 'provided':
        return lookup.provided.expires > asOf
          ? {
              ...say.pass('provided', { issuer, owner: lookup.provided.owner }),
              reason: 'assumed',
              until: lookup.provided.expires,
            }
          : say.unknown('unseen', { issuer, why: `what was declared of it ended at ${lookup.provided.expires}` });
      case 'found':
        return { ...judgeIssuer(readIssuer(lookup.object, inventory.liveOf(lookup.object))), in: lookup.object };
    }
    function judgeIssuer({ object, type, staging, server, ready, readyMessage }: ReturnType<typeof readIssuer>) {
      const issuer = formatRef(object.ref);
      if (type === 'self-signed') return { ...say.fail('self-signed', { issuer }), at: ['spec', 'selfSigned'] };
      if (staging) return { ...say.fail('staging', { issuer, server: server ?? '' }), at: ['spec', 'acme', 'server'] };
      if (ready === false)
        return {
          ...say.fail('not-ready', { issuer, why: (readyMessage ?? 'its condition Ready is not True').replace(/\.$/, '') }),
          at: [],
        };
      return { ...say.pass(ready === true ? 'ready' : 'configured', { issuer, type }), at: ['spec'] };
    }
  },
});

const refOf = ({ group, kind, namespace, name }: IssuerReference) => ({
  apiVersion: `${group}/v1`,
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
});
