import type { SourceSpec } from '../../evidence/source-spec.ts';
import { type LoadTestRecord, sealRecord, type UnsealedRecord } from '../../evidence/load-tests/record.ts';
import { dayMs, momentMs } from '../../model/time.ts';

type Stated = Extract<SourceSpec, { kind: 'load-test' }>['stated'];
export type WithStated =
  | { readonly ok: true; readonly record: LoadTestRecord }
  | { readonly ok: false; readonly problem: string };

/**
 * Fills what a result does not say of itself with what the review file states. It never overrides: what a result says otherwise is a
 * contradiction, and one of the two is wrong.
 */
export function withStated(record: LoadTestRecord, stated: Stated): WithStated {
  const images = digestsIn(stated.images ?? []);
  const problem = images.problem ?? contradiction(record, stated, images.digests);
  if (problem !== undefined) return { ok: false, problem };
  const filled = {
    ...(record.startedAt === undefined && stated.startedAt !== undefined ? { startedAt: stated.startedAt } : {}),
    ...(record.environment === undefined && stated.environment !== undefined ? { environment: stated.environment } : {}),
    ...(record.images === undefined && images.digests.length > 0
      ? { images: { digests: images.digests, basis: 'stated' as const } }
      : {}),
    ...(record.test.model === 'unknown' && stated.model !== undefined ? { test: { ...record.test, model: stated.model } } : {}),
  };
  if (Object.keys(filled).length === 0) return { ok: true, record };
  const { digest: _digest, format: _format, ...content } = record;
  return { ok: true, record: sealRecord({ ...content, ...filled } satisfies UnsealedRecord) };
}

function digestsIn(images: readonly string[]): { readonly digests: string[]; readonly problem?: string } {
  const digests: string[] = [];
  for (const image of images) {
    const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
    if (digest === undefined)
      return { digests, problem: `the stated image "${image.slice(0, 100)}" has no digest; a tag alone identifies nothing` };
    digests.push(digest);
  }
  return { digests: [...new Set(digests)].sort() };
}

function contradiction(
  { startedAt, environment, images, test }: LoadTestRecord,
  stated: Stated,
  digests: readonly string[],
): string | undefined {
  const differ = (what: string, own: string, said: string) =>
    `${what} of the result is ${own}, and the review file states ${said}`;
  if (environment !== undefined && stated.environment !== undefined && environment !== stated.environment)
    return differ('the environment', environment, stated.environment);
  // Written by hand, often as a day; the result's own moment is the one that counts.
  if (
    startedAt !== undefined &&
    stated.startedAt !== undefined &&
    Math.abs(momentMs(startedAt) - momentMs(stated.startedAt)) > dayMs
  )
    return differ('the start', startedAt, stated.startedAt);
  if (test.model !== 'unknown' && stated.model !== undefined && test.model !== stated.model)
    return differ('the model', test.model, stated.model);
  if (images !== undefined && digests.length > 0 && [...new Set(images.digests)].sort().join() !== digests.join())
    return differ('the list of images', images.digests.join(', ') || 'empty', digests.join(', '));
  return undefined;
}
