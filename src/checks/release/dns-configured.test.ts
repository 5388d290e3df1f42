import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { dnsConfigured } from './dns-configured.ts';

const objects =
  '{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop }, spec: { rules: [{ host: b.acme.io }, { host: a.acme.io }] } }';

it('asks for each name, whatever its records are written by', () => {
  expect(examine(dnsConfigured, { objects }).map(({ target, outcome, reason }) => `${outcome} ${reason} ${target.name}`)).toEqual(
    ['unknown needs-a-person a.acme.io', 'unknown needs-a-person b.acme.io'],
  );
});
