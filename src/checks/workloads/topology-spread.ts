import { serving } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { formatSelector } from '../../kube/selector.ts';
import { isFailureDomain, type SpreadRule, spreadRules } from '../../kube/spread.ts';
import { defineCheck } from '../define-check.ts';

export const topologySpread = defineCheck({
  id: 'topology-spread',
  gate: 'workloads',
  level: 'medium',
  title: 'Replicas of a service are spread over nodes or zones',
  rationale:
    "Replicas on one node go down with it. Without a rule of its own a workload has only the scheduler's loose defaults, which let several replicas share a node.",
  remedy: 'spread-replicas',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A cluster with stricter default constraints of its own, or one that has a single node by intention.',
  needs: { workloads, serving },
  parameters: {},
  messages: {
    spread: 'Spread over {keys} ({how}).',
    absent:
      "Runs {count} replicas without a spread constraint or Pod anti-affinity: only the scheduler's loose defaults keep them apart.",
    'other-pods': 'Its {how} over {key} selects {selector}, which its own Pods ({labels}) do not match: it spreads nothing.',
    'no-selector': 'Its {how} over {key} has no label selector, so it looks at no Pod and spreads nothing.',
    'no-domain': 'Its {how} is over {key}, which says what a node is and not what fails together.',
    'wide-skew':
      'Its constraint over {key} lets {skew} Pods more stand in one place than in another: all {count} replicas may share it.',
    'unseen-services':
      'Runs {count} replicas without a rule that spreads them, and it cannot be seen whether it serves requests: {why}.',
    'few-replicas': 'Runs {count} replica: there is nothing to spread.',
    'not-served': 'No Service selects its Pods.',
    'per-node': 'A DaemonSet runs one Pod a node.',
    managed: '{by} makes its Pods.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system)
      if (!workload.runsToCompletion) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, { serving }, say) {
    if (workload.ref.kind === 'DaemonSet') return say.notApplicable('per-node');
    const served = serving.of(workload);
    if (served.status === 'managed') return say.notApplicable('managed', { by: served.by });
    const count = serving.minimumReplicas(workload).count ?? 1;
    if (count < 2) return say.notApplicable('few-replicas', { count });
    const rules = spreadRules(workload);
    const holds = (rule: SpreadRule) => rule.selectsOwnPods && isFailureDomain(rule.topologyKey) && rule.maxSkew < count;
    const good = rules.filter(holds);
    const [rule] = good;
    if (rule !== undefined) {
      const keys = [...new Set(good.map(({ topologyKey }) => topologyKey))].join(' and ');
      const how = `${rule.how}, ${good.some(({ required }) => required) ? 'required' : 'preferred'}`;
      return { ...say.pass('spread', { keys, how }), at: rule.path };
    }
    if (served.status === 'idle') return say.notApplicable('not-served');
    if (served.status === 'unseen') return say.unknown('unseen-services', { count, why: served.why });
    const [bad] = rules;
    if (bad === undefined) return { ...say.fail('absent', { count }), at: workload.podPath };
    const data = { how: bad.how, key: bad.topologyKey };
    if (bad.selector === undefined) return { ...say.fail('no-selector', data), at: bad.path };
    if (!bad.selectsOwnPods) {
      const labels = [...workload.podLabels].map(([key, value]) => `${key}=${value}`).join(',');
      return {
        ...say.fail('other-pods', {
          ...data,
          selector: formatSelector(bad.selector),
          labels: labels === '' ? 'no labels' : labels,
        }),
        at: bad.path,
      };
    }
    if (!isFailureDomain(bad.topologyKey)) return { ...say.fail('no-domain', data), at: bad.path };
    return { ...say.fail('wide-skew', { key: bad.topologyKey, skew: bad.maxSkew, count }), at: bad.path };
  },
});
