import { type AlertRule, alerts, environmentOf, type Signal, signals } from '../../facts/alerts.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

/** Kinds that hold alert rules. */
const ruleKinds = ['PrometheusRule.monitoring.coreos.com', 'ConfigMap'] as const;

export const alertRules = defineCheck({
  id: 'alert-rules',
  gate: 'observability',
  level: 'high',
  title: 'Alert rules cover the golden signals, with thresholds for this environment',
  rationale: 'Without a rule nobody is called, and thresholds copied from staging call too late or for nothing.',
  remedy: 'configure-alerts',
  references: [
    'https://sre.google/sre-book/monitoring-distributed-systems/',
    'https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'Another system watches the service and calls the same people.',
  needs: { inventory, alerts },
  parameters: {},
  messages: {
    covered: '{signal}: {count} of the alert rules, such as {alert}.',
    uncovered: 'No alert rule in the sources is about {signal}: a person has to say whether something else watches it.',
    none: 'There is no alert rule.',
    unseen: 'No alert rule is in the sources, and {why}: add the rules as a source, or attest that they exist elsewhere.',
    unloaded: '{count} alert rules are read by no Prometheus: {why}.',
    undecided: 'Whether {count} alert rules are read cannot be decided: {why}.',
    unreadable: 'The rule file {key} does not parse.',
    differ: 'Thresholds of {count} alerts differ from those of {environment}, such as {alert}: {here} here, {there} there.',
    'own-rules': '{environment} has no alert of the same name: the thresholds are not copied from there.',
    equal: 'Thresholds of {alerts} are those of {environment}: a person has to say that this is right.',
    'no-thresholds': 'The alerts that {environment} has too compare to no threshold of their own.',
    'other-environment':
      '{count} alert rules say by their labels that they are for {environment}, such as {alert}: a person has to say that they are right here.',
    'no-comparison':
      'No other environment is in the sources to compare thresholds with: add one with role comparison, or attest the thresholds.',
  },
  looksFor: [],
  *targets({ inventory }) {
    yield { ref: { apiVersion: ownApiVersion, kind: 'Source', name: inventory.environment } };
  },
  assess(_, { inventory, alerts }, say) {
    const unreadable = alerts.unreadable.map(({ object, path }) => ({
      ...say.unknown('unreadable', { key: String(path[1] ?? '') }),
      in: object,
      at: path,
      key: `${object.ref.name} ${path.join('.')}`,
    }));
    const [firstUnreadable, ...otherUnreadable] = unreadable;
    if (alerts.all.length === 0) {
      if (firstUnreadable) return [firstUnreadable, ...otherUnreadable];
      const unseen = unseenKind(inventory, ruleKinds);
      return unseen === undefined ? say.fail('none') : say.unknown('unseen', { why: unseen.why });
    }
    const person = { reason: 'needs-a-person' as const };
    const read = alerts.all.filter(({ loaded }) => loaded.status === 'yes' || loaded.status === 'provided');
    const idle = alerts.system.filter(({ loaded }) => loaded.status === 'no');
    const open = alerts.system.filter(({ loaded }) => loaded.status === 'unknown');
    const loading: readonly Judgement[] = [
      ...grouped(idle).map(({ rules, first }) => ({
        ...say.fail('unloaded', { count: rules.length, why: first.loaded.status === 'no' ? first.loaded.why : '' }),
        in: first.object,
        at: [],
        key: first.object.ref.name,
      })),
      ...grouped(open).map(({ rules, first }) => ({
        ...say.unknown('undecided', { count: rules.length, why: first.loaded.status === 'unknown' ? first.loaded.why : '' }),
        in: first.object,
        at: [],
        key: first.object.ref.name,
      })),
    ];
    const covering = signals.map((signal): Judgement => {
      const rules = [...read, ...open].filter((rule) => rule.signals.includes(signal));
      const [first] = rules;
      if (first === undefined) return { ...say.unknown('uncovered', { signal }), ...person, key: signal };
      return {
        ...say.pass('covered', { signal: wordOf(signal), count: rules.length, alert: first.name }),
        in: first.object,
        at: first.path,
        key: signal,
      };
    });
    const [head, ...tail] = [...covering, ...loading, ...unreadable, ...thresholds()];
    return head === undefined ? say.fail('none') : [head, ...tail];

    function thresholds(): readonly Judgement[] {
      const foreign = alerts.system.filter((rule) => !isSameEnvironment(environmentOf(rule), inventory.environment));
      const [wrong] = foreign;
      if (wrong) {
        const environment = environmentOf(wrong) ?? '';
        return [
          {
            ...say.unknown('other-environment', { count: foreign.length, environment, alert: wrong.name }),
            ...person,
            in: wrong.object,
            at: wrong.path,
            key: environment,
          },
        ];
      }
      if (alerts.comparisons.size === 0) return [{ ...say.unknown('no-comparison'), ...person }];
      return [...alerts.comparisons].flatMap(([environment, others]) => compare(alerts.system, others, environment));
    }

    function compare(own: readonly AlertRule[], others: readonly AlertRule[], environment: string): readonly Judgement[] {
      const pairs = own.flatMap((rule) => {
        const other = others.find(({ name }) => name === rule.name);
        return other === undefined ? [] : [{ rule, other }];
      });
      if (pairs.length === 0) return [{ ...say.pass('own-rules', { environment }), key: environment }];
      const numeric = pairs.filter(({ rule, other }) => rule.thresholds.length + other.thresholds.length > 0);
      const same = numeric.filter(({ rule, other }) => rule.thresholds.join() === other.thresholds.join());
      const [copied] = same;
      if (copied)
        return [
          {
            ...say.unknown('equal', { alerts: same.map(({ rule }) => rule.name).join(', '), environment }),
            ...person,
            in: copied.rule.object,
            at: copied.rule.path,
            key: environment,
          },
        ];
      const first = numeric.find(({ rule, other }) => rule.thresholds.length > 0 && other.thresholds.length > 0) ?? numeric[0];
      if (first === undefined) return [{ ...say.unknown('no-thresholds', { environment }), ...person, key: environment }];
      const data = {
        count: numeric.length,
        environment,
        alert: first.rule.name,
        here: shown(first.rule),
        there: shown(first.other),
      };
      return [
        {
          ...say.pass('differ', data),
          in: first.rule.object,
          at: first.rule.path,
          key: environment,
          because: [{ note: `the rule of ${environment}`, object: first.other.object, at: first.other.path }],
        },
      ];
    }
  },
});

const words: Readonly<Record<Signal, string>> = {
  errors: 'Errors',
  latency: 'Latency',
  traffic: 'Traffic',
  saturation: 'Saturation',
};
const wordOf = (signal: Signal): string => words[signal];

const shown = ({ thresholds }: AlertRule): string => thresholds.join(' and ') || 'none';

/** `prod` and `production` are one. A rule without such a label is for any environment. */
function isSameEnvironment(label: string | undefined, environment: string): boolean {
  if (label === undefined) return true;
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/^production$/, 'prod')
      .replace(/^(?:staging|stg)$/, 'stage');
  return plain(label) === plain(environment) || label.includes('{{') || label.includes('$');
}

function grouped(rules: readonly AlertRule[]): readonly { readonly rules: readonly AlertRule[]; readonly first: AlertRule }[] {
  return [...Map.groupBy(rules, ({ object }) => object).values()].flatMap((list) =>
    list[0] === undefined ? [] : [{ rules: list, first: list[0] }],
  );
}
