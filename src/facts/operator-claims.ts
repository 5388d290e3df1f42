import { isObject, type JsonValue, listAt, textAt, texts, textEntries, valueAt } from '../kube/json.ts';
import type { Claim } from '../kube/claim.ts';
import type { KubeObject } from '../kube/object.ts';
import { parseQuantity } from '../kube/quantity.ts';
import type { Path } from '../model/judgement.ts';

/** Where objects of operators describe the volumes of the Pods that they make. */
interface ClaimPlace {
  /** Path of the claim's spec, or of the list whose items hold it under `below`. */
  readonly path: Path;
  /** Field of the class: Kubernetes' own name, or the operator's. */
  readonly classField: string;
}

const template: readonly ClaimPlace[] = [
  { path: ['spec', 'storage', 'volumeClaimTemplate', 'spec'], classField: 'storageClassName' },
];

const places: ReadonlyMap<string, readonly ClaimPlace[]> = new Map([
  ['monitoring.coreos.com|Prometheus', template],
  ['monitoring.coreos.com|Alertmanager', template],
  ['monitoring.coreos.com|ThanosRuler', template],
  [
    'postgresql.cnpg.io|Cluster',
    [
      { path: ['spec', 'storage'], classField: 'storageClass' },
      { path: ['spec', 'walStorage'], classField: 'storageClass' },
    ],
  ],
  ['acid.zalan.do|postgresql', [{ path: ['spec', 'volume'], classField: 'storageClass' }]],
  ['rabbitmq.com|RabbitmqCluster', [{ path: ['spec', 'persistence'], classField: 'storageClassName' }]],
  ['k8s.mariadb.com|MariaDB', [{ path: ['spec', 'storage'], classField: 'storageClassName' }]],
]);

/** The claims that an operator makes for an object of its own kind. */
export function operatorClaims(object: KubeObject): readonly Claim[] {
  const found = (places.get(`${object.group}|${object.ref.kind}`) ?? []).flatMap(({ path, classField }) => {
    const spec = valueAt(object.value, ...path);
    return isObject(spec) ? [claimOf(object, spec, path, classField, String(path[1] ?? 'storage'))] : [];
  });
  return [...found, ...elasticClaims(object)];
}

function elasticClaims(object: KubeObject): readonly Claim[] {
  if (object.group !== 'elasticsearch.k8s.elastic.co' || object.ref.kind !== 'Elasticsearch') return [];
  return listAt(object.value, 'spec', 'nodeSets').flatMap((set, index) =>
    listAt(set, 'volumeClaimTemplates').flatMap((entry, at) => {
      const path = ['spec', 'nodeSets', index, 'volumeClaimTemplates', at, 'spec'];
      const spec = valueAt(entry, 'spec');
      return isObject(spec) ? [claimOf(object, spec, path, 'storageClassName', `${textAt(set, 'name') ?? index}`)] : [];
    }),
  );
}

function claimOf(object: KubeObject, spec: JsonValue, path: Path, classField: string, name: string): Claim {
  const size = valueAt(spec, 'resources', 'requests', 'storage') ?? valueAt(spec, 'size') ?? valueAt(spec, 'storage');
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    name,
    path,
    storageClass: textEntries(spec).get(classField),
    accessModes: texts(valueAt(spec, 'accessModes')),
    size: parseQuantity(size),
    template: 'stateful-set',
  };
}
