import { describe, expect, test } from 'vitest';
import { readAutoscaler } from './autoscaler.ts';
import { allowedDisruptions, readDisruptionBudget } from './disruption.ts';
import { kubeObject } from './testing.ts';

const budget = (spec: string, apiVersion = 'policy/v1') => {
  const read = readDisruptionBudget(
    kubeObject(`apiVersion: ${apiVersion}\nkind: PodDisruptionBudget\nmetadata: { name: b, namespace: n }\nspec: ${spec}`),
  );
  if (read === undefined) throw new Error('no budget');
  return read;
};

describe('disruption budgets', () => {
  test.each<[string, string, number, number | undefined]>([
    ['maxUnavailable counts Pods', '{ maxUnavailable: 1 }', 3, 1],
    ['maxUnavailable in percent rounds up', '{ maxUnavailable: 30% }', 4, 2],
    ['maxUnavailable is at most all', '{ maxUnavailable: 5 }', 3, 3],
    ['maxUnavailable 0 blocks drains', '{ maxUnavailable: 0 }', 3, 0],
    ['minAvailable counts Pods', '{ minAvailable: 1 }', 3, 2],
    ['minAvailable of all replicas blocks drains', '{ minAvailable: 1 }', 1, 0],
    ['minAvailable beyond the replicas blocks drains', '{ minAvailable: 5 }', 3, 0],
    ['minAvailable in percent rounds up', '{ minAvailable: 50% }', 3, 1],
    ['minAvailable 100% blocks drains', '{ minAvailable: 100% }', 7, 0],
    ['neither count blocks drains', '{ selector: {} }', 3, 0],
    ['a count that is no number is malformed', '{ minAvailable: "1" }', 3, undefined],
    ['a percentage above 100 is malformed', '{ minAvailable: 200% }', 3, undefined],
  ])('%s', (_, spec, replicas, allowed) => {
    expect(allowedDisruptions(budget(spec), replicas)).toBe(allowed);
  });

  test.each<[string, string, string, number | undefined]>([
    ['an empty selector is every Pod in policy/v1', '{ selector: {} }', 'policy/v1', 0],
    ['an empty selector is no Pod in policy/v1beta1', '{ selector: {} }', 'policy/v1beta1', undefined],
    ['an absent selector is no Pod', '{ minAvailable: 1 }', 'policy/v1', undefined],
  ])('%s', (_, spec, apiVersion, requirements) => {
    expect(budget(spec, apiVersion).selector?.requirements.length).toBe(requirements);
  });
});

describe('autoscalers', () => {
  const read = (head: string, spec: string) =>
    readAutoscaler(kubeObject(`${head}\nmetadata: { name: h, namespace: n }\nspec: ${spec}`));
  const hpa = 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler';
  const keda = 'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject';
  test.each<[string, string, string, object | undefined]>([
    [
      'an HPA has 1 replica at least by default',
      hpa,
      '{ scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: w }, maxReplicas: 5 }',
      { target: { group: 'apps', kind: 'Deployment', name: 'w' }, minReplicas: 1, maxReplicas: 5 },
    ],
    [
      'an HPA as written',
      hpa,
      '{ scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: w }, minReplicas: 2, maxReplicas: 5 }',
      { target: { group: 'argoproj.io' }, minReplicas: 2 },
    ],
    [
      'a ScaledObject goes down to 0 by default',
      keda,
      '{ scaleTargetRef: { name: w } }',
      { target: { group: 'apps', kind: 'Deployment', name: 'w' }, minReplicas: 0, maxReplicas: 100 },
    ],
    ['an HPA without a target is none', hpa, '{ maxReplicas: 5 }', undefined],
  ])('%s', (_, head, spec, expected) => {
    if (expected === undefined) expect(read(head, spec)).toBeUndefined();
    else expect(read(head, spec)).toMatchObject(expected);
  });
});
