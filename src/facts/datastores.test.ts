import { describe, expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { datastores } from './datastores.ts';
import { createFacts } from './fact.ts';

const find = (objects: string, review = {}) =>
  createFacts(aBundle({ objects, review }))(datastores).map(({ ref, engine, hosting, durability, clients }) =>
    `${ref.kind}/${ref.name} ${engine} ${hosting} ${durability} ${clients.map((client) => client.ref.name).join(',')}`.trim(),
  );

const api = (env: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec: { template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: api, image: "acme/api:1", env: [${env}] }] } } }
`;
const store = (kind: string, image: string, more = '') => `---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: store, namespace: shop }
spec: { template: { metadata: { labels: { app: store } }, spec: { containers: [{ name: main, image: "${image}", ports: [{ containerPort: 1 }] }]${more} } } }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: store }, ports: [{ port: 1 }] }
`;
const claim = ', volumes: [{ name: d, persistentVolumeClaim: { claimName: d } }]';

describe('datastores', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a Deployment of a server with a claim, and who uses it',
      `${api('{ name: DB_HOST, value: "db:5432" }')}${store('Deployment', 'mysql:8', claim)}`,
      ['Deployment/store mysql workload durable api'],
    ],
    [
      'an image that nobody knows is named by the connection',
      `${api('{ name: DATABASE_URL, value: "postgres://db/shop" }')}${store('Deployment', 'acme/own:1')}`,
      ['Deployment/store postgres workload unknown api'],
    ],
    [
      'a volume that is mounted read-only keeps nothing',
      `${api('')}${store('Deployment', 'acme/own:1', claim.replace('claimName: d', 'claimName: d, readOnly: true'))}`,
      [],
    ],
    ['a proxy is no store', `${api('{ name: DB_HOST, value: db }')}${store('Deployment', 'edoburu/pgbouncer:1')}`, []],
    [
      'a Service whose Pods nobody shows',
      api('{ name: REDIS_URL, value: "redis://cache:6379" }'),
      ['Datastore/cache.shop redis unseen unknown api'],
    ],
    [
      'two variables for one store',
      api('{ name: DB_HOST, value: db.acme.dev }, { name: DATABASE_URL, value: "postgres://db.acme.dev/x" }'),
      ['Datastore/db.acme.dev database managed durable api'],
    ],
    [
      'a cloud controller’s object',
      `${api('')}---
apiVersion: rds.services.k8s.aws/v1alpha1
kind: DBInstance
metadata: { name: orders, namespace: shop }
spec: { engine: postgres }
`,
      ['DBInstance/orders postgres managed durable'],
    ],
    [
      'a URL in a mounted file',
      `${api('').replace('env: []', 'env: [] }], volumes: [{ name: c, configMap: { name: settings }').replace('}] } } }', '}] } } }')}---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data: { app.properties: "url=jdbc:mysql://orders.acme.dev:3306/shop" }
`,
      ['Datastore/orders.acme.dev mysql managed durable api'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(find(objects)).toEqual(expected);
  });

  it('a hidden variable adds nothing where a store of its kind is known', () => {
    const hidden = api('{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: s, key: k } } }');
    expect(find(hidden)).toEqual(['Datastore/api/DATABASE_URL database unseen durable api']);
    expect(find(`${hidden}${store('StatefulSet', 'postgres:17')}`)).toEqual(['StatefulSet/store postgres workload durable']);
  });
});
