import { describe, expect, it } from 'vitest';
import { signalsOf, thresholdsOf } from '../../facts/alerts.ts';
import { examine } from '../testing.ts';
import { alertRules } from './alert-rules.ts';

const ruleFile = (rules: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: rules, namespace: monitoring }
data:
  shop.yml: |
    groups:
      - name: shop
        rules:
${rules.replace(/^/gm, '          ')}
---
apiVersion: v1
kind: Pod
metadata: { name: prometheus, namespace: monitoring }
spec: { containers: [{ name: p, image: prom/prometheus }], volumes: [{ name: r, configMap: { name: rules } }] }
`;
const latency = (threshold: number, labels = '{}') =>
  `- { alert: Slow, expr: 'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) > ${threshold}', labels: ${labels} }`;
const down = '- { alert: Down, expr: up == 0 }';
const said = (parts: Parameters<typeof examine>[1]) =>
  examine(alertRules, parts).map(({ outcome, messageId }) => `${outcome} ${messageId}`);

describe('alert-rules', () => {
  it.each<[string, string, string, string]>([
    ['other thresholds', latency(0.2), latency(1), 'pass differ'],
    ['equal thresholds can be right, and a person has to say so', latency(1), latency(1), 'unknown equal'],
    ['up == 0 is right everywhere', down, down, 'unknown no-thresholds'],
    ['no alert of the same name', latency(1), down, 'pass own-rules'],
    ['labels of another environment', latency(0.2, '{ environment: staging }'), latency(1), 'unknown other-environment'],
    ['prod is production', latency(0.2, '{ env: prod }'), latency(1), 'pass differ'],
  ])('%s', (_, here, there, expected) => {
    expect(said({ objects: ruleFile(here), comparison: { environment: 'staging', objects: ruleFile(there) } })).toContain(
      expected,
    );
  });

  it('one copied threshold among others is named', () => {
    const other = '- { alert: Full, expr: disk_used_ratio > 0.9 }';
    const found = examine(alertRules, {
      objects: ruleFile(`${latency(0.2)}\n${other}`),
      comparison: { environment: 'staging', objects: ruleFile(`${latency(1)}\n${other}`) },
    });
    expect(found.find(({ messageId }) => messageId === 'equal')?.message).toContain('of Full are');
  });

  it('nothing to compare with is for a person', () => {
    expect(said({ objects: ruleFile(latency(1)) })).toContain('unknown no-comparison');
  });

  it('a rule file that no Pod mounts may not be read', () => {
    expect(said({ objects: ruleFile(latency(1)).split('\n---')[0] ?? '' })).toContain('unknown undecided');
  });

  it('a rule file that does not parse is no pass', () => {
    expect(said({ objects: ruleFile('- { alert: X, expr: "groups') })).toEqual(['unknown unreadable']);
  });

  it('absent from incomplete sources is unknown, from complete ones a fail', () => {
    const objects = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';
    expect(said({ objects })).toEqual(['unknown unseen']);
    expect(said({ objects, complete: ['ConfigMap', 'PrometheusRule'] })).toEqual(['fail none']);
  });

  it.each<[string, string, readonly string[]]>([
    ['A', 'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05', ['errors']],
    ['A', 'sum(rate(http_requests_total[5m])) < 1', ['traffic']],
    ['A', 'histogram_quantile(0.99, rate(x_bucket[5m])) > 1', ['latency']],
    ['A', 'rate(container_cpu_usage_seconds_total[5m]) > 0.9', ['saturation']],
    ['A', 'time() - last_run > 3600', []],
    ['TrafficGone', 'vector(1)', ['traffic']],
    [
      'A',
      'sum(rate(http_request_duration_seconds_count{status_code=~"5.."}[5m])) / sum(rate(http_request_duration_seconds_count[5m])) > 0.5',
      ['errors'],
    ],
    ['A', 'histogram_quantile(0.01, sum by (le) (rate(client_certificate_expiration_seconds_bucket[5m]))) < 604800', []],
    ['A', 'x:request_duration_seconds_count:rate5m{code="500"} / x:request_duration_seconds_count:rate5m > 1', ['errors']],
    ['A', 'rate(request_duration_seconds_sum[5m]) / rate(request_duration_seconds_count[5m]) > 1', ['latency']],
  ])('%s: %s is about %j', (name, expr, expected) => {
    expect(signalsOf(name, expr)).toEqual(expected);
  });

  it.each<[string, readonly number[]]>([
    ['a > 0.05', [0.05]],
    ['a{code="5"} >= 40e9', [40e9]],
    ['a == 0 or b < -1.5', [-1.5]],
    ['a > 0 or b < 1 or c > 1', [1]],
    ['a{x!="1"} unless b', []],
    ['a > bool 3', [3]],
  ])('%s compares to %j', (expr, expected) => {
    expect(thresholdsOf(expr)).toEqual(expected);
  });
});
