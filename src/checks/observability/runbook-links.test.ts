import { describe, expect, it } from 'vitest';
import { readDocument } from '../../gather/documents/read-document.ts';
import { examine } from '../testing.ts';
import { runbookLinks } from './runbook-links.ts';

const rule = (annotations: string) => `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: shop, namespace: shop }
spec: { groups: [{ name: shop, rules: [{ record: x, expr: y }, { alert: Slow, expr: y > 1, annotations: ${annotations} }] }] }
`;
const review = { documents: [{ kind: 'runbook', path: 'examples/shop/docs/runbooks' }] };
const documents = [readDocument('runbook', 'examples/shop/docs/runbooks/slow.md', '# Slow\n\nLook first.\n')];

describe('runbook-links', () => {
  it.each([
    ['no annotation', '{}', 'fail absent'],
    ['an empty one', '{ runbook_url: "" }', 'fail absent'],
    ['the older name', '{ runbook: "https://wiki.acme.dev/slow" }', 'pass linked'],
    ['a template in the link', '{ runbook_url: "https://wiki.acme.dev/{{ $labels.alertname }}" }', 'pass linked'],
    ['a placeholder', '{ runbook_url: "https://example.com/runbooks/slow" }', 'fail placeholder'],
    ['a placeholder of a template', '{ runbook_url: "https://wiki.acme.dev/<page>" }', 'fail placeholder'],
    [
      'a declared document',
      '{ runbook_url: "https://git.acme.dev/shop/blob/main/docs/runbooks/slow.md#first" }',
      'pass linked-document',
    ],
    ['a declared document by relative path', '{ runbook_url: docs/runbooks/slow.md }', 'pass linked-document'],
    [
      'a document that nobody wrote',
      '{ runbook_url: "https://git.acme.dev/shop/blob/main/docs/runbooks/slower.md" }',
      'fail no-document',
    ],
    [
      'a folder of another name',
      '{ runbook_url: "https://git.acme.dev/shop/blob/main/olddocs/runbooks/slow.md" }',
      'pass linked',
    ],
  ])('%s', (_, annotations, expected) => {
    const found = examine(runbookLinks, { objects: rule(annotations), review, documents });
    expect(found.map(({ outcome, messageId }) => `${outcome} ${messageId}`)).toEqual([expected]);
  });

  it('two alerts of one object are two findings, and a rule that records is none', () => {
    const objects = rule('{}').replace('{ record: x, expr: y }', '{ record: x, expr: y }, { alert: Down, expr: up == 0 }');
    const found = examine(runbookLinks, { objects });
    expect(found.map(({ messageId }) => messageId)).toEqual(['absent', 'absent']);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(found[0]?.location?.path).toBe('spec.groups[0].rules[1]');
  });
});
