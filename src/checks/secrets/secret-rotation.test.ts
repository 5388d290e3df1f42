import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { secretRotation } from './secret-rotation.ts';

const generator = 'dataFrom: [{ sourceRef: { generatorRef: { kind: Password, name: g } } }]';
const remote = 'secretStoreRef: { name: s }, data: [{ secretKey: a, remoteRef: { key: k } }]';
const external = (spec: string) =>
  `---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: e, namespace: shop }\nspec: { ${spec} }\n`;
const said = (objects: string, parts: Partial<Parameters<typeof examine>[1]> = {}) =>
  verdicts(examine(secretRotation, { objects, ...parts }));

describe('secret-rotation', () => {
  it.each<[string, string, string]>([
    ['exactly 90 days', `refreshInterval: 2160h, ${generator}`, 'pass generated ExternalSecret/e'],
    ['an hour more', `refreshInterval: 2161h, ${generator}`, 'fail slow ExternalSecret/e'],
    ['the default interval is an hour', generator, 'pass generated ExternalSecret/e'],
    ['0 never refreshes', `refreshInterval: "0", ${generator}`, 'fail no-refresh ExternalSecret/e'],
    ['a number 0 too', `refreshInterval: 0, ${generator}`, 'fail no-refresh ExternalSecret/e'],
    ['0s too', `refreshInterval: 0s, ${generator}`, 'fail no-refresh ExternalSecret/e'],
    ['OnChange waits for a change of the manifest', `refreshPolicy: OnChange, ${generator}`, 'fail once ExternalSecret/e'],
    ['Go has no days', `refreshInterval: 90d, ${generator}`, 'unknown bad-interval ExternalSecret/e'],
    ['an immutable Secret takes no new value', `${generator}, target: { immutable: true }`, 'fail immutable ExternalSecret/e'],
    ['pulled from a store: who replaces it there?', `refreshInterval: 1h, ${remote}`, 'unknown store ExternalSecret/e'],
    [
      'a generator beside a store',
      `secretStoreRef: { name: s }, data: [{ secretKey: a, remoteRef: { key: k } }], ${generator}`,
      'unknown store ExternalSecret/e',
    ],
  ])('%s', (_, spec, expected) => {
    expect(said(external(spec))).toEqual([expected]);
  });

  const live = (metadata: string) =>
    `---\napiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: shop, ${metadata} }\ndata: { a: aHVudGVyMjI= }\n`;

  it('a live Secret is judged by its age, and says until when', () => {
    const fresh = live('creationTimestamp: "2026-03-01T00:00:00Z"');
    expect(examine(secretRotation, { objects: fresh, live: true })[0]).toMatchObject({
      outcome: 'pass',
      until: '2026-05-30T00:00:00Z',
    });
    expect(said(fresh, { live: true, asOf: '2026-05-30T00:00:00Z' })).toEqual(['fail old Secret/s']);
    expect(
      said(
        live(
          'creationTimestamp: "2025-01-01T00:00:00Z", managedFields: [{ time: "2026-02-01T00:00:00Z", fieldsV1: { "f:data": {} } }]',
        ),
        { live: true },
      ),
    ).toEqual(['pass fresh Secret/s']);
    expect(
      said(
        live(
          'creationTimestamp: "2025-01-01T00:00:00Z", managedFields: [{ time: "2026-02-01T00:00:00Z", fieldsV1: { "f:metadata": {} } }]',
        ),
        { live: true },
      ),
    ).toEqual(['fail old Secret/s']);
  });

  it('a time in a manifest is nobody’s', () => {
    expect(said(live('creationTimestamp: "2026-03-01T00:00:00Z"'))).toEqual(['unknown age Secret/s']);
  });

  it('certificates and account tokens have checks of their own', () => {
    const objects =
      '---\napiVersion: v1\nkind: Secret\nmetadata: { name: t, namespace: shop }\ntype: kubernetes.io/tls\n---\napiVersion: v1\nkind: Secret\nmetadata: { name: u, namespace: shop }\ntype: kubernetes.io/service-account-token\n---\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: c, namespace: shop }\nspec: { secretName: t }\n';
    expect(said(objects, { complete: ['Secret', 'ExternalSecret', 'SealedSecret'] })).toEqual([
      'not-applicable none Source/production',
    ]);
  });

  it('what a workload uses is asked for even where no source has it', () => {
    const pod =
      '---\napiVersion: v1\nkind: Pod\nmetadata: { name: w, namespace: shop }\nspec: { containers: [{ name: w, image: a, envFrom: [{ secretRef: { name: orders-app } }] }] }\n';
    expect(said(pod)).toEqual(['unknown unseen Secret/orders-app']);
    expect(
      said(
        `${pod}---\napiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: { name: orders, namespace: shop }\nspec: {}\n`,
      ),
    ).toEqual(['unknown operator Secret/orders-app']);
  });

  it('settings in a Secret do not age', () => {
    const objects = 'apiVersion: v1\nkind: Secret\nmetadata: { name: g, namespace: shop }\nstringData: { a.yaml: "log: info" }\n';
    expect(said(objects)).toEqual(['unknown no-secret Source/production']);
    expect(said(objects, { complete: ['Secret', 'ExternalSecret', 'SealedSecret'] })).toEqual([
      'not-applicable none Source/production',
    ]);
  });

  it('a review may ask for less, never for more', () => {
    expect(said(external(`refreshInterval: 2160h, ${generator}`), { parameters: { maxAgeDays: 30 } })).toEqual([
      'fail slow ExternalSecret/e',
    ]);
    expect(secretRotation.stricter).toEqual({ maxAgeDays: 'lower' });
  });
});
