import { describe, expect, it } from 'vitest';
import { account, can, deployment, everything, grant, yaml } from '../../facts/access/testing.ts';
import { examine } from '../testing.ts';
import { operatorAccounts } from './operator-accounts.ts';

const noToken = { automountServiceAccountToken: false };
const run = (path: string, image: string, pod: object = {}) => deployment(path, { ...pod, containers: [{ name: 'c', image }] });
const judge = (
  objects: readonly object[],
  complete: readonly string[] = [...everything, 'Deployment', 'StatefulSet', 'DaemonSet'],
) =>
  examine(operatorAccounts, { objects: yaml(...objects), complete }).map(
    ({ outcome, messageId, target, reason }) => `${outcome} ${messageId} ${target.name}${reason ? ` ${reason}` : ''}`,
  );

describe('operator-accounts', () => {
  it.each<[string, readonly object[], string[]]>([
    ['a backup agent as default with its token', [run('shop/db-backup', 'postgres:17')], ['fail shared default']],
    ['a backup agent as default without its token', [run('shop/db-backup', 'postgres:17', noToken)], ['pass powerless default']],
    [
      'permissions need a person',
      [
        account('shop/velero'),
        run('shop/velero', 'velero/velero:v1', { serviceAccountName: 'velero' }),
        ...grant('sa shop/velero', [can('get', 'pods')], 'shop'),
      ],
      ['unknown review velero needs-a-person'],
    ],
    [
      'a cloud identity needs a person',
      [
        account('shop/velero', {
          ...noToken,
          metadata: { namespace: 'shop', name: 'velero', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/x' } },
        }),
        run('shop/velero', 'velero/velero:v1', { serviceAccountName: 'velero' }),
      ],
      ['unknown cloud velero needs-a-person'],
    ],
    [
      'without rights, identity and token a machine can say',
      [account('shop/loki', noToken), run('shop/loki', 'grafana/loki:3', { serviceAccountName: 'loki' })],
      ['pass powerless loki'],
    ],
    [
      'an exporter beside the application makes no monitoring of it',
      [run('shop/web', 'nginx/nginx-prometheus-exporter:1')],
      ['not-applicable none production'],
    ],
    ['whole words only', [run('shop/cooperator', 'registry.example/cooperator:1')], ['not-applicable none production']],
    ['no workload', [account('shop/a')], ['not-applicable none production']],
  ])('%s', (_, objects, expected) => {
    expect(judge(objects)).toEqual(expected);
  });

  it('lists the effective permissions', () => {
    const [found] = examine(operatorAccounts, {
      objects: yaml(
        account('shop/velero'),
        run('shop/velero', 'velero/velero:v1', { serviceAccountName: 'velero' }),
        ...grant('sa shop/velero', [can('get,list', 'pods'), can('create', 'batch:jobs')], 'shop'),
      ),
    });
    expect(found?.message).toContain('get,list on pods; create on batch/jobs');
    expect(found?.because).toHaveLength(3);
  });

  it('without workloads in complete sources nobody knows', () => {
    expect(judge([account('shop/a')], [])).toEqual(['unknown no-workloads production missing']);
  });
});
