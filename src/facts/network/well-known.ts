import type { WorkloadEndpoint } from './peers.ts';

/** Repository of an image without registry, tag and digest: `quay.io/prometheus/prometheus:v3` -> `prometheus/prometheus`. */
export function repositoryOf(image: string): string {
  const untagged = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = untagged.split('/');
  return rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost') ? rest.join('/') : untagged;
}

/** Repositories of a workload's images. */
export const repositories = ({ workload }: WorkloadEndpoint): readonly string[] =>
  workload.containers.flatMap(({ image }) => (image === undefined ? [] : [repositoryOf(image)]));

/** Values of the labels by which people and charts name an application. */
export const namesOf = ({ labels, workload }: WorkloadEndpoint): readonly string[] =>
  ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app', 'k8s-app', 'name']
    .flatMap((key) => labels.known.get(key) ?? [])
    .concat(workload.ref.name);
