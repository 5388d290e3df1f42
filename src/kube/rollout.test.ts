import { describe, expect, it } from 'vitest';
import { availableDuringRollout, readRollout } from './rollout.ts';
import { workloadObject, type WorkloadParts } from './testing.ts';
import { readWorkload } from './workload.ts';

const read = (parts: WorkloadParts) => {
  const workload = readWorkload(workloadObject(parts));
  if (workload === undefined) throw new Error('no workload');
  return readRollout(workload);
};

describe('rollouts', () => {
  it('fills in the defaults of each kind', () => {
    expect(read({})).toMatchObject({ type: 'rolling', unavailable: { percent: 25 }, surge: { percent: 25 }, written: false });
    expect(read({ kind: 'StatefulSet' })).toMatchObject({ type: 'rolling', unavailable: { pods: 1 }, surge: { pods: 0 } });
    expect(read({ kind: 'DaemonSet' })).toMatchObject({ type: 'rolling', unavailable: { pods: 1 }, surge: { pods: 0 } });
    expect(read({ kind: 'ReplicaSet' })).toEqual({ type: 'none' });
  });

  it('gives no StatefulSet a surge, which the API does not have', () => {
    expect(read({ kind: 'StatefulSet', spec: { updateStrategy: { rollingUpdate: { maxSurge: 3 } } } })).toMatchObject({
      surge: { pods: 0 },
    });
  });

  it.each([
    [{ percent: 25 }, { percent: 25 }, 1, 1],
    [{ percent: 25 }, { percent: 25 }, 4, 3],
    [{ percent: 50 }, { pods: 0 }, 3, 2],
    [{ pods: 0 }, { pods: 0 }, 3, 2],
    [{ pods: 9 }, { pods: 0 }, 3, 0],
  ])('%o missing, %o extra, of %i: %i stay', (unavailable, surge, replicas, left) => {
    expect(availableDuringRollout(unavailable, surge, replicas)).toBe(left);
  });
});
