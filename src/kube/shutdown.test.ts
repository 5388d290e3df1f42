import { describe, expect, it } from 'vitest';
import { gracePeriod, readPreStop } from './shutdown.ts';
import { workloadObject } from './testing.ts';
import { readWorkload } from './workload.ts';

const read = (parts: Parameters<typeof workloadObject>[0]) => {
  const workload = readWorkload(workloadObject(parts));
  const container = workload?.containers[0];
  if (workload === undefined || container === undefined) throw new Error('no container');
  return { hook: readPreStop(container), grace: gracePeriod(workload) };
};
const command = (...words: string[]) =>
  read({ container: { lifecycle: { preStop: { exec: { command: words } } } } }).hook?.seconds;

describe('shutdown', () => {
  it.each([
    [['sleep', '10'], 10],
    [['/bin/sleep', '10'], 10],
    [['sh', '-c', 'sleep 5; kill -QUIT 1; sleep 20'], 20],
    [['sh', '-c', 'sleep 0.5'], undefined],
    [['sh', '-c', 'sleep $DELAY'], undefined],
    [['mysleep', '10'], undefined],
    [['drain'], undefined],
    [[], undefined],
  ])('%j waits %s s', (words, seconds) => {
    expect(command(...words)).toBe(seconds);
  });

  it('takes 30 s where no grace period is written, and 0 where 0 is', () => {
    expect(read({}).grace).toBe(30);
    expect(read({ container: {}, pod: { containers: [{ name: 'web' }], terminationGracePeriodSeconds: 0 } }).grace).toBe(0);
  });

  it('stays fast on a hostile command line', () => {
    expect(command('sh', '-c', 'sleep '.repeat(200_000))).toBeUndefined();
  });
});
