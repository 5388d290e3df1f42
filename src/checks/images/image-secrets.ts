import { type UsedImage, images } from '../../facts/images.ts';
import { imageScans } from '../../facts/image-scans.ts';
import { defineCheck, type Target } from '../define-check.ts';

type ImageTarget = Target & { readonly image: UsedImage };

export const imageSecrets = defineCheck({
  id: 'image-secrets',
  gate: 'images',
  level: 'high',
  title: 'No image holds a secret',
  rationale:
    'Whoever may pull an image has every secret in its layers, deleted ones included, and keeps them after the secret is removed.',
  remedy: 'scan-images',
  references: ['https://trivy.dev/latest/docs/scanner/secret/'],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'What was found is a test key that opens nothing.',
  needs: { images, imageScans },
  parameters: {},
  messages: {
    found: '{image} holds {secrets} secrets ({tool}, {path}).',
    'not-pinned': '{image} is named by tag, so no report can be about it. Pin it by digest.',
    'not-searched': 'Nobody has searched {image} for secrets{reports}. Scan it for secrets, or attest it.',
    none: '{image} was searched for secrets by {tool} ({path}): none found.',
  },
  looksFor: ['*'],
  *targets({ images }): Generator<ImageTarget> {
    for (const image of images.images) {
      const [{ workload, container }] = image.uses;
      yield { ref: image.ref, object: workload.object, path: [...container.path, 'image'], image };
    }
  },
  assess({ image: { name: image, digest } }, { imageScans, asOf }, say) {
    if (digest === undefined) return say.unknown('not-pinned', { image });
    const reports = imageScans.about(digest);
    const guilty = reports.find(({ secrets }) => secrets !== undefined && secrets > 0);
    if (guilty) return say.fail('found', { image, secrets: guilty.secrets ?? 0, tool: guilty.tool, path: guilty.path });
    // An image of one digest cannot change, so a search does not age; one without a time, or of the future, is no evidence.
    const clean = reports.find(
      ({ secrets, whole, scannedAt }) => secrets === 0 && whole && scannedAt !== undefined && scannedAt <= asOf,
    );
    return clean
      ? say.pass('none', { image, tool: clean.tool, path: clean.path })
      : say.unknown('not-searched', {
          image,
          reports: reports.length === 0 ? '' : ': its reports are about vulnerabilities only, or not whole',
        });
  },
});
