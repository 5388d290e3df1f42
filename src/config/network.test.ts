import { describe, expect, it } from 'vitest';
import { loadReviewFile } from './load.ts';

const load = (spec: string) =>
  loadReviewFile(
    async () => `apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec: ${spec}\n`,
    'seaworthy.yaml',
  );

describe('spec.network', () => {
  it('carries the profile; absence stays absence', async () => {
    expect((await load('{ network: { profile: calico } }')).review.network).toEqual({ profile: 'calico' });
    expect((await load('{ network: {} }')).review.network).toEqual({});
    expect((await load('{}')).review).not.toHaveProperty('network');
  });

  it('refuses a plugin that has no profile, and keys that do not exist', async () => {
    await expect(load('{ network: { profile: flannel } }')).rejects.toThrow(/profile/);
    await expect(load('{ network: { plugin: calico } }')).rejects.toThrow(/plugin/);
  });
});
