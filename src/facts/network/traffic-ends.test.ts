import { describe, expect, test } from 'vitest';
import { namespace as ns, networkOf, pod } from './fixture.ts';
import { resolveTrafficEnd } from './traffic-ends.ts';

const service =
  '\n---\napiVersion: v1\nkind: Service\nmetadata: { name: database, namespace: shop }\nspec: { selector: { app: postgres }, ports: [{ port: 5432 }] }\n';
const network = networkOf(
  ns('shop') +
    ns('mon') +
    pod('shop/backend', 'app.kubernetes.io/name: api') +
    pod('shop/postgres') +
    pod('mon/prometheus') +
    service,
  { platform: ['mon'] },
);
const suggestions = (text: string) => {
  const end = resolveTrafficEnd(network, text);
  return end.kind === 'nothing' ? end.suggestions : 'something';
};

describe('1.2.14 an end of declared traffic that stands for nothing', () => {
  test.each([
    ['a workload that is nearly called so', 'backed', ['backend']],
    ['a Service that is nearly called so', 'databse', ['database']],
    ['Pods that bear the name as a label', 'api', ['shop/backend']],
    ['a workload of the platform', 'promethes', ['prometheus']],
    ['a near name in the namespace', 'shop/backed', ['shop/backend']],
    ['a label in the namespace', 'shop/api', ['shop/backend']],
    ['the name in another namespace', 'shop/prometheus', ['mon/prometheus']],
    ['nothing that looks like it', 'shop/zzzzzzzzzz', []],
    ['a Service stands for its Pods', 'shop/database', 'something'],
  ] as const)('%s', (_, text, expected) => {
    expect(suggestions(text)).toEqual(expected);
  });
});
