import { isAllOpen } from '../../facts/network/egress.ts';
import { network } from '../../facts/network/network.ts';
import { isolation } from '../../facts/network/reach.ts';
import { unseenPolicies } from '../../facts/network/standing.ts';
import { openToFamily, type TierDefault, tierDefault } from '../../facts/network/tier-default.ts';
import { vendorPoliciesOn } from '../../facts/network/vendor.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck } from '../define-check.ts';
import { listing, passOn, proofOf, undecidable } from '../judge-traffic.ts';

export const egressIsolation = defineCheck({
  id: 'egress-isolation',
  gate: 'network',
  level: 'medium',
  title: 'Every workload may connect only to what it needs',
  rationale:
    'A workload that is taken over reaches whatever its egress allows: the internet, the metadata service of the cloud, other systems.',
  remedy: 'isolate-egress',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'Egress that a firewall in front of the cluster filters.',
  needs: { network },
  parameters: {},
  messages: {
    isolated: '{workload} may connect only to what rules of {policies} allow.',
    open: '{workload} may connect anywhere: no NetworkPolicy isolates it for egress.',
    unenforced: '{workload} may connect anywhere: no network plugin enforces policies.',
    opened:
      '{workload} may connect anywhere: egress rule {rule} of NetworkPolicy {policy} allows every destination on every port.',
    'open-to-all': '{workload} may connect anywhere: {because}.',
    'denied-by-name':
      '{workload} may connect to all that no rule denies: no NetworkPolicy isolates it for egress, and {policies} deny what they name alone.',
    depends: 'Whether the egress of {workload} is isolated is not known: it stands on {objects}.',
    unseen:
      'Whether the egress of {workload} is isolated is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
    'host-network': '{workload} runs on the host network: its traffic is its node’s, and no NetworkPolicy acts on it.',
  },
  looksFor: ['*'],
  *targets({ network: model }) {
    for (const endpoint of model.reviewed) yield { ref: endpoint.workload.ref, object: endpoint.workload.object, endpoint };
  },
  assess({ endpoint, ref: { kind, name } }, { network: model }, say) {
    const workload = `${kind} ${name}`;
    if (endpoint.workload.hostNetwork) return say.notApplicable('host-network', { workload });
    if (model.profile['no-enforcement'] === 'yes') return say.fail('unenforced', { workload });
    const { isolated, by, perhaps } = isolation(model, endpoint, 'egress');
    const unseen = unseenPolicies(model);
    const vendor = vendorPoliciesOn(model.vendor, endpoint.namespace.name).filter(({ effect }) => effect === 'both' || !isolated);
    const because = by
      .slice(0, 6)
      .map(({ object, ref }) => ({ note: `NetworkPolicy ${ref.name} isolates it`, object, at: ['spec'] }));
    const tiers = tierDefault(model, endpoint, 'egress');
    const inDoubt = tiers && !isolated && isPerhapsOpen(tiers) ? tiers.by : [];
    if (vendor.length > 0 || (!isolated && perhaps.length > 0) || inDoubt.length > 0) {
      const objects = listing([...vendor.map(({ object }) => object), ...perhaps, ...inDoubt].map(({ ref }) => formatRef(ref)));
      return { ...undecidable(say.unknown('depends', { workload, objects })), because };
    }
    if (tiers) {
      const [step] = (isolated || tiers.openOutside === 'no' ? openToFamily(model, endpoint) : undefined) ?? [];
      if (step) return { ...say.fail('open-to-all', { workload, because: step.note }), because: [step] };
    }
    const opening = by.flatMap((policy) => policy.egress.filter(isAllOpen).map((rule) => ({ policy, rule })))[0];
    if (opening && tiers === undefined) {
      const { policy, rule } = opening;
      return {
        ...say.fail('opened', { workload, policy: policy.ref.name, rule: rule.index + 1 }),
        because: [{ note: 'the rule', object: policy.object, at: rule.path }],
      };
    }
    if (unseen !== undefined) return { ...say.unknown('unseen', { workload, why: unseen }), because };
    if (!isolated) {
      if (tiers === undefined) return say.fail('open', { workload });
      const policies = listing(tiers.by.map(({ ref }) => formatRef(ref)));
      const isClosed = tiers.openToPods === 'no' && tiers.openOutside === 'no';
      return {
        ...(isClosed
          ? passOn(say.pass('isolated', { workload, policies }), model, [endpoint], tiers.given)
          : say.fail('denied-by-name', { workload, policies })),
        because: proofOf(tiers.because),
      };
    }
    return {
      ...say.pass('isolated', { workload, policies: listing(by.map(({ ref }) => `NetworkPolicy ${ref.name}`)) }),
      because,
    };
  },
});

/** Perhaps, and nowhere for certain. */
const isPerhapsOpen = ({ openToPods, openOutside }: TierDefault): boolean =>
  openToPods !== 'yes' && openOutside !== 'yes' && (openToPods === 'maybe' || openOutside === 'maybe');
