import { type LogStore, logs } from '../../facts/log-stores.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

export const logStorage = defineCheck({
  id: 'log-storage',
  gate: 'observability',
  level: 'medium',
  title: 'Logs are kept where they survive, and not for ever',
  rationale:
    'Logs that go with the Pod are missing when they are needed, and logs without retention fill the disk until nothing is written any more.',
  remedy: 'store-logs',
  references: [
    'https://grafana.com/docs/loki/latest/operations/storage/retention/',
    'https://kubernetes.io/docs/concepts/cluster-administration/logging/',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'Logs of this system are of no use beyond the life of its Pods.',
  needs: { logs },
  parameters: {},
  messages: {
    volume: 'Logs are kept {period} on claim {claim}.',
    bucket: 'Logs are kept {period} in object storage ({kind}).',
    shipped: 'Logs are sent to {host}, outside the cluster.',
    unbound: 'Claim {claim} of the log store cannot be bound: {why}.',
    pod: 'Logs are kept in the Pod alone: they are gone with it.',
    'no-retention': 'Logs are never deleted: {why}.',
    unseen: 'Whether the logs are kept cannot be seen: {why}. Give what is missing, or attest it.',
    'unseen-retention': 'How long logs are kept cannot be seen: attest it.',
    destination: 'The log agent is there, and its destination is in no source: attest it.',
    none: 'Nothing in the sources keeps logs: add the log store or the agent as a source, or attest where logs go.',
  },
  looksFor: [],
  *targets({ logs }) {
    for (const store of logs.stores) yield { ref: store.object.ref, object: store.object, store, hosts: [] };
    // Agents are judged where no store of the cluster takes what they collect.
    if (logs.stores.length === 0)
      for (const { workload, hosts } of logs.agents)
        yield { ref: workload.ref, object: workload.object, store: undefined, hosts };
  },
  assess({ store, hosts }, _, say) {
    if (store === undefined) {
      const [host] = hosts;
      return host === undefined ? { ...say.unknown('destination'), reason: 'needs-a-person' } : say.pass('shipped', { host });
    }
    const kept = keeping(store);
    const retention = store.retention;
    if (kept !== undefined) return kept;
    if (retention.status === 'absent') return say.fail('no-retention', { why: retention.why });
    if (retention.status === 'unseen') return { ...say.unknown('unseen-retention'), reason: 'needs-a-person' };
    const { keeps } = store;
    return keeps.in === 'bucket'
      ? say.pass('bucket', { period: retention.period, kind: keeps.kind })
      : say.pass('volume', { period: retention.period, claim: keeps.in === 'volume' ? keeps.claim : '' });

    /** What is wrong with the place; undefined where nothing is. */
    function keeping({ keeps }: LogStore): Judgement | undefined {
      if (keeps.in === 'pod') return say.fail('pod');
      if (keeps.in === 'unseen') return say.unknown('unseen', { why: keeps.why });
      if (keeps.in === 'bucket') return undefined;
      const { binding, claim } = keeps;
      if (binding.status === 'absent') return say.fail('unbound', { claim, why: `StorageClass ${binding.name} does not exist` });
      if (binding.status === 'no-default')
        return say.fail('unbound', { claim, why: 'it names no class and the cluster has no default' });
      if (binding.status === 'no-volume') return say.fail('unbound', { claim, why: 'no PersistentVolume fits it' });
      return binding.status === 'unseen'
        ? say.unknown('unseen', { why: `the StorageClass of claim ${claim} is in no source` })
        : undefined;
    }
  },
  none: (_, say) => ({ ...say.unknown('none'), reason: 'needs-a-person' }),
});
