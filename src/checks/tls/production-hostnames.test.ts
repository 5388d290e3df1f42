import { describe, expect, it } from 'vitest';
import { emptyReview } from '../../evidence/declared.ts';
import { examine, verdicts } from '../testing.ts';
import { productionHostnames } from './production-hostnames.ts';

const ingress = (host: string) =>
  `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: i, namespace: shop }, spec: { rules: [{ host: "${host}" }] } }`;

describe('production-hostnames', () => {
  it.each([
    ['a placeholder', '???', 'fail placeholder'],
    ['an upper-case staging name', 'STAGING.acme.io', 'fail purpose'],
    ['an address of a wildcard service', 'shop.10.0.0.1.nip.io', 'fail reserved'],
    ['a brand that sounds like a test', 'test.de', 'pass alone'],
    ['a brand under a registry with two labels', 'www.test.co.uk', 'pass alone'],
    ['a purpose under a registry with two labels', 'staging.acme.com.au', 'fail purpose'],
    ['a purpose in two words', 'pre-prod.acme.io', 'fail purpose'],
    ['a purpose in two words behind a name', 'shop-non-prod.acme.io', 'fail purpose'],
    ['a product whose name begins alike', 'pre-products.acme.io', 'pass alone'],
    ['a word that somebody was to replace', 'app.your-domain.com', 'fail placeholder'],
    ['such a word as a part of a name', 'todo-app.acme.io', 'pass alone'],
  ])('%s', (_, host, expected) => {
    expect(verdicts(examine(productionHostnames, { objects: ingress(host) }))).toEqual([
      `${expected} Host/${host.toLowerCase()}`,
    ]);
  });

  it('a staging name that staging serves too has two causes', () => {
    const assessments = examine(productionHostnames, {
      objects: ingress('staging.acme.io'),
      comparison: { environment: 'staging', objects: ingress('staging.acme.io') },
    });
    expect(assessments.map(({ messageId }) => messageId)).toEqual(['purpose', 'shared']);
    expect(new Set(assessments.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('does not ask a review of staging for production names', () => {
    const { environment: _, ...review } = emptyReview('shop', 'staging');
    expect(
      verdicts(
        examine(productionHostnames, { objects: ingress('staging.acme.io'), review: { ...review, environment: 'staging' } }),
      ),
    ).toEqual(['not-applicable another-environment Host/staging.acme.io']);
  });
});
