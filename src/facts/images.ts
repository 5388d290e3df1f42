import { formatImage, type ImageReference, readImageReference } from '../kube/image-reference.ts';
import type { Container, Workload } from '../kube/workload.ts';
import { compareText, type ObjectRef, ownApiVersion } from '../model/object-ref.ts';
import { fact } from './fact.ts';
import { type Workloads, workloads } from './workloads.ts';

/** The image of one container under review. */
export interface ImageUse {
  readonly workload: Workload;
  readonly container: Container;
  /** As written; undefined where the container names none. */
  readonly written: string | undefined;
  /** Undefined: no runtime accepts what is written. */
  readonly image: ImageReference | undefined;
}

/** One image, with every container that runs it. */
export interface UsedImage {
  readonly ref: ObjectRef;
  /** Registry, repository, tag and digest with Docker's defaults filled in; the written text where it cannot be read. */
  readonly name: string;
  readonly digest: string | undefined;
  readonly uses: readonly [ImageUse, ...ImageUse[]];
}

export interface Images {
  /** Every container, of every role, in the order of workloads. */
  readonly uses: readonly ImageUse[];
  /** Each image once, by name. Containers that name no image are left out. */
  readonly images: readonly UsedImage[];
}

/** The images of the workloads under review. */
export const images = fact('images', [workloads], imagesOf);

/** The images of some environment's workloads under review. */
function imagesOf(running: Workloads): Images {
  const uses = running.system.flatMap((workload) =>
    workload.containers.map((container): ImageUse => {
      const { image: written } = container;
      return { workload, container, written, image: written === undefined ? undefined : readImageReference(written) };
    }),
  );
  const byName = new Map<string, [ImageUse, ...ImageUse[]]>();
  for (const use of uses) {
    const name = nameOf(use);
    if (name === undefined) continue;
    const list = byName.get(name);
    if (list) list.push(use);
    else byName.set(name, [use]);
  }
  const list = [...byName].sort(([a], [b]) => compareText(a, b));
  return {
    uses,
    images: list.map(([name, group]) => ({
      ref: { apiVersion: ownApiVersion, kind: 'Image', name },
      name,
      digest: group[0].image?.digest,
      uses: group,
    })),
  };
}

/** One digest is one image, whatever tag is written beside it. */
function nameOf({ image, written }: ImageUse): string | undefined {
  if (image === undefined) return written;
  const { tag: _, ...untagged } = image;
  return formatImage(image.digest === undefined ? { ...untagged, tag: image.tag ?? 'latest' } : untagged);
}
