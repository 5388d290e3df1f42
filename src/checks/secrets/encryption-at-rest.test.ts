import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { encryptionAtRest } from './encryption-at-rest.ts';

const configuration = (resources: string) => `
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources: ${resources}
`;
const apiServer = (command: string) => `
apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver-a, namespace: kube-system }
spec: { containers: [{ name: kube-apiserver, image: a, command: [kube-apiserver${command}] }] }
`;
const said = (platform: string, live = false) => verdicts(examine(encryptionAtRest, { platform, ...(live ? { live } : {}) }));

describe('encryption-at-rest', () => {
  it.each<[string, string, string]>([
    [
      'another resource only',
      '[{ resources: [configmaps], providers: [{ aescbc: { keys: [] } }] }]',
      'fail plain Datastore/etcd',
    ],
    [
      'a wildcard covers Secrets',
      '[{ resources: ["*.*"], providers: [{ secretbox: { keys: [] } }] }]',
      'pass encrypted Datastore/etcd',
    ],
    [
      'the first entry that covers Secrets counts',
      '[{ resources: ["*."], providers: [{ identity: {} }] }, { resources: [secrets], providers: [{ kms: { name: k } }] }]',
      'fail plain Datastore/etcd',
    ],
    [
      'a provider that nobody knows proves nothing',
      '[{ resources: [secrets], providers: [{ rot13: {} }] }]',
      'fail plain Datastore/etcd',
    ],
  ])('%s', (_, resources, expected) => {
    expect(said(configuration(resources))).toEqual([expected]);
  });

  it('an API server without the flag encrypts nothing; with it, the file decides', () => {
    expect(said(apiServer(''), true)).toEqual(['fail plain Datastore/etcd']);
    expect(said(apiServer(', --encryption-provider-config=/etc/e.yaml'), true)).toEqual(['unknown unproven Datastore/etcd']);
    expect(said(apiServer(''), false)).toEqual(['unknown unseen Datastore/etcd']);
  });

  it('managed clusters say it in their own objects', () => {
    expect(
      said(
        'apiVersion: controlplane.cluster.x-k8s.io/v1beta2\nkind: AWSManagedControlPlane\nmetadata: { name: a, namespace: b }\nspec: { encryptionConfig: { provider: arn, resources: [secrets] } }\n',
      ),
    ).toEqual(['pass encrypted Datastore/etcd']);
    expect(
      said(
        'apiVersion: config.openshift.io/v1\nkind: APIServer\nmetadata: { name: cluster }\nspec: { encryption: { type: identity } }\n',
      ),
    ).toEqual(['fail plain Datastore/etcd']);
  });
});
