import { expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { tlsTermination } from './tls-termination.ts';

const listener = (rest: string) =>
  `{ apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: { name: g, namespace: shop }, spec: { listeners: [{ name: l, port: 443, hostname: a.acme.io, ${rest} }] } }`;

it.each([
  ['an HTTPS listener without a certificate cannot terminate', listener('protocol: HTTPS, tls: {}'), 'fail cannot-terminate'],
  ['a plain listener cannot terminate', listener('protocol: HTTP'), 'fail cannot-terminate'],
  [
    'a listener with a certificate still has to be seen',
    listener('protocol: HTTPS, tls: { certificateRefs: [{ name: s }] }'),
    'unknown unprobed',
  ],
])('%s', (_, objects, expected) => {
  expect(verdicts(examine(tlsTermination, { objects }))).toEqual([`${expected} Host/a.acme.io`]);
});
