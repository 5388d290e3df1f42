import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { podSecurityEnforcement } from './pod-security-enforcement.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const namespace = (labels: JsonObject, name = 'default'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
const said = (parts: Parameters<typeof examine>[1]) => verdicts(examine(podSecurityEnforcement, parts));

describe('pod-security-enforcement', () => {
  it.each([
    ['restricted', enforce('restricted'), 'pass enforced'],
    ['baseline', enforce('baseline'), 'pass enforced'],
    ['privileged enforces nothing', enforce('privileged'), 'fail too-low'],
    ['a misspelt level', enforce('Restricted'), 'fail not-enforced'],
    [
      'warn and audit stop nothing',
      { 'pod-security.kubernetes.io/warn': 'restricted', 'pod-security.kubernetes.io/audit': 'restricted' },
      'fail only-reported',
    ],
    ['a version alone', { 'pod-security.kubernetes.io/enforce-version': 'latest' }, 'fail not-enforced'],
  ])('%s', (_, labels, expected) => {
    expect(said({ objects: yaml(namespace(labels), workloadValue()) })).toEqual([`${expected} Namespace/default`]);
  });

  it('looks at namespaces in which the system runs, also where the platform owns them', () => {
    expect(
      said({ objects: yaml(workloadValue()), platform: yaml(namespace(enforce('baseline')), namespace({}, 'kube-system')) }),
    ).toEqual(['pass enforced Namespace/default']);
  });

  it('leaves namespaces alone that hold no workload of the system', () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader', namespace: 'kube-system' },
      rules: [],
    };
    expect(said({ objects: yaml(workloadValue(), role, namespace(enforce('baseline'))) })).toEqual([
      'pass enforced Namespace/default',
    ]);
  });

  it('a namespace that nobody sees is unknown, and one that is proven absent fails', () => {
    expect(said({ objects: yaml(workloadValue()) })).toEqual(['unknown unseen Namespace/default']);
    expect(said({ objects: yaml(workloadValue()), complete: ['Namespace'] })).toEqual(['fail absent Namespace/default']);
  });

  it('a declaration without labels, or one that has expired, settles nothing', () => {
    const provided = (labels?: Readonly<Record<string, string>>) => ({
      providedElsewhere: [
        {
          kind: 'Namespace',
          name: 'default',
          owner: 'platform',
          reason: 'r',
          expires: '2026-05-01T00:00:00Z',
          ...(labels ? { labels } : {}),
        },
      ],
    });
    const objects = yaml(workloadValue());
    expect(said({ objects, review: provided() })).toEqual(['unknown unseen Namespace/default']);
    expect(said({ objects, review: provided(enforce('restricted')) })).toEqual(['pass enforced-elsewhere Namespace/default']);
    expect(said({ objects, review: provided(enforce('restricted')), asOf: '2026-05-01T00:00:00Z' })).toEqual([
      'unknown unseen Namespace/default',
    ]);
    expect(said({ objects, review: provided({}) })).toEqual(['fail not-enforced Namespace/default']);
  });

  it('a stricter standard asks for restricted', () => {
    expect(
      said({ objects: yaml(namespace(enforce('baseline')), workloadValue()), parameters: { minimum: 'restricted' } }),
    ).toEqual(['fail too-low Namespace/default']);
  });
});
