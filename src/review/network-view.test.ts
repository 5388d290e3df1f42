import { describe, expect, it } from 'vitest';
import type { DeclaredReview } from '../evidence/declared.ts';
import { aBundle } from '../evidence/testing.ts';
import { createFacts } from '../facts/fact.ts';
import { networkView } from './network-view.ts';
import { placeFinder } from './places.ts';

const objects = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: main, image: "web:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`;
const viewOf = (review: Partial<DeclaredReview>) => {
  const bundle = aBundle({ objects, review });
  const facts = createFacts(bundle);
  const view = networkView(facts, bundle.collectedAt, placeFinder(facts));
  if ('omitted' in view) throw new Error(view.omitted);
  return view;
};
const traffic: DeclaredReview['traffic'] = [
  { from: 'web', to: '10.0.0.1', port: 5432, protocol: 'TCP' },
  { from: 'web', to: 'shop/wep', protocol: 'TCP' },
];

describe('the network view', () => {
  it('lists derived flows with verdict, reason and proof', () => {
    const { derived } = viewOf({});
    expect(derived).toMatchObject({ more: 0 });
    expect(derived.flows[0]).toMatchObject({
      kind: 'dns',
      source: 'shop/Deployment/web',
      protocol: 'UDP',
      ports: '53',
      verdict: 'denied',
      need: 'certain',
      declared: false,
      because: [
        {
          object: 'NetworkPolicy shop/deny',
          location: { path: 'spec', line: expect.any(Number) },
          note: expect.stringContaining('isolates'),
        },
      ],
    });
  });

  it('lists declared flows with every pair, and what they may have meant; nothing where nobody declared any', () => {
    expect(viewOf({}).intended).toBeUndefined();
    expect(viewOf({ traffic }).intended).toMatchObject({
      more: 0,
      flows: [
        {
          from: 'web',
          to: '10.0.0.1',
          port: 5432,
          status: 'missing',
          pairs: [{ destination: '10.0.0.1', verdict: 'denied' }],
        },
        { status: 'vacuous', pairs: [], vacuous: { end: 'to', suggestions: ['shop/web'] } },
      ],
    });
  });

  it('names the profile, what it settles and who says so, and explains the assumptions of each answer', () => {
    expect(viewOf({}).profile).toBeUndefined();
    const view = viewOf({ traffic, network: { profile: 'none' } });
    expect(view.profile).toMatchObject({ name: 'none', settles: [{ question: 'no-enforcement', answer: 'yes' }] });
    expect(view.intended?.flows[0]).toMatchObject({ status: 'satisfied', pairs: [{ assumptions: ['no-enforcement'] }] });
    expect(Object.keys(view.assumptions)).toContain('no-enforcement');
  });
});
