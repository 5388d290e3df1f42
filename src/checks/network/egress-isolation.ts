import { isAllOpen } from '../../facts/network/egress.ts';
import { network } from '../../facts/network/network.ts';
import { isolation } from '../../facts/network/reach.ts';
import { unseenPolicies } from '../../facts/network/standing.ts';
import { vendorPoliciesOn } from '../../facts/network/vendor.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck } from '../define-check.ts';
import { listing, undecidable } from '../judge-traffic.ts';

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
    opened:
      '{workload} may connect anywhere: egress rule {rule} of NetworkPolicy {policy} allows every destination on every port.',
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
    const { isolated, by, perhaps } = isolation(model, endpoint, 'egress');
    const unseen = unseenPolicies(model);
    const vendor = vendorPoliciesOn(model.vendor, endpoint.namespace.name).filter(({ effect }) => effect === 'both' || !isolated);
    const because = by
      .slice(0, 6)
      .map(({ object, ref }) => ({ note: `NetworkPolicy ${ref.name} isolates it`, object, at: ['spec'] }));
    if (vendor.length > 0 || (!isolated && perhaps.length > 0)) {
      const objects = listing([
        ...vendor.map(({ object }) => formatRef(object.ref)),
        ...perhaps.map(({ ref }) => formatRef(ref)),
      ]);
      return { ...undecidable(say.unknown('depends', { workload, objects })), because };
    }
    const opening = by.flatMap((policy) => policy.egress.filter(isAllOpen).map((rule) => ({ policy, rule })))[0];
    if (opening) {
      const { policy, rule } = opening;
      return {
        ...say.fail('opened', { workload, policy: policy.ref.name, rule: rule.index + 1 }),
        because: [{ note: 'the rule', object: policy.object, at: rule.path }],
      };
    }
    if (unseen !== undefined) return { ...say.unknown('unseen', { workload, why: unseen }), because };
    if (!isolated) return say.fail('open', { workload });
    return {
      ...say.pass('isolated', { workload, policies: listing(by.map(({ ref }) => `NetworkPolicy ${ref.name}`)) }),
      because,
    };
  },
});
