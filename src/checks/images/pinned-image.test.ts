import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { pinnedImage } from './pinned-image.ts';

const digest = `sha256:${'a1'.repeat(32)}`;
const pod = (spec: string) => `{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: ${spec} }`;
const image = (text: string) => pod(`{ containers: [{ name: web, image: "${text}" }] }`);

describe('pinned-image', () => {
  it.each<[string, string, string]>([
    ['the port of a registry is no tag', 'registry.acme.io:5000/web', 'fail untagged'],
    ['a tag beside a digest is pinned', `web:latest@${digest}`, 'pass digest'],
    ['the digest of another algorithm', `web@sha512:${'b2'.repeat(64)}`, 'pass digest'],
    ['a digest that is cut', 'web@sha256:abc', 'fail invalid'],
    ['a version tag', 'web:1.2.3', 'fail tag'],
    ['latest of a private registry', 'registry.acme.io:5000/web:latest', 'fail latest'],
  ])('%s', (_, text, expected) => {
    expect(verdicts(examine(pinnedImage, { objects: image(text) }))).toEqual([`${expected} Pod/web/web`]);
  });

  it('init and ephemeral containers run images too', () => {
    const objects = pod(
      `{ initContainers: [{ name: a, image: "a:1" }], containers: [{ name: b, image: "b@${digest}" }], ephemeralContainers: [{ name: c, image: c }] }`,
    );
    expect(verdicts(examine(pinnedImage, { objects }))).toEqual([
      'fail tag Pod/web/a',
      'pass digest Pod/web/b',
      'fail untagged Pod/web/c',
    ]);
  });

  it('an image that something else fills in is not known', () => {
    expect(verdicts(examine(pinnedImage, { objects: pod('{ containers: [{ name: web }] }') }))).toEqual([
      'unknown unnamed Pod/web/web',
    ]);
  });
});
