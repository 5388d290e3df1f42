import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { secretAsFile } from './secret-as-file.ts';

const pod = (container: string) => `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers: [{ name: web, image: a, ${container} }]
  volumes: [{ name: v, secret: { secretName: s } }, { name: p, projected: { sources: [{ secret: { name: t } }] } }]
`;

describe('secret-as-file', () => {
  it.each<[string, string, string]>([
    ['a whole Secret in the environment', 'envFrom: [{ secretRef: { name: s } }]', 'fail environment Pod/web/web'],
    [
      'a file beside a variable: the variable counts',
      'volumeMounts: [{ name: v, mountPath: /s }], env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: a } } }]',
      'fail environment Pod/web/web',
    ],
    ['a projected Secret is a file', 'volumeMounts: [{ name: p, mountPath: /s }]', 'pass file Pod/web/web'],
    ['a volume that the container does not mount is not its own', 'env: []', 'not-applicable none Pod/web/web'],
    ['ConfigMaps are not Secrets', 'envFrom: [{ configMapRef: { name: s } }]', 'not-applicable none Pod/web/web'],
  ])('%s', (_, container, expected) => {
    expect(verdicts(examine(secretAsFile, { objects: pod(container) }))).toEqual([expected]);
  });
});
