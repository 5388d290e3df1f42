import { describe, expect, it } from 'vitest';
import { compareReleases, retiredApi, retiredApis, servedByKubernetes } from './retired-apis.ts';

describe('retired API versions', () => {
  it.each([
    ['extensions/v1beta1', 'Ingress', '1.22'],
    ['extensions/v1beta1', 'Deployment', '1.16'],
    ['networking.k8s.io/v1beta1', 'Ingress', '1.22'],
    ['policy/v1beta1', 'PodDisruptionBudget', '1.25'],
    ['policy/v1beta1', 'PodSecurityPolicy', '1.25'],
    ['batch/v1beta1', 'CronJob', '1.25'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', '1.26'],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.32'],
    ['external-secrets.io/v1beta1', 'ExternalSecret', '0.17'],
    ['cert-manager.io/v1alpha2', 'Certificate', '1.6'],
  ])('%s %s left in %s', (apiVersion, kind, release) => {
    expect(retiredApi(apiVersion, kind)?.removedIn).toBe(release);
  });

  it('names kinds: a later kind of the same version is not retired by it', () => {
    expect(retiredApi('networking.k8s.io/v1beta1', 'ServiceCIDR')).toBeUndefined();
    expect(retiredApi('admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy')).toBeUndefined();
  });

  it('never lists a version that is served, and no successor that is retired itself', () => {
    for (const { apiVersion, successor } of retiredApis) {
      expect(servedByKubernetes(apiVersion)).not.toBe(true);
      if (successor !== undefined) expect(retiredApi(successor, 'Anything')).toBeUndefined();
    }
  });

  it.each([
    ['v1', true],
    ['apps/v1', true],
    ['apps/v2', false],
    ['extensions/v1beta1', false],
    ['example.com/v1', undefined],
    ['constructor/v1', undefined],
  ])('serves %s: %s', (apiVersion, expected) => {
    expect(servedByKubernetes(apiVersion)).toBe(expected);
  });

  it('compares releases as numbers, not as text', () => {
    expect(compareReleases('1.9', '1.22')).toBeLessThan(0);
    expect(compareReleases('v1.36', '1.36')).toBe(0);
    expect(compareReleases('2.0', '1.36')).toBeGreaterThan(0);
  });
});
