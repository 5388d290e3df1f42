import { describe, expect, it } from 'vitest';
import { isFailureDomain, spreadRules } from './spread.ts';
import { workloadObject } from './testing.ts';
import { readWorkload } from './workload.ts';

const rules = (pod: Parameters<typeof workloadObject>[0]) => {
  const workload = readWorkload(workloadObject(pod));
  return workload === undefined ? [] : spreadRules(workload);
};

describe('rules that spread Pods', () => {
  it('reads constraints and both kinds of anti-affinity, with their places', () => {
    const labelSelector = { matchLabels: { app: 'web' } };
    const found = rules({
      pod: {
        topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 2, labelSelector }],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }],
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, podAffinityTerm: { topologyKey: 'zone', labelSelector } },
            ],
          },
        },
      },
    });
    expect(
      found.map(({ how, topologyKey, required, maxSkew, selectsOwnPods }) => [
        how,
        topologyKey,
        required,
        maxSkew,
        selectsOwnPods,
      ]),
    ).toEqual([
      ['topologySpreadConstraint', 'zone', false, 2, true],
      ['podAntiAffinity', 'kubernetes.io/hostname', true, 1, true],
      ['podAntiAffinity', 'zone', false, 1, true],
    ]);
    expect(found[2]?.path.slice(-3)).toEqual(['preferredDuringSchedulingIgnoredDuringExecution', 0, 'podAffinityTerm']);
  });

  it('whenUnsatisfiable defaults to DoNotSchedule, a missing selector selects nothing', () => {
    expect(rules({ pod: { topologySpreadConstraints: [{ topologyKey: 'zone', maxSkew: 1 }] } })).toMatchObject([
      { required: true, selectsOwnPods: false },
    ]);
  });

  it.each([
    ['kubernetes.io/hostname', true],
    ['example.com/rack', true],
    ['kubernetes.io/os', false],
    ['', false],
  ])('%s is a failure domain: %s', (key, expected) => {
    expect(isFailureDomain(key)).toBe(expected);
  });
});
