import { type ImageUse, images } from '../../facts/images.ts';
import { formatImage } from '../../kube/image-reference.ts';
import { defineCheck, type Target } from '../define-check.ts';

type ContainerTarget = Target & { readonly use: ImageUse };

export const pinnedImage = defineCheck({
  id: 'pinned-image',
  gate: 'images',
  level: 'high',
  title: 'Every image is named by digest',
  rationale: 'A tag can be pushed again: what was scanned, tested and approved is then not what the next node pulls.',
  remedy: 'pin-images',
  references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A registry that refuses to overwrite a tag, or an admission controller that writes digests on the way in.',
  needs: { images },
  parameters: {},
  messages: {
    tag: 'Container {container} runs {image}: a tag, without a digest.',
    latest: 'Container {container} runs {image} with the tag latest, which changes with every release.',
    untagged: 'Container {container} runs {image} without tag or digest: whatever latest is when it is pulled.',
    invalid: 'Container {container} names the image {written}, which no runtime accepts.',
    unnamed: 'Container {container} names no image; something else fills it in.',
    digest: 'Container {container} runs {image} by digest.',
  },
  looksFor: ['*'],
  *targets({ images }): Generator<ContainerTarget> {
    for (const use of images.uses) {
      const { container, workload } = use;
      yield { ref: container.ref, object: workload.object, path: container.path, use };
    }
  },
  assess({ use: { container, image, written } }, _, say) {
    const { name } = container;
    if (written === undefined) return say.unknown('unnamed', { container: name });
    const at = { at: ['image'] };
    if (image === undefined) return { ...say.fail('invalid', { container: name, written: written.slice(0, 200) }), ...at };
    const data = { container: name, image: formatImage(image) };
    if (image.digest !== undefined) return { ...say.pass('digest', data), ...at };
    if (image.tag === undefined) return { ...say.fail('untagged', data), ...at };
    return { ...say.fail(image.tag === 'latest' ? 'latest' : 'tag', data), ...at };
  },
});
