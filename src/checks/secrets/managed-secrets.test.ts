import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { managedSecrets } from './managed-secrets.ts';

const uses = (name: string, key = 'password', optional = false) => `
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { containers: [{ name: web, image: a, env: [{ name: P, valueFrom: { secretKeyRef: { name: ${name}, key: ${key}, optional: ${optional} } } }] }] }
`;
const external = (spec: string) => `
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: db, namespace: shop }
spec: { ${spec} }
`;
const store = (spec: string, kind = 'SecretStore', status = '') => `
---
apiVersion: external-secrets.io/v1
kind: ${kind}
metadata: { name: store${kind === 'SecretStore' ? ', namespace: shop' : ''} }
spec: { ${spec} }
${status}
`;
const vault = 'provider: { vault: { server: "https://v.example" } }';
const fromStore = 'secretStoreRef: { name: store }, data: [{ secretKey: password, remoteRef: { key: k } }]';
const said = (objects: string, parts: Partial<Parameters<typeof examine>[1]> = {}) =>
  verdicts(examine(managedSecrets, { objects, ...parts }));

describe('managed-secrets', () => {
  it.each<[string, string, string]>([
    ['the store exists', external(fromStore) + store(vault) + uses('db'), 'pass sourced Secret/db'],
    [
      'a store of test values',
      external(fromStore) + store('provider: { fake: { data: [] } }') + uses('db'),
      'fail bad-source Secret/db',
    ],
    ['a store that is not in the sources', external(fromStore) + uses('db'), 'unknown source-unseen Secret/db'],
    [
      'a ClusterSecretStore of the same name is another store',
      external(fromStore) + store(vault, 'ClusterSecretStore') + uses('db'),
      'unknown source-unseen Secret/db',
    ],
    [
      'a ClusterSecretStore that refuses the namespace',
      external(fromStore.replace('name: store', 'name: store, kind: ClusterSecretStore')) +
        store(`${vault}, conditions: [{ namespaces: [other] }]`, 'ClusterSecretStore') +
        uses('db'),
      'fail bad-source Secret/db',
    ],
    [
      'labels may admit the namespace',
      external(fromStore.replace('name: store', 'name: store, kind: ClusterSecretStore')) +
        store(`${vault}, conditions: [{ namespaceSelector: { matchLabels: { a: b } } }]`, 'ClusterSecretStore') +
        uses('db'),
      'pass sourced Secret/db',
    ],
    [
      'the target has another name than the ExternalSecret',
      external(`${fromStore}, target: { name: other }`) + store(vault) + uses('other'),
      'pass sourced Secret/other',
    ],
    [
      'creationPolicy None makes nothing',
      external(`${fromStore}, target: { creationPolicy: None }`) + store(vault) + uses('db'),
      'unknown unseen Secret/db',
    ],
    ['a key that nothing writes', external(fromStore) + store(vault) + uses('db', 'user'), 'fail key-missing Secret/db'],
    ['an optional key may be missing', external(fromStore) + store(vault) + uses('db', 'user', true), 'pass sourced Secret/db'],
    [
      'keys of dataFrom are the store’s matter',
      external('secretStoreRef: { name: store }, dataFrom: [{ extract: { key: k } }]') + store(vault) + uses('db', 'user'),
      'pass sourced Secret/db',
    ],
    [
      'a template replaces the keys',
      external(`${fromStore}, target: { template: { data: { url: "postgres://a:{{ .password }}@b/c" } } }`) +
        store(vault) +
        uses('db'),
      'fail key-missing Secret/db',
    ],
    [
      'a template that merges keeps them',
      external(`${fromStore}, target: { template: { mergePolicy: Merge, data: { url: "x" } } }`) + store(vault) + uses('db'),
      'pass sourced Secret/db',
    ],
    [
      'cert-manager',
      '---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: c, namespace: shop }\nspec: { secretName: db, issuerRef: { name: i } }\n' +
        uses('db', 'tls.key'),
      'pass produced Secret/db',
    ],
    [
      'an annotated Ingress',
      '---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: c, namespace: shop, annotations: { cert-manager.io/cluster-issuer: i } }\nspec: { tls: [{ secretName: db }] }\n' +
        uses('db', 'tls.crt'),
      'pass produced Secret/db',
    ],
    [
      'SOPS',
      '---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData: { password: "ENC[AES256_GCM,data:xx,iv:a,tag:b,type:str]" }\nsops: { mac: "ENC[AES256_GCM,data:abcd,iv:a,tag:b,type:str]" }\n' +
        uses('db'),
      'pass encrypted Secret/db',
    ],
    [
      'a token of an account is filled by the control plane',
      '---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop, annotations: { kubernetes.io/service-account.name: web } }\ntype: kubernetes.io/service-account-token\n' +
        uses('db', 'token'),
      'pass controlled Secret/db',
    ],
    [
      'a label of External Secrets in a manifest is no proof',
      '---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop, labels: { reconcile.external-secrets.io/managed: "true" } }\nstringData: { password: x }\n' +
        uses('db'),
      'fail plain Secret/db',
    ],
    [
      'CSI without a Pod that mounts the class',
      '---\napiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: { name: c, namespace: shop }\nspec: { provider: vault, secretObjects: [{ secretName: db, type: Opaque, data: [{ key: password, objectName: o }] }] }\n' +
        uses('db'),
      'fail unmounted Secret/db',
    ],
    [
      'a Kustomize generator writes a plain Secret',
      '---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: { name: k, namespace: shop }\nsecretGenerator: [{ name: db, literals: ["password=hunter22"] }]\n' +
        uses('db'),
      'fail generator Secret/db',
    ],
  ])('%s', (_, objects, expected) => {
    expect(said(objects)).toEqual([expected]);
  });

  it('a Secret in another namespace is another Secret', () => {
    const elsewhere =
      external(fromStore).replace('namespace: shop', 'namespace: other') +
      store(vault).replace('namespace: shop', 'namespace: other');
    expect(said(elsewhere + uses('db'))).toEqual(['pass sourced Secret/db', 'unknown unseen Secret/db']);
  });

  it('a Secret that is in no source and that nothing produces fails where the sources are complete', () => {
    expect(said(uses('db'), { complete: ['Secret', 'ExternalSecret', 'SealedSecret'] })).toEqual(['fail nothing Secret/db']);
    expect(said(uses('db'), { complete: ['Secret'] })).toEqual(['unknown unseen Secret/db']);
    expect(said(uses('db', 'a', true), { complete: ['Secret', 'ExternalSecret', 'SealedSecret'] })).toEqual([
      'not-applicable optional Secret/db',
    ]);
  });

  it('a declared Secret is assumed until it expires', () => {
    const provided = (expires: string) => ({
      review: { providedElsewhere: [{ kind: 'Secret', namespace: 'shop', name: 'db', owner: 'o', reason: 'r', expires }] },
    });
    expect(examine(managedSecrets, { objects: uses('db'), ...provided('2026-09-01T00:00:00Z') })[0]).toMatchObject({
      outcome: 'pass',
      reason: 'assumed',
      until: '2026-09-01T00:00:00Z',
    });
    expect(said(uses('db'), provided('2026-03-01T00:00:00Z'))).toEqual(['unknown unseen Secret/db']);
  });

  it('a declared store is assumed until it expires', () => {
    const provided = (expires: string) => ({
      review: {
        providedElsewhere: [{ kind: 'SecretStore', namespace: 'shop', name: 'store', owner: 'o', reason: 'r', expires }],
      },
    });
    expect(
      examine(managedSecrets, { objects: external(fromStore) + uses('db'), ...provided('2026-09-01T00:00:00Z') })[0],
    ).toMatchObject({ outcome: 'pass', messageId: 'assumed', reason: 'assumed', until: '2026-09-01T00:00:00Z' });
    expect(said(external(fromStore) + uses('db'), provided('2026-03-01T00:00:00Z'))).toEqual(['unknown source-unseen Secret/db']);
  });

  it('a live object that does not succeed produces nothing', () => {
    const status = 'status: { conditions: [{ type: Ready, status: "False", reason: SecretSyncedError }] }\n';
    expect(said(external(fromStore) + status + store(vault) + uses('db'), { live: true })).toEqual(['fail failing Secret/db']);
    expect(said(external(fromStore) + status + store(vault) + uses('db'))).toEqual(['pass sourced Secret/db']);
  });

  it.each<[string, string, string]>([
    [
      'owned by a controller',
      'ownerReferences: [{ apiVersion: v1, kind: Foo, name: f, uid: u, controller: true }]',
      'pass controlled Secret/db',
    ],
    ['applied by kubectl', 'annotations: { kubectl.kubernetes.io/last-applied-configuration: "{}" }', 'fail plain Secret/db'],
    ['deployed by Flux', 'labels: { kustomize.toolkit.fluxcd.io/name: a }', 'unknown deployed Secret/db'],
    ['without any sign', 'labels: {}', 'unknown unsigned Secret/db'],
  ])('a live Secret %s', (_, metadata, expected) => {
    const objects = `---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop, ${metadata} }\ndata: { password: aHVudGVyMjI= }\n${uses('db')}`;
    expect(said(objects, { live: true })).toEqual([expected]);
  });

  it('settings in a Secret need no producer; a placeholder among them stands for a credential', () => {
    const grafana = (line: string) =>
      `---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData:\n  grafana.ini: |\n    [server]\n    ${line}\n${uses('db', 'grafana.ini')}`;
    expect(said(grafana('root_url = http://x'))).toEqual(['not-applicable settings Secret/db']);
    expect(said(grafana('admin_password = CHANGE_ME'))).toEqual(['fail plain Secret/db']);
    expect(said(grafana('admin_password = hunter22'))).toEqual(['fail plain Secret/db']);
  });

  it('a manifest with real data beside its producer is a plain Secret', () => {
    const plain = (value: string) =>
      `---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData: { password: ${value} }\n`;
    expect(said(external(fromStore) + store(vault) + uses('db') + plain('hunter22'))).toEqual(['fail plain Secret/db']);
    expect(said(external(fromStore) + store(vault) + uses('db') + plain('CHANGE_ME'))).toEqual(['pass sourced Secret/db']);
  });
});
