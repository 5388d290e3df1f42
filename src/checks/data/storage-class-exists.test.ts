import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { storageClassExists } from './storage-class-exists.ts';

const claim = (spec: string, more = '') => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: shop${more} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } }${spec} }
`;
const storageClass = (name: string, annotations = '{}') => `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: ${name}, annotations: ${annotations} }
provisioner: x
`;
const volume = (spec: string) => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: disk }
spec: { accessModes: [ReadWriteOnce], capacity: { storage: 10Gi }${spec} }
`;
const complete = ['PersistentVolumeClaim', 'StorageClass', 'PersistentVolume'];

describe('storage-class-exists', () => {
  it.each<[string, string, readonly string[] | undefined, readonly string[]]>([
    [
      'a class that exists',
      `${claim(', storageClassName: a')}---${storageClass('a')}`,
      complete,
      ['pass found PersistentVolumeClaim/data'],
    ],
    [
      'a class that does not',
      `${claim(', storageClassName: b')}---${storageClass('a')}`,
      complete,
      ['fail absent PersistentVolumeClaim/data'],
    ],
    [
      'a class that nobody looked for',
      claim(', storageClassName: b'),
      ['PersistentVolumeClaim'],
      ['unknown unseen PersistentVolumeClaim/data'],
    ],
    [
      'the deprecated annotation wins over the field',
      `${claim(', storageClassName: a', ', annotations: { volume.beta.kubernetes.io/storage-class: b }')}---${storageClass('a')}`,
      complete,
      ['fail absent PersistentVolumeClaim/data'],
    ],
    [
      'no class takes the default',
      `${claim('')}---${storageClass('a', '{ storageclass.kubernetes.io/is-default-class: "true" }')}`,
      complete,
      ['pass default PersistentVolumeClaim/data'],
    ],
    [
      'a class marked "false" is no default',
      `${claim('')}---${storageClass('a', '{ storageclass.kubernetes.io/is-default-class: "false" }')}`,
      complete,
      ['fail no-default PersistentVolumeClaim/data'],
    ],
    [
      'a default that nobody looked for',
      `${claim('')}---${storageClass('a')}`,
      ['PersistentVolumeClaim'],
      ['unknown unseen-default PersistentVolumeClaim/data'],
    ],
    [
      'an empty class is static binding',
      claim(', storageClassName: ""'),
      ['PersistentVolumeClaim'],
      ['not-applicable static PersistentVolumeClaim/data'],
    ],
    [
      'an empty class with a volume that fits',
      `${claim(', storageClassName: ""')}---${volume('')}`,
      complete,
      ['pass volume PersistentVolumeClaim/data'],
    ],
    [
      'an empty class and a volume that another claim has',
      `${claim(', storageClassName: ""')}---${volume(', claimRef: { name: other, namespace: shop }')}`,
      complete,
      ['fail no-volume PersistentVolumeClaim/data'],
    ],
    [
      'a volume that is too small does not fit',
      `${claim(', storageClassName: "", volumeName: none')}---${volume('')}`,
      complete,
      ['fail no-volume PersistentVolumeClaim/data'],
    ],
    [
      'a class of volumes made by hand needs no StorageClass object',
      `${claim(', storageClassName: manual')}---${volume(', storageClassName: manual')}`,
      complete,
      ['pass volume PersistentVolumeClaim/data'],
    ],
    [
      'templates of StatefulSets and ephemeral volumes are claims too',
      `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  template:
    spec:
      containers: [{ name: db, image: postgres }]
      volumes: [{ name: scratch, ephemeral: { volumeClaimTemplate: { spec: { storageClassName: gone } } } }]
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: a } }, { metadata: { name: wal }, spec: { storageClassName: gone } }]
---${storageClass('a')}`,
      complete,
      ['fail absent StatefulSet/db', 'fail absent StatefulSet/db', 'pass found StatefulSet/db'],
    ],
    [
      'volumes of operators count',
      `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: pg, namespace: shop }
spec: { storage: { size: 5Gi, storageClass: gone } }
---${storageClass('a')}`,
      complete,
      ['fail absent Cluster/pg'],
    ],
  ])('%s', (_, objects, sources, expected) => {
    expect(verdicts(examine(storageClassExists, { objects, ...(sources === undefined ? {} : { complete: sources }) }))).toEqual(
      expected,
    );
  });

  it('a declared class is assumed until it lapses', () => {
    const provided = {
      kind: 'StorageClass',
      name: 'fast',
      owner: 'platform',
      reason: 'cluster',
      expires: '2026-04-01T00:00:00Z',
    };
    const review = { providedElsewhere: [provided] };
    const [first] = examine(storageClassExists, { objects: claim(', storageClassName: fast'), review });
    expect(first).toMatchObject({ outcome: 'pass', reason: 'assumed', until: provided.expires });
    const [later] = examine(storageClassExists, {
      objects: claim(', storageClassName: fast'),
      review,
      asOf: '2026-04-02T00:00:00Z',
    });
    expect(later).toMatchObject({ outcome: 'unknown', messageId: 'lapsed' });
  });

  it('two templates of one StatefulSet are two findings', () => {
    const found = examine(storageClassExists, {
      complete,
      objects: `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  template: { spec: { containers: [{ name: db, image: postgres }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: x } }, { metadata: { name: wal }, spec: { storageClassName: x } }]
`,
    });
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });
});
