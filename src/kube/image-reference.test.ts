import { describe, expect, it } from 'vitest';
import { formatImage, readImageReference } from './image-reference.ts';

const hex = 'a'.repeat(64);

describe('an image reference', () => {
  it.each([
    ['a bare name is an official image of Docker Hub', 'nginx', 'docker.io/library/nginx'],
    ['a tag', 'nginx:1.29', 'docker.io/library/nginx:1.29'],
    ['two parts without a dot are a repository of Docker Hub', 'grafana/k6:2.2.0', 'docker.io/grafana/k6:2.2.0'],
    ['the port of a registry is no tag', 'registry.example:5000/app', 'registry.example:5000/app'],
    ['a port and a tag', 'registry.example:5000/team/app:1', 'registry.example:5000/team/app:1'],
    ['localhost is a registry', 'localhost/app', 'localhost/app'],
    ['an upper-case first part is a registry', 'Registry/app', 'Registry/app'],
    ['an address of version 6', '[::1]:5000/app:1', '[::1]:5000/app:1'],
    ['a digest', `app@sha256:${hex}`, `docker.io/library/app@sha256:${hex}`],
    ['a tag and a digest', `quay.io/a/b:v1@sha256:${hex}`, `quay.io/a/b:v1@sha256:${hex}`],
    ['separators inside a part', 'ghcr.io/a--b/c__d/e.f', 'ghcr.io/a--b/c__d/e.f'],
    ['the old name of Docker Hub', 'index.docker.io/nginx:1', 'docker.io/library/nginx:1'],
  ])('%s', (_, text, expected) => {
    const read = readImageReference(text);
    expect(read && formatImage(read)).toBe(expected);
  });

  it.each([
    ['empty text', ''],
    ['a variable nobody filled in', '${IMAGE}'],
    ['a template', '{{ .Values.image }}'],
    ['a scheme', 'https://registry.example/app'],
    ['an empty tag', 'app:'],
    ['an empty digest', 'app@'],
    ['a digest that is too short', 'app@sha256:abc'],
    ['a digest in upper case', `app@sha256:${'A'.repeat(64)}`],
    ['two digests', `app@sha256:${hex}@sha256:${hex}`],
    ['an upper-case repository', 'ghcr.io/App'],
    ['blanks', 'app :1'],
    ['a leading dash', 'ghcr.io/-app'],
  ])('is not %s', (_, text) => {
    expect(readImageReference(text)).toBeUndefined();
  });

  it('is read in time that grows with its length', () => {
    expect(readImageReference(`${'a-'.repeat(500)}!`)).toBeUndefined();
  });
});
