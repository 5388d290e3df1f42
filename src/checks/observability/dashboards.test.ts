import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { dashboards } from './dashboards.ts';

const configMap = (json: string, labels = '{ grafana_dashboard: "1" }') => `
apiVersion: v1
kind: ConfigMap
metadata: { name: d, namespace: shop, labels: ${labels} }
data:
  a.json: '${json}'
`;
const grafana = `---
apiVersion: v1
kind: Pod
metadata: { name: grafana, namespace: shop }
spec: { containers: [{ name: g, image: "docker.io/grafana/grafana:12.0.0" }], volumes: [{ name: d, configMap: { name: d } }] }
`;
const panel = '{"type":"stat"}';

describe('dashboards', () => {
  it.each<[string, string, readonly string[]]>([
    ['panels', configMap(`{"panels":[${panel}]}`), ['pass loaded ConfigMap/d']],
    ['rows of old dashboards', configMap(`{"rows":[{"panels":[${panel}]}]}`), ['pass loaded ConfigMap/d']],
    ['elements of new ones', configMap(`{"spec":{"title":"x","elements":{"a":{}}}}`), ['pass loaded ConfigMap/d']],
    ['a row panel without panels is empty', configMap('{"panels":[{"type":"row","panels":[]}]}'), ['fail empty ConfigMap/d']],
    ['JSON that does not parse', configMap('{"panels":['), ['fail unreadable ConfigMap/d']],
    ['mounted by Grafana', `${configMap(`{"panels":[${panel}]}`, '{}')}${grafana}`, ['pass loaded ConfigMap/d']],
    [
      'mounted by something else',
      `${configMap(`{"panels":[${panel}]}`, '{}')}${grafana.replace('grafana/grafana', 'acme/web')}`,
      ['unknown unloaded ConfigMap/d'],
    ],
    ['other JSON is no dashboard', `${configMap('{"rules":[]}', '{}')}${grafana}`, ['fail none Source/production']],
    [
      'without a Grafana nobody keeps dashboards here: they may be elsewhere',
      configMap('{"rules":[]}', '{}'),
      ['unknown unseen Source/production'],
    ],
    [
      'an object of the operator',
      `
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: { name: d, namespace: shop }
spec: { json: '{"panels":[${panel}]}' }
`,
      ['pass loaded GrafanaDashboard/d'],
    ],
    [
      'one that is fetched',
      `
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: { name: d, namespace: shop }
spec: { url: "https://grafana.com/d/1" }
`,
      ['unknown elsewhere GrafanaDashboard/d'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(dashboards, { objects, complete: ['ConfigMap'] }))).toEqual(expected);
  });
});
