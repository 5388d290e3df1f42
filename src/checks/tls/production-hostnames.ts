import { type ExposedHost, exposures } from '../../facts/exposure.ts';
import { hostDoubt } from '../../facts/exposure/host-purpose.ts';
import { inventory } from '../../facts/inventory.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type HostTarget = Target & { readonly host: string; readonly exposed: ExposedHost };

export const productionHostnames = defineCheck({
  id: 'production-hostnames',
  gate: 'tls',
  level: 'blocker',
  title: 'The hosts are those of production',
  rationale:
    'A launch under a staging name, or under a name that staging answers too, sends users and their data to the wrong place.',
  remedy: 'set-production-hostnames',
  references: ['https://www.rfc-editor.org/rfc/rfc6761', 'https://www.rfc-editor.org/rfc/rfc2606'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A production host whose name happens to contain such a word.',
  needs: { exposures, inventory },
  parameters: {},
  messages: {
    purpose: '{host} is named for another environment ({word}).',
    reserved: '{host} ends in {ending}, which no public name may.',
    address: '{host} is an address, not a name.',
    placeholder: '{host} is a placeholder, not a host name.',
    shared: '{host} is served in {environment} too, by {object}.',
    'any-host': '{object} serves every host; which names production has is not seen. Name them.',
    'another-environment': 'The launch target is {environment}, not production.',
    production: '{host} names production, and no other environment serves it.',
    alone: '{host} names production; no other environment is there to compare with.',
  },
  looksFor: ['Ingress.networking.k8s.io'],
  *targets({ exposures }): Generator<HostTarget> {
    for (const exposed of exposures.target.hosts) {
      const [{ object, path }] = exposed.exposures;
      if (exposed.host !== undefined) yield { ref: exposed.ref, object, path, host: exposed.host, exposed };
    }
  },
  assess({ host, exposed }, { exposures, inventory }, say) {
    const { environment } = inventory;
    if (hostDoubt(`${environment.toLowerCase()}.domain.tld`)?.kind === 'purpose')
      return say.notApplicable('another-environment', { environment });
    if (host === '*') return say.unknown('any-host', { object: formatRef(exposed.exposures[0].object.ref) });
    const shared = [...exposures.comparisons].flatMap(([other, { exposures: list }]): readonly Judgement[] => {
      const twin = list.find((exposure) => exposure.host === host);
      return twin === undefined
        ? []
        : [
            {
              ...say.fail('shared', { host, environment: other, object: formatRef(twin.object.ref) }),
              key: other,
              because: [{ note: `serves it in ${other}`, object: twin.object, at: twin.path }],
            },
          ];
    });
    const doubt = hostDoubt(host);
    const named = doubt === undefined ? [] : [judgeDoubt(doubt)];
    const [first, ...rest] = [...named, ...shared];
    if (first !== undefined) return [first, ...rest];
    return say.pass(exposures.comparisons.size > 0 ? 'production' : 'alone', { host });

    function judgeDoubt(found: NonNullable<typeof doubt>): Judgement {
      switch (found.kind) {
        case 'purpose':
          return say.fail('purpose', { host, word: found.word });
        case 'reserved':
          return say.fail('reserved', { host, ending: found.ending });
        default:
          return say.fail(found.kind, { host });
      }
    }
  },
});
