import type { ImageReference } from '../kube/image-reference.ts';
import { readService, targetPortOn } from '../kube/service.ts';
import type { Container, Workload } from '../kube/workload.ts';
import { refKey } from '../model/object-ref.ts';
import { type ExposureOf, exposures } from './exposure.ts';
import { fact } from './fact.ts';
import { type Images, images } from './images.ts';
import { type References, references } from './references.ts';

/** Images that a load test has to be of, and those it may be of. */
export interface ServingImages {
  /** Images of the containers that answer what comes from outside: the request path begins with them. */
  readonly entry: readonly { readonly written: string; readonly image: ImageReference | undefined }[];
  /** Digests of every image under review. */
  readonly digests: ReadonlySet<string>;
  /** Namespaces of the workloads that answer. */
  readonly namespaces: ReadonlySet<string>;
}

/**
 * The images behind the system's traffic: of the containers that have the port to which an Ingress, route or open Service leads. Where
 * none is known, every container that keeps running. Exporters and monitoring beside them answer no user.
 */
export const servingImages = fact('serving-images', [images, exposures, references], (all, { target }, refs) =>
  servingImagesOf(all, target, refs),
);

function servingImagesOf(
  { uses }: Pick<Images, 'uses'>,
  { exposures }: Pick<ExposureOf, 'exposures'>,
  refs: Pick<References, 'backends' | 'workloadsOf'>,
): ServingImages {
  const answering = answeringContainers(exposures, refs);
  const running = uses.filter(({ workload, container }) => !workload.runsToCompletion && runs(container));
  const first = running.filter(({ workload, container }) => answering.has(keyOf(workload, container)));
  const counted = first.length > 0 ? first : running;
  const entry = new Map(counted.flatMap(({ written, image }) => (written === undefined ? [] : [[written, { written, image }]])));
  return {
    entry: [...entry.values()],
    digests: new Set(uses.flatMap(({ image }) => image?.digest ?? [])),
    namespaces: new Set(counted.map(({ workload }) => workload.namespace)),
  };
}

const runs = ({ role }: Container): boolean => role === 'container' || role === 'sidecar';
const keyOf = (workload: Workload, container: Container): string => `${refKey(workload.ref)}|${container.name}`;

function answeringContainers(
  exposures: ExposureOf['exposures'],
  refs: Pick<References, 'backends' | 'workloadsOf'>,
): ReadonlySet<string> {
  const opening = new Set(exposures.map(({ object }) => refKey(object.ref)));
  const byBackend = refs.backends.filter(({ object }) => opening.has(refKey(object.ref))).flatMap(({ workloads }) => workloads);
  const byService = exposures.flatMap(({ via, object }) => {
    const service = via === 'Service' ? readService(object) : undefined;
    return service === undefined
      ? []
      : refs
          .workloadsOf(service)
          .flatMap((workload) => service.ports.map((port) => ({ workload, port: targetPortOn(workload, port) })));
  });
  return new Set(
    [...byBackend, ...byService].flatMap(({ workload, port }) => {
      const candidates = workload.containers.filter(runs);
      const declaring = candidates.filter(({ ports }) => ports.some(({ number }) => number === port));
      // Declaring a port is optional: without a declaration any container may be the one that listens.
      return (declaring.length > 0 ? declaring : candidates).map((container) => keyOf(workload, container));
    }),
  );
}
