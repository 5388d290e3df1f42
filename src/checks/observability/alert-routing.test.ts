import { describe, expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { alertRouting } from './alert-routing.ts';

const text = (route: string, receivers: string) => `route: ${route}\nreceivers: ${receivers}\n`;
const configMap = (content: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: alertmanager, namespace: monitoring }
data:
  alertmanager.yml: |
${content.replace(/^/gm, '    ')}
`;
const secret = (content: string) => `
apiVersion: v1
kind: Secret
metadata: { name: alertmanager-main, namespace: monitoring }
data:
  alertmanager.yaml: ${Buffer.from(content).toString('base64')}
`;
const pager = '[{ name: page, pagerduty_configs: [{ routing_key: 0123456789abcdef0123456789abcdef }] }, { name: quiet }]';
const custom = (receiver = 'page') => `
apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: { name: shop, namespace: shop, labels: { team: shop } }
spec: { route: { receiver: ${receiver} }, receivers: [{ name: page, slackConfigs: [{ channel: "#shop" }] }, { name: quiet }] }
`;
const alertmanager = (spec: string) => `---
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: { name: main, namespace: monitoring }
spec: ${spec}
`;
const said = (parts: Parameters<typeof examine>[1]) =>
  examine(alertRouting, parts).map(({ outcome, messageId }) => `${outcome} ${messageId}`);

describe('alert-routing', () => {
  it.each<[string, string, readonly string[]]>([
    ['a pager', text('{ receiver: page }', pager), ['pass routed']],
    ['a receiver without an integration', text('{ receiver: quiet }', pager), ['fail silent']],
    ['an integration without an entry', text('{ receiver: page }', '[{ name: page, slack_configs: [] }]'), ['fail silent']],
    ['a receiver that is not defined', text('{ receiver: nobody }', pager), ['fail dangling']],
    [
      'a child without a receiver inherits',
      text('{ receiver: page, routes: [{ matchers: ["team=shop"] }] }', pager),
      ['pass routed', 'pass routed'],
    ],
    [
      'a child that leads to nobody',
      text('{ receiver: page, routes: [{ matchers: ["team=shop"], receiver: quiet }] }', pager),
      ['pass routed', 'fail silent'],
    ],
    [
      'nobody misses a watchdog that leads to nobody',
      text('{ receiver: page, routes: [{ matchers: ["alertname = Watchdog"], receiver: quiet }] }', pager),
      ['unknown unwatched', 'pass routed'],
    ],
    [
      'one among other names counts',
      text('{ receiver: page, routes: [{ matchers: ["alertname =~ \\"InfoInhibitor|Watchdog\\""], receiver: quiet }] }', pager),
      ['unknown unwatched', 'pass routed'],
    ],
    [
      'the inhibitor may lead to nobody',
      text('{ receiver: page, routes: [{ matchers: ["alertname = InfoInhibitor"], receiver: quiet }] }', pager),
      ['pass muted', 'pass routed'],
    ],
    [
      'so may what the old form of matchers says',
      text('{ receiver: page, routes: [{ match: { severity: none }, receiver: quiet }] }', pager),
      ['pass muted', 'pass routed'],
    ],
    ['the root may not, whatever it matches', text('{ receiver: quiet, matchers: ["severity=none"] }', pager), ['fail silent']],
  ])('%s, in a ConfigMap and in a Secret', (_, content, expected) => {
    expect(said({ objects: configMap(content) }).sort()).toEqual([...expected].sort());
    expect(said({ objects: secret(content) }).sort()).toEqual([...expected].sort());
  });

  it('no credential reaches a message', () => {
    expect(JSON.stringify(examine(alertRouting, { objects: secret(text('{ receiver: page }', pager)) }))).not.toContain(
      '0123456789abcdef',
    );
  });

  it.each<[string, string, readonly string[]]>([
    [
      'selected',
      `${custom()}${alertmanager('{ alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {} }')}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n`,
      ['pass routed'],
    ],
    ['no selector selects nothing', `${custom()}${alertmanager('{}')}`, ['pass routed', 'fail unselected']],
    ['silent', custom('quiet'), ['fail silent', 'fail unselected']],
  ])('an AlertmanagerConfig: %s', (_, objects, expected) => {
    expect(said({ objects, complete: ['Alertmanager'] }).sort()).toEqual([...expected].sort());
  });

  it('the operator binds a configuration to its namespace unless told otherwise', () => {
    const pod =
      '---\napiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: blog }\nspec: { containers: [{ name: web, image: a }] }\n';
    const all = 'alertmanagerConfigSelector: {}, alertmanagerConfigNamespaceSelector: {}';
    const shop = '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
    expect(said({ objects: `${custom()}${pod}${shop}${alertmanager(`{ ${all} }`)}` })).toContain('unknown other-namespaces');
    expect(
      said({
        objects: `${custom()}${pod}${shop}${alertmanager(`{ ${all}, alertmanagerConfigMatcherStrategy: { type: None } }`)}`,
      }),
    ).toEqual(['pass routed']);
  });

  it('a configuration that does not parse is unknown', () => {
    expect(said({ objects: configMap('route: { receiver: a }\nreceivers:\n  - name: "x\n') })).toEqual(['unknown unreadable']);
  });

  it('none is a fail only where every kind that could hold one is known', () => {
    const objects = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';
    expect(said({ objects, complete: ['ConfigMap', 'AlertmanagerConfig'] })).toEqual(['unknown unseen']);
    expect(said({ objects, complete: ['ConfigMap', 'AlertmanagerConfig', 'Secret'] })).toEqual(['fail none']);
  });
});
