import { isObject, type JsonValue, listAt, textAt, textEntries, valueAt } from '../kube/json.ts';
import { type KubeObject, maskOf } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import { embeddedDocuments } from './embedded.ts';
import { fact } from './fact.ts';
import { type Inventory, inventories } from './inventory.ts';
import { type Selected, selectionOf } from './prometheus-selection.ts';
import { type Workloads, workloads, workloadsOf } from './workloads.ts';

export const signals = ['errors', 'latency', 'traffic', 'saturation'] as const;
export type Signal = (typeof signals)[number];

/** One alerting rule. Recording rules are left out. */
export interface AlertRule {
  readonly name: string;
  readonly expr: string;
  readonly for: string | undefined;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly object: KubeObject;
  /** Path of the rule in a PrometheusRule, of the entry in a ConfigMap. */
  readonly path: Path;
  /** The golden signals that its expression is about, as far as metric names tell. */
  readonly signals: readonly Signal[];
  readonly thresholds: readonly number[];
  /** Whether something evaluates it. */
  readonly loaded: Selected;
  /** A link that was masked: it is there, and cannot be read. */
  readonly hasHiddenLink: boolean;
}

export interface Alerts {
  /** Of the launch environment, system and platform, in the order of refs. */
  readonly all: readonly AlertRule[];
  /** Those under review. */
  readonly system: readonly AlertRule[];
  /** Rule files in ConfigMaps that do not parse. */
  readonly unreadable: readonly { readonly object: KubeObject; readonly path: Path }[];
  /** Rules of the other environments, by name; present for each that has a source. */
  readonly comparisons: ReadonlyMap<string, readonly AlertRule[]>;
}

/** The alerting rules of every environment: PrometheusRule and VMRule objects, and rule files in ConfigMaps. */
export const alerts = fact('alerts', [inventories, workloads], ({ target, comparisons }, running): Alerts => {
  const { rules, unreadable } = rulesOf(target, running);
  const reviewed = new Set(target.system);
  return {
    all: rules,
    system: rules.filter(({ object }) => reviewed.has(object)),
    unreadable: unreadable.filter(({ object }) => reviewed.has(object)),
    comparisons: new Map([...comparisons].map(([name, known]) => [name, rulesOf(known, workloadsOf(known)).rules])),
  };
});

function rulesOf(
  known: Inventory,
  running: Workloads,
): { readonly rules: readonly AlertRule[]; readonly unreadable: Alerts['unreadable'] } {
  const unreadable: { readonly object: KubeObject; readonly path: Path }[] = [];
  const rules = known.objects.flatMap((object): readonly AlertRule[] => {
    if (isRuleObject(object)) {
      const loaded = selectionOf(object, known);
      return rulesIn(valueAt(object.value, 'spec'), object, ['spec'], loaded, true);
    }
    if (object.group !== '' || object.ref.kind !== 'ConfigMap') return [];
    return embeddedDocuments(
      object,
      (key, text) => /\.(?:ya?ml|rules?|json)$/.test(key) && /\balert\b/.test(text) && /\bgroups\b/.test(text),
    ).flatMap((document) => {
      if (document.value === undefined) unreadable.push({ object, path: document.path });
      return rulesIn(document.value, object, document.path, mountedBy(object, running), false);
    });
  });
  return { rules, unreadable };
}

const isRuleObject = ({ group, ref }: KubeObject) =>
  (group === 'monitoring.coreos.com' && ref.kind === 'PrometheusRule') ||
  (group === 'operator.victoriametrics.com' && ref.kind === 'VMRule');

/** A rule file counts where some Pod mounts its ConfigMap; sidecars that read ConfigMaps by label may load others. */
function mountedBy(object: KubeObject, running: Workloads): Selected {
  const user = running
    .byNamespace(object.ref.namespace ?? 'default')
    .find(({ volumes }) => volumes.some(({ configMap }) => configMap === object.ref.name));
  return user === undefined
    ? { status: 'unknown', why: 'no workload in the sources mounts the ConfigMap' }
    : { status: 'yes', by: user.object };
}

function rulesIn(
  value: JsonValue | undefined,
  object: KubeObject,
  base: Path,
  loaded: Selected,
  located: boolean,
): readonly AlertRule[] {
  return listAt(value, 'groups').flatMap((group, at) =>
    listAt(group, 'rules').flatMap((rule, index): readonly AlertRule[] => {
      const name = textAt(rule, 'alert');
      if (name === undefined || !isObject(rule)) return [];
      const path = located ? [...base, 'groups', at, 'rules', index] : base;
      const written = valueAt(rule, 'expr');
      const expr = (typeof written === 'number' ? String(written) : typeof written === 'string' ? written : '').slice(0, 20_000);
      const annotations = textEntries(valueAt(rule, 'annotations'));
      const hasHiddenLink = located && runbookKeys.some((key) => maskOf(object, [...path, 'annotations', key]) !== undefined);
      return [
        {
          name,
          expr,
          for: textAt(rule, 'for'),
          labels: textEntries(valueAt(rule, 'labels')),
          annotations,
          object,
          path,
          signals: signalsOf(name, expr),
          thresholds: thresholdsOf(expr),
          loaded,
          hasHiddenLink,
        },
      ];
    }),
  );
}

/** Annotations by which people link a runbook; the first is the convention of the Prometheus community. */
export const runbookKeys = ['runbook_url', 'runbook', 'runbookUrl', 'runbook_link'] as const;

/** Metric families and words for each signal, generous: they shall not call a rule missing that is there under another name. */
const marks: Readonly<Record<Signal, RegExp>> = {
  errors:
    /error|fail|exception|5\.\.|5\[|5xx|50\d|code(?:_class)?!?=~?"[^"]{0,20}5|grpc_code|abort|refused|rejected|_up\b|\bup\s{0,3}[{=<]|\bup\b|absent\s{0,3}\(|probe_success|unavailable|CrashLoop|restarts_total/i,
  latency:
    /latency|duration|histogram_quantile[^]{0,600}_bucket|response_time|request_time|_seconds_bucket|_milliseconds|apdex|burn_?rate.{0,40}latency|slow/i,
  traffic: /traffic|throughput|(?:^|[^a-z])(?:rps|qps)\b|requests_per_second|no_?requests/i,
  saturation:
    /saturat|cpu|memory|heap|(?:^|[^a-z])lag|queue|backlog|pool|utili[sz]ation|throttl|limit|max_connections|connections|disk|filesystem|volume|kubelet_volume|size_bytes|capacity|inodes|oom|event_?loop|load(?:1|5|15)\b|threads|goroutines|fd\b|file_descriptors|replicas/i,
};

/** The golden signals that a rule is about (https://sre.google/sre-book/monitoring-distributed-systems/), by its name and expression. */
export function signalsOf(name: string, expr: string): readonly Signal[] {
  // `http_request_duration_seconds_count` counts requests, and buckets of expiry dates and sizes are no response times either.
  const timed = expr.replace(/[A-Za-z_:][\w:]{0,300}/g, (metric) =>
    /_(?:count|total)(?::|$)|expir|not_after|_(?:bytes|size)(?:_|$)/i.test(metric) ? '' : metric,
  );
  const text = (signal: Signal) => `${name}\n${signal === 'latency' ? timed : expr}`;
  return signals.filter((signal) => marks[signal].test(text(signal)) || (signal === 'traffic' && countsRequests(expr)));
}

/** A rate of requests, messages or bytes that is compared as such; a ratio of two rates is about errors. */
function countsRequests(expr: string): boolean {
  const plain = expr.replace(/"[^"]{0,2000}"/g, '').replace(/\{[^{}]{0,2000}\}/g, '');
  return (
    /(?:requests?|queries|messages|handled|bytes|packets|calls)(?:_received|_sent)?_(?:total|count)\b/i.test(plain) &&
    !plain.includes('/') &&
    /[<>]/.test(plain) &&
    !marks.errors.test(expr)
  );
}

/**
 * Numbers that somebody chose for an expression to be compared to: `rate(x[5m]) > 0.05` -> [0.05]. Left out is what is right in every
 * environment: `== 0`, `> 0`, `< 1` and their like.
 */
export function thresholdsOf(expr: string): readonly number[] {
  const plain = expr.replace(/"[^"]{0,2000}"|'[^']{0,2000}'/g, '""');
  return [...plain.matchAll(/([<>]=?)\s{0,10}(?:bool\s{1,10})?(-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?)/gi)]
    .filter(([, operator = '', number = '']) => !trivial.has(`${operator}${Number(number)}`))
    .map(([, , number]) => Number(number));
}

const trivial: ReadonlySet<string> = new Set(['>0', '>=1', '<1', '<=0']);

/** Environment that a rule's labels name. */
export const environmentOf = ({ labels }: AlertRule): string | undefined =>
  labels.get('environment') ?? labels.get('env') ?? labels.get('stage');
