import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { examine } from '../testing.ts';
import { retiredApis } from './retired-apis.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const object = (apiVersion: string, kind: string): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'default' },
});
const definition = (versions: readonly JsonObject[]): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'certificates.cert-manager.io' },
  spec: { group: 'cert-manager.io', names: { kind: 'Certificate' }, versions: [...versions] },
});

describe('retired-apis', () => {
  it.each([
    ['apps/v1', 'Deployment', 'pass served'],
    ['apps/v1beta2', 'Deployment', 'fail retired'],
    ['apps/v2', 'Deployment', 'unknown preview'],
    ['policy/v1beta1', 'PodSecurityPolicy', 'fail retired'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 'fail retired'],
    ['batch/v1beta1', 'CronJob', 'fail retired'],
    ['external-secrets.io/v1alpha1', 'ExternalSecret', 'fail retired'],
    ['external-secrets.io/v1', 'ExternalSecret', 'not-applicable custom'],
    ['cert-manager.io/v1alpha2', 'Certificate', 'fail retired'],
    ['networking.k8s.io/v1beta1', 'ServiceCIDR', 'unknown preview'],
    ['v1', 'Deployment', 'fail no-kind'],
    ['v1', 'PodDisruptionBudget', 'fail no-kind'],
    ['apps/v1', 'CronJob', 'fail no-kind'],
    ['v1', 'ComponentStatus', 'pass served'],
    ['v1', 'Deploymint', 'unknown unknown-kind'],
  ])('%s %s', (apiVersion, kind, expected) => {
    expect(
      examine(retiredApis, { objects: yaml(object(apiVersion, kind)) }).map(
        ({ outcome, messageId }) => `${outcome} ${messageId}`,
      ),
    ).toEqual([expected]);
  });

  it('a version that leaves later than the target is still served', () => {
    const found = (targetVersion: string) =>
      examine(retiredApis, { objects: yaml(object('policy/v1beta1', 'PodDisruptionBudget')), parameters: { targetVersion } }).map(
        ({ messageId }) => messageId,
      );
    expect(found('1.24')).toEqual(['leaving']);
    expect(found('1.25')).toEqual(['retired']);
    expect(found('1.9')).toEqual(['leaving']);
  });

  it.each([
    ['serves the version', [{ name: 'v1alpha2', served: true }], 'pass served-by-definition'],
    ['has switched it off', [{ name: 'v1alpha2', served: false }], 'fail not-served-by-definition'],
    ['does not have it', [{ name: 'v1', served: true }], 'fail not-served-by-definition'],
  ])('the definition in the cluster decides: it %s', (_, versions, expected) => {
    const found = examine(retiredApis, {
      objects: yaml(object('cert-manager.io/v1alpha2', 'Certificate')),
      platform: yaml(definition(versions)),
    });
    expect(found.map(({ outcome, messageId }) => `${outcome} ${messageId}`)).toEqual([expected]);
  });

  it('judges the objects under review, not those of the platform', () => {
    expect(
      examine(retiredApis, { objects: yaml(object('v1', 'Service')), platform: yaml(object('batch/v1beta1', 'CronJob')) }).map(
        ({ outcome }) => outcome,
      ),
    ).toEqual(['pass']);
  });
});
