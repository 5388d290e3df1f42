import type { ImageReference } from '../kube/image-reference.ts';
import { type Images, images } from './images.ts';
import { type ExposureOf, exposures } from './exposure.ts';
import { fact } from './fact.ts';

/** An image that answers the system's traffic. */
export interface ServingImage {
  /** As written in the manifest. */
  readonly written: string;
  readonly image: ImageReference | undefined;
}

/**
 * The images behind the system's traffic: those of the containers that keep running, in the namespaces that open a host. Where no host is
 * opened, of every namespace. Monitoring in a namespace of its own does not answer users.
 */
export const servingImages = fact('serving-images', [images, exposures], (all, { target }) => servingImagesOf(all, target));

export function servingImagesOf({ uses }: Pick<Images, 'uses'>, { exposures }: Pick<ExposureOf, 'exposures'>): readonly ServingImage[] {
  const open = new Set(exposures.map(({ object }) => object.ref.namespace));
  const byText = new Map<string, ServingImage>();
  for (const { workload, container, written, image } of uses) {
    const runs = !workload.runsToCompletion && (container.role === 'container' || container.role === 'sidecar');
    if (!runs || written === undefined || (open.size > 0 && !open.has(workload.namespace))) continue;
    byText.set(written, { written, image });
  }
  return [...byText.values()];
}
