import type { System } from '../../config/load.ts';
import type { Bundle, Slot } from '../../evidence/bundle.ts';
import type { UnsealedRecord } from '../../evidence/load-tests/record.ts';
import { createFacts } from '../../facts/fact.ts';
import { servingImages } from '../../facts/serving-images.ts';
import { gather } from '../../gather/gather.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';
import { progressLine } from '../progress.ts';
import type { LoadOptions } from './options.ts';

/** What is known of the images behind the target, and in words what that rests on or what is missing. */
export interface TestedImages {
  readonly images?: NonNullable<UnsealedRecord['images']>;
  readonly words: string;
  /** What to do where none are known. */
  readonly advice?: string;
}

/**
 * The digests of the images under test: said on the command line, else read off the objects of the tested environment, else what the review
 * file states. A tag names no image.
 */
export async function testedImages(
  host: Host,
  system: System | undefined,
  environment: string | undefined,
  options: LoadOptions,
): Promise<TestedImages> {
  if (options.image.length > 0) return stated(options.image.map(digestOption), 'as stated with --image');
  const wanted = options.imagesUnderReview === true || system?.loadTest?.images === 'under-review';
  if (options.imagesUnderReview === true && system === undefined)
    throw new SeaworthyError(
      'SW_USAGE',
      '--images-under-review needs a review: there is no review file here, and no path was given.',
    );
  const bundle = system === undefined ? undefined : await objectsOf(host, system);
  if (bundle === undefined) return unknown;
  if (options.imagesUnderReview !== true && environment !== undefined) {
    const seen = digestsOf(ofEnvironment(bundle, environment));
    if (seen.length > 0)
      return {
        images: { digests: [...seen], basis: 'objects' },
        words: `${seen.length} digests, read off the objects of ${environment}`,
      };
  }
  if (!wanted) return unknown;
  const reviewed = digestsOf(bundle);
  return reviewed.length > 0 ? stated(reviewed, 'of the images under review, as stated by who runs the test') : unpinned;
}

const stated = (digests: readonly string[], words: string): TestedImages => ({
  images: { digests: [...new Set(digests)].sort(), basis: 'stated' },
  words: `${digests.length === 1 ? '1 digest' : `${digests.length} digests`} ${words}`,
});

const unknown: TestedImages = {
  words: 'unknown: a review cannot tell that this run tested the images under review',
  advice: 'Say which: --images-under-review if the target runs the images under review, or --image sha256:... for each.',
};

const unpinned: TestedImages = {
  words: 'unknown: the images under review are not pinned by digest, so that nothing identifies them',
  advice: 'Pin the images by digest (image: name@sha256:...), then state them with --images-under-review.',
};

export function digestOption(text: string): string {
  const digest = /sha256:[0-9a-f]{64}$/.exec(text)?.[0];
  if (digest === undefined)
    throw new SeaworthyError('SW_USAGE', '--image takes a digest: sha256: and 64 hex digits.', {
      hint: 'A tag names no image: it can be moved.',
    });
  return digest;
}

/** The system's objects alone; undefined where none can be read: whoever reviews the system is told why, and a load test needs none. */
async function objectsOf(host: Host, system: System): Promise<Bundle | undefined> {
  const kinds: readonly string[] = ['manifests', 'dump', 'kustomize', 'helm'];
  const sources = system.sources.filter(({ kind }) => kinds.includes(kind));
  if (sources.length === 0) return undefined;
  const progress = progressLine(host);
  try {
    return await gather(host.io, { ...system, sources }, progress);
  } catch (error) {
    if (error instanceof SeaworthyError) return undefined;
    throw error;
  } finally {
    await progress.done();
  }
}

/** The bundle as if one environment were under review. */
const ofEnvironment = (bundle: Bundle, environment: string): Bundle => ({
  ...bundle,
  slots: bundle.slots.flatMap((slot): readonly Slot[] =>
    slot.environment === environment && slot.role !== 'platform' ? [{ ...slot, role: 'system' }] : [],
  ),
});

const digestsOf = (bundle: Bundle): readonly string[] => [...createFacts(bundle)(servingImages).digests].sort();
