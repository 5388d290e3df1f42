import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { podSecurityStandard } from './pod-security-standard.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const namespace = (labels: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'default', labels },
});
const enforce = (level: string) => namespace({ 'pod-security.kubernetes.io/enforce': level });
const podLevel: JsonObject = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const ownLevel: JsonObject = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const restricted = workloadValue({
  pod: { securityContext: podLevel, containers: [{ name: 'web', image: 'a', securityContext: ownLevel }] },
});
const plain = workloadValue();
const privileged = workloadValue({ container: { securityContext: { privileged: true } } });

describe('pod-security-standard', () => {
  it.each([
    ['settings of the Pod reach its containers (not inherited elsewhere)', [restricted], 'pass meets'],
    ['without a declared level restricted is asked for', [namespace({}), plain], 'fail below-restricted'],
    ['a namespace that enforces baseline declares that level', [enforce('baseline'), plain], 'pass meets'],
    [
      'a namespace that enforces privileged does not excuse from baseline',
      [enforce('privileged'), privileged],
      'fail below-baseline',
    ],
    ['a namespace that enforces privileged asks for no more than baseline', [enforce('privileged'), plain], 'pass meets'],
    ['warn declares nothing', [namespace({ 'pod-security.kubernetes.io/warn': 'baseline' }), plain], 'fail below-restricted'],
    ['below baseline fails whatever an unseen namespace may say', [privileged], 'fail below-baseline'],
    ['baseline is unknown where the namespace is unseen', [plain], 'unknown unseen-namespace'],
    [
      "init containers are Pods' containers (skipped elsewhere)",
      [
        workloadValue({
          pod: {
            securityContext: podLevel,
            initContainers: [{ name: 'init', image: 'a', securityContext: { privileged: true } }],
            containers: [{ name: 'web', image: 'a', securityContext: ownLevel }],
          },
        }),
      ],
      'fail below-baseline',
    ],
    [
      'ephemeral containers too',
      [
        enforce('restricted'),
        workloadValue({
          pod: {
            securityContext: podLevel,
            ephemeralContainers: [{ name: 'debug', image: 'a' }],
            containers: [{ name: 'web', image: 'a', securityContext: ownLevel }],
          },
        }),
      ],
      'fail below-restricted',
    ],
    ['Jobs too', [enforce('restricted'), workloadValue({ kind: 'CronJob' })], 'fail below-restricted'],
  ])('%s', (_, objects, expected) => {
    const found = examine(podSecurityStandard, { objects: yaml(...objects) });
    expect(found.map(({ outcome, messageId }) => `${outcome} ${messageId}`)).toEqual([expected]);
  });

  it('is one finding a workload, with a step for each violation', () => {
    const [found, ...others] = examine(podSecurityStandard, { objects: yaml(enforce('restricted'), plain) });
    expect(others).toEqual([]);
    expect(found?.because?.length).toBe(4);
    expect(found?.message).toContain('and 1 more');
  });

  it('looks at workloads only, not at Services or ClusterRoles', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    };
    expect(verdicts(examine(podSecurityStandard, { objects: yaml(service), complete: ['*'] }))).toEqual([
      'not-applicable no-target Source/production',
    ]);
  });

  it('trusts what is declared about a namespace only until it expires', () => {
    const providedElsewhere = [
      {
        kind: 'Namespace',
        name: 'default',
        labels: { 'pod-security.kubernetes.io/enforce': 'baseline' },
        owner: 'platform',
        reason: 'r',
        expires: '2026-05-01T00:00:00Z',
      },
    ];
    const outcome = (asOf: string) =>
      examine(podSecurityStandard, { objects: yaml(plain), review: { providedElsewhere }, asOf }).map((item) => item.outcome);
    expect(outcome('2026-04-30T00:00:00Z')).toEqual(['pass']);
    expect(outcome('2026-05-01T00:00:00Z')).toEqual(['unknown']);
  });

  it.each([
    ['null', null],
    ['an empty list', []],
    ['an object', { web: {} }],
  ])('does not vouch for a Pod whose containers are %s', (_, containers) => {
    expect(examine(podSecurityStandard, { objects: yaml(workloadValue({ pod: { containers } })) })).toMatchObject([
      { outcome: 'unknown', messageId: 'no-containers' },
    ]);
  });

  it('still finds what breaks baseline in a Pod without containers', () => {
    const pod = { hostPID: true, containers: [] };
    expect(examine(podSecurityStandard, { objects: yaml(workloadValue({ pod })) })).toMatchObject([{ outcome: 'fail' }]);
  });
});
