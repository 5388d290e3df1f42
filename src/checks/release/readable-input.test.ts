import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { readableInput } from './readable-input.ts';

const said = (objects: string, live = false) =>
  examine(readableInput, { objects, ...(live ? { live } : {}) }).map(
    ({ outcome, messageId, message, location }) => `${outcome} ${messageId} ${location?.line ?? '-'}: ${message}`,
  );

const policy = (field: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec:
  ${field}: {}
`;

describe('readable-input', () => {
  it('a misspelt selector in a NetworkPolicy fails: read leniently it would select every Pod', () => {
    expect(said(policy('podselector'))).toEqual([
      expect.stringMatching(/^fail unknown-field 5: .*podselector.*did you mean podSelector/),
    ]);
  });

  it('the same field spelt right passes', () => {
    expect(said(policy('podSelector'))).toEqual(['pass read -: All of system.yaml was read (objects: 1).']);
  });

  it('a live dump was accepted by its own server: newer fields in it are no mistake', () => {
    expect(said(policy('podSelectorFromTheFuture'), true)).toEqual([expect.stringContaining('pass read')]);
  });

  it('each problem of a file is a finding of its own, and the rest is still read', () => {
    const text = `${policy('podSelector')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: b, a: c }\n---\napiVersion: v1\nkind: [\n`;
    expect(said(text).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['fail unreadable', 'fail unreadable']);
  });

  it('a word that apply and Kustomize read differently is reported beside the review, not as a finding', () => {
    expect(said('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, annotations: { x: "1" } }\nimmutable: yes\n')).toEqual([
      expect.stringContaining('pass read'),
    ]);
  });

  it('a role that the API server refuses says what is wrong, at the rule; a live one was accepted', () => {
    const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: r, namespace: shop }
rules:
  - { apiGroups: [""], resources: [pods], verbs: [get] }
  - { apiGroups: [""], resources: [pods] }
`;
    expect(said(role)).toEqual(['fail refused 6: The API server refuses Role shop/r: the rule names no verbs.']);
    expect(said(role, true)).toEqual([expect.stringContaining('pass read')]);
  });

  it('an object defined twice is lost once', () => {
    const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n';
    expect(said(`${object}---\n${object}`)).toEqual([
      expect.stringMatching(/^fail duplicate 1: ConfigMap shop\/a is defined twice/),
    ]);
  });

  it('generated names never collide', () => {
    const object =
      'apiVersion: batch/v1\nkind: Job\nmetadata: { generateName: run-, namespace: shop }\nspec: { template: { spec: { containers: [] } } }\n';
    expect(said(`${object}---\n${object}`)).toEqual([expect.stringContaining('pass read')]);
  });
});
