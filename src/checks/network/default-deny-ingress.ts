import { defaultDeny, type Opening } from '../../facts/network/isolation.ts';
import { network } from '../../facts/network/network.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { isForAllPods } from '../../facts/network/tier-default.ts';
import { tierName } from '../../facts/network/tiers.ts';
import { formatSelector } from '../../kube/selector.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Judgement } from '../define-check.ts';
import { counted, listing, undecidable } from '../judge-traffic.ts';

const width: Readonly<Record<Opening['to'], string>> = {
  everyone: 'everybody',
  addresses: 'a range of addresses',
  'every-namespace': 'every namespace',
  'own-namespace': 'the whole namespace',
  'selected-pods': 'selected Pods',
};

export const defaultDenyIngress = defineCheck({
  id: 'default-deny-ingress',
  gate: 'network',
  level: 'blocker',
  title: 'Every namespace denies what nobody allowed',
  rationale:
    'Without a default denial, a Pod that nobody thought of is open to the whole cluster, and so is each new one until somebody writes a policy for it.',
  remedy: 'deny-ingress-by-default',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A namespace whose every Pod is meant to be open to the cluster, such as one for shared infrastructure.',
  needs: { network },
  parameters: {},
  messages: {
    denied: 'A Pod without labels in namespace {namespace} admits nobody: {policies} isolates it, and no rule applies to it.',
    'not-isolated':
      'No NetworkPolicy isolates every Pod of namespace {namespace} for ingress: a Pod that no policy selects admits everybody ({workloads} there).',
    unenforced:
      'No network plugin enforces policies, so that every Pod of namespace {namespace} admits everybody: {assumptions}.',
    selective:
      'The policies of namespace {namespace} deny by default to Pods that match {selectors}, and not to every Pod: select all with an empty podSelector.',
    opened: '{policy} voids the default denial of namespace {namespace}: ingress rule {rule} lets {width} in to every Pod.',
    'pods-only':
      'No NetworkPolicy isolates every Pod of namespace {namespace} for ingress: {policies} can deny Pods alone, and admit addresses outside the cluster and Pods on the host network ({workloads} there).',
    'perhaps-opened':
      'NetworkPolicy {policy} may void the default denial of namespace {namespace}: the API server refuses a part of it, so that it is not known whether it is in force.',
    'perhaps-voided':
      '{policy} may void the default denial of namespace {namespace} by its ingress rule {rule}, which comes before every NetworkPolicy: {assumptions}.',
    depends: 'Whether namespace {namespace} denies by default is not known: {assumptions}. It stands on {objects}.',
    unseen:
      'Whether namespace {namespace} denies by default is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
  },
  looksFor: ['*'],
  *targets({ network: model }) {
    for (const [name, workloads] of Map.groupBy(model.reviewed, ({ namespace }) => namespace.name)) {
      const { object = workloads[0]?.workload.object } = model.namespace(name);
      yield { ref: { apiVersion: 'v1', kind: 'Namespace', name }, name, workloads, ...(object ? { object } : {}) };
    }
  },
  assess({ name: namespace, workloads }, { network: model }, say) {
    const found = defaultDeny(model, namespace, 'ingress');
    const { answer, by, openings, vendor, assumptions } = found;
    const tiers = listing(found.tiers.map(({ ref }) => formatRef(ref)));
    const because = by
      .slice(0, 6)
      .map(({ object, ref }) => ({ note: `NetworkPolicy ${ref.name} selects every Pod`, object, at: ['spec', 'podSelector'] }));
    switch (answer) {
      case 'depends': {
        const objects = listing([...vendor.map(({ object }) => object), ...by, ...found.tiers].map(({ ref }) => formatRef(ref)));
        return { ...undecidable(say.unknown('depends', { namespace, assumptions: explain(assumptions), objects })), because };
      }
      case 'not-isolated': {
        if (assumptions.length > 0) return say.fail('unenforced', { namespace, assumptions: explain(assumptions) });
        const why = unseenPolicies(model);
        if (why !== undefined) return say.unknown('unseen', { namespace, why });
        return say.fail('not-isolated', { namespace, workloads: counted(workloads.length, 'workload') });
      }
      case 'pods-only': {
        const why = unseenPolicies(model);
        if (why !== undefined) return say.unknown('unseen', { namespace, why });
        return say.fail('pods-only', { namespace, policies: tiers, workloads: counted(workloads.length, 'workload') });
      }
      case 'denied': {
        // `{ key: tier, operator: DoesNotExist }` takes a Pod without labels for its own, and lets every Pod with that label go.
        if (!by.some(({ podSelector }) => podSelector.requirements.length === 0)) {
          const selectors = listing(by.map(({ podSelector }) => formatSelector(podSelector)));
          return { ...say.fail('selective', { namespace, selectors }), because };
        }
        // Policies add up: one that no source shows could open the namespace again.
        const why = unseenPolicies(model);
        if (why !== undefined) return { ...say.unknown('unseen', { namespace, why }), because };
        return {
          ...say.pass('denied', { namespace, policies: listing(by.map(({ ref }) => `NetworkPolicy ${ref.name}`)) }),
          because,
        };
      }
      case 'opened': {
        const byTiers = found.tierOpenings.map(({ policy, rule, certain, assumptions: doubts }): Judgement => {
          const data = { namespace, policy: tierName(policy), rule: rule.index + 1 };
          const place = { in: policy.object, at: rule.path, key: `${policy.ref.kind}/${policy.ref.name}/${rule.index}` };
          return certain
            ? {
                ...say.fail('opened', { ...data, width: width[isForAllPods(rule) ? 'every-namespace' : 'selected-pods'] }),
                ...place,
              }
            : { ...undecidable(say.unknown('perhaps-voided', { ...data, assumptions: explain(doubts) })), ...place };
        });
        const byPolicies = openings.map((opening): Judgement => {
          const { policy, rule } = opening;
          const place = { in: policy.object, at: rule.path, key: `${policy.ref.name}/${rule.index}` };
          if (policy.invalid.length > 0)
            return { ...undecidable(say.unknown('perhaps-opened', { namespace, policy: policy.ref.name })), ...place };
          return {
            ...say.fail('opened', {
              namespace,
              policy: `NetworkPolicy ${policy.ref.name}`,
              rule: rule.index + 1,
              width: width[opening.to],
            }),
            ...place,
          };
        });
        const [first, ...rest] = [...byPolicies, ...byTiers];
        return first === undefined ? say.unknown('unseen', { namespace, why: 'no rule opens it' }) : [first, ...rest];
      }
    }
  },
});
