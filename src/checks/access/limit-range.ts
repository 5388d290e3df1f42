import { inventory } from '../../facts/inventory.ts';
import { limitRanges } from '../../facts/limit-ranges.ts';
import { systemNamespaces } from '../../facts/system-namespaces.ts';
import { momentMs } from '../../model/time.ts';
import { defineCheck } from '../define-check.ts';

export const limitRange = defineCheck({
  id: 'limit-range',
  gate: 'access',
  level: 'medium',
  title: 'A LimitRange bounds the memory of containers in every namespace of the system',
  rationale: 'Whoever may create Pods may otherwise take a whole node: a LimitRange gives a limit to containers that set none.',
  remedy: 'add-limit-range',
  references: ['https://kubernetes.io/docs/concepts/policy/limit-range/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A ResourceQuota on limits.memory refuses Pods without a limit, or an admission policy does.',
  needs: { inventory, limitRanges, systemNamespaces },
  parameters: {},
  messages: {
    bounded: 'LimitRange {name} bounds memory in namespace {namespace} ({how}).',
    absent: 'Namespace {namespace} has no LimitRange.',
    'no-memory-bound': 'LimitRange {name} of namespace {namespace} gives containers no memory limit and no maximum.',
    provided: '{owner} declares LimitRange {name} in namespace {namespace}.',
    unseen: 'No LimitRange of namespace {namespace} is in the sources: {why}.',
  },
  looksFor: ['*', 'Namespace'],
  *targets({ systemNamespaces }) {
    for (const { ref, object } of systemNamespaces) yield { ref, ...(object === undefined ? {} : { object }) };
  },
  assess({ ref }, { inventory, limitRanges, asOf }, say) {
    const namespace = ref.name;
    const ranges = limitRanges.in(namespace);
    for (const range of ranges) {
      for (const item of range.items) {
        const limit = item.type === 'Container' ? item.defaultLimit.get('memory') : undefined;
        const max = item.type === 'Pod' || item.type === 'Container' ? item.max.get('memory') : undefined;
        const how = [
          ...(limit === undefined ? [] : [`default ${limit.text} a container`]),
          ...(max === undefined ? [] : [`at most ${max.text} a ${item.type.toLowerCase()}`]),
        ].join(', ');
        if (how !== '')
          return { ...say.pass('bounded', { name: range.ref.name, namespace, how }), in: range.object, at: ['spec', 'limits'] };
      }
    }
    const [weak] = ranges;
    if (weak !== undefined)
      return { ...say.fail('no-memory-bound', { name: weak.ref.name, namespace }), in: weak.object, at: ['spec', 'limits'] };
    const provided = inventory.provided.find(
      (item) => item.kind === 'LimitRange' && item.namespace === namespace && momentMs(item.expires) > momentMs(asOf),
    );
    if (provided !== undefined)
      return {
        ...say.pass('provided', { owner: provided.owner, name: provided.name, namespace }),
        reason: 'assumed',
        until: provided.expires,
      };
    const completeness = inventory.completeness('', 'LimitRange');
    return completeness.complete
      ? say.fail('absent', { namespace })
      : say.unknown('unseen', { namespace, why: completeness.why });
  },
});
