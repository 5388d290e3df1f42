import { describe, expect, it } from 'vitest';
import { aBundle } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { ingressClasses } from './ingress-classes.ts';
import { inventory } from './inventory.ts';

const ingress = (name: string, className?: string) => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop }
spec: { ${className === undefined ? '' : `ingressClassName: ${className}, `}rules: [] }
`;
const ingressClass = (name: string, controller: string) => `---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: ${name} }
spec: { controller: ${controller} }
`;

describe('ingress classes', () => {
  it('groups Ingresses by class, in the order of names', () => {
    const facts = createFacts(
      aBundle({
        objects: ingress('b', 'nginx') + ingress('a', 'nginx') + ingress('c', 'alb') + ingress('d'),
        platform: ingressClass('nginx', 'nginx.org/ingress-controller'),
      }),
    );
    const found = facts(ingressClasses);
    expect(found.uses.map(({ name, ingresses, controller }) => [name, ingresses.length, controller.status])).toEqual([
      [undefined, 1, 'unseen'],
      ['alb', 1, 'unseen'],
      ['nginx', 2, 'known'],
    ]);
    const [first] = facts(inventory).systemOfKind('networking.k8s.io', 'Ingress');
    expect(first && found.of(first)?.name).toBe('nginx');
  });

  it('says why a controller is unseen, and which programs share the name', () => {
    const { uses } = createFacts(aBundle({ objects: ingress('a', 'nginx') }))(ingressClasses);
    expect(uses[0]?.controller).toMatchObject({
      status: 'unseen',
      why: 'no source is complete for IngressClass',
      candidates: [{ id: 'ingress-nginx' }, { id: 'f5-nginx' }],
    });
  });

  it('keeps the text of a controller that no table has', () => {
    const { uses } = createFacts(aBundle({ objects: ingress('a', 'own'), platform: ingressClass('own', 'example.com/own') }))(
      ingressClasses,
    );
    expect(uses[0]?.controller).toEqual({ status: 'unrecognised', controller: 'example.com/own' });
  });
});
