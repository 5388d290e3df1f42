import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { topologySpread } from './topology-spread.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');
const service = (
  selector: JsonObject = { app: 'web' },
  targetPort: string | number = 'http',
  namespace = 'default',
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { selector, ports: [{ port: 80, targetPort }] },
});

const constraint = (extra: JsonObject): JsonObject => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
      ...extra,
    },
  ],
});
const required = (term: JsonObject): JsonObject => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } }, ...term },
      ],
    },
  },
});
const containers = [{ name: 'web', image: 'a' }];

describe('topology-spread', () => {
  it.each([
    ['the constraint selects its own Pods', constraint({}), 'pass spread'],
    [
      'the constraint asks for a label more than its Pods have',
      constraint({ labelSelector: { matchLabels: { app: 'web', tier: 'front' } } }),
      'fail other-pods',
    ],
    [
      'the constraint has no selector: it looks at no Pod',
      { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] },
      'fail no-selector',
    ],
    ['an empty selector looks at every Pod of the namespace', constraint({ labelSelector: {} }), 'pass spread'],
    [
      'the revision hash, which controllers add, is matched',
      constraint({
        labelSelector: {
          matchExpressions: [
            { key: 'app', operator: 'In', values: ['web'] },
            { key: 'pod-template-hash', operator: 'Exists' },
          ],
        },
      }),
      'pass spread',
    ],
    ['a skew as large as the replicas keeps nothing apart', constraint({ maxSkew: 2 }), 'fail wide-skew'],
    ['the architecture of a node is no failure domain', constraint({ topologyKey: 'kubernetes.io/arch' }), 'fail no-domain'],
    ['anti-affinity to its own Pods', required({}), 'pass spread'],
    ['anti-affinity to Pods of other namespaces only', required({ namespaces: ['other'] }), 'fail other-pods'],
    ['anti-affinity to Pods of all namespaces', required({ namespaceSelector: {} }), 'pass spread'],
    ['anti-affinity to somebody else', required({ labelSelector: { matchLabels: { app: 'db' } } }), 'fail other-pods'],
    ['node affinity spreads nothing', { affinity: { nodeAffinity: {} } }, 'fail absent'],
  ])('%s', (_, pod, expected) => {
    expect(
      verdicts(
        examine(topologySpread, {
          objects: yaml(workloadValue({ spec: { replicas: 2 }, pod: { containers, ...pod } }), service()),
        }),
      ),
    ).toEqual([`${expected} Deployment/web`]);
  });

  it('one good rule among bad ones is enough', () => {
    const rules = [
      ...(constraint({ labelSelector: { matchLabels: { app: 'db' } } })['topologySpreadConstraints'] as JsonObject[]),
      ...(constraint({})['topologySpreadConstraints'] as JsonObject[]),
    ];
    expect(
      verdicts(
        examine(topologySpread, {
          objects: yaml(
            workloadValue({ spec: { replicas: 2 }, pod: { containers, topologySpreadConstraints: rules } }),
            service(),
          ),
        }),
      ),
    ).toEqual(['pass spread Deployment/web']);
  });
});
