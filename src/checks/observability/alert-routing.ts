import { type Route, type Routing, routings } from '../../facts/alert-routes.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import { compareText } from '../../model/object-ref.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

/** Kinds that hold a configuration of Alertmanager. */
const routingKinds = ['AlertmanagerConfig.monitoring.coreos.com', 'ConfigMap', 'Secret'] as const;

export const alertRouting = defineCheck({
  id: 'alert-routing',
  gate: 'observability',
  level: 'high',
  title: 'Every alert is routed to a receiver that tells somebody',
  rationale: 'A route that ends in a receiver without an integration is silence: the alert fires and nobody hears it.',
  remedy: 'route-alerts',
  references: [
    'https://prometheus.io/docs/alerting/latest/configuration/',
    'https://prometheus-operator.dev/docs/developer/alerting/',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'Alerts are sent by another system, and Alertmanager only groups them.',
  needs: { inventory, routings, workloads },
  parameters: {},
  messages: {
    routed: 'Route {route} leads to receiver {receiver} ({integrations}).',
    muted: 'Route {route} leads to receiver {receiver}, which tells nobody, for alerts that are meant for nobody.',
    unwatched:
      'Route {route} leads to receiver {receiver}, which tells nobody. This alert always fires: only a receiver outside that misses it notices when alerting stops. Send it to one, or attest what watches it.',
    silent: 'Route {route} leads to receiver {receiver}, which has no integration.',
    dangling: 'Route {route} leads to receiver {receiver}, which is not defined.',
    'no-route': 'The configuration has no route.',
    unselected: 'No Alertmanager reads this configuration: {why}.',
    undecided: 'Whether an Alertmanager reads this configuration cannot be decided: {why}.',
    'other-namespaces':
      'The operator lets only alerts with the label namespace={namespace} reach this configuration, and workloads of {others} have none of their own: set alertmanagerConfigMatcherStrategy, or attest that their alerts are routed.',
    unreadable: 'The Alertmanager configuration in {key} cannot be read.',
    none: 'There is no configuration of Alertmanager.',
    unseen: 'No configuration of Alertmanager is in the sources, and {why}: add it as a source, or attest the routing.',
  },
  looksFor: [],
  *targets({ inventory, routings }) {
    const reviewed = new Set(inventory.system);
    const own = routings.filter(({ object }) => reviewed.has(object));
    // What the platform routes counts where the system brings no configuration of its own.
    for (const routing of own.length > 0 ? own : routings)
      yield { ref: routing.object.ref, object: routing.object, path: routing.path, routing };
  },
  assess({ routing }, { routings, workloads }, say) {
    if (routing.state === 'unreadable') return say.unknown('unreadable', { key: String(routing.path[1] ?? '') });
    const routes = routing.routes.map((route): Judgement => {
      const data = { route: nameOf(route), receiver: route.receiver === '' ? '(none)' : route.receiver };
      const key = `${route.depth} ${data.route} ${route.receiver}`;
      const receiver = routing.receivers.find(({ name }) => name === route.receiver);
      if (receiver === undefined) return { ...say.fail('dangling', data), key };
      if (receiver.integrations.length > 0)
        return { ...say.pass('routed', { ...data, integrations: receiver.integrations.map(plainName).join(', ') }), key };
      if (isWatchdog(route)) return { ...say.unknown('unwatched', data), reason: 'needs-a-person', key };
      return { ...(isMeantForNobody(route) ? say.pass('muted', data) : say.fail('silent', data)), key };
    });
    const [first = say.fail('no-route'), ...rest] = routes;
    return [first, ...rest, ...selection(routing), ...others(routing)];

    /** Namespaces under review whose alerts this configuration does not see, and no other does. */
    function others({ onlyNamespace }: Routing): readonly Judgement[] {
      if (onlyNamespace === undefined) return [];
      const served = new Set(routings.map((item) => item.onlyNamespace));
      if (served.has(undefined)) return [];
      const left = [...new Set(workloads.system.map(({ namespace }) => namespace))]
        .filter((namespace) => !served.has(namespace))
        .sort(compareText);
      return left.length === 0
        ? []
        : [
            {
              ...say.unknown('other-namespaces', { namespace: onlyNamespace, others: left.join(', ') }),
              reason: 'needs-a-person',
            },
          ];
    }

    function selection({ selected }: Routing): readonly Judgement[] {
      if (selected?.status === 'no') return [say.fail('unselected', { why: selected.why })];
      return selected?.status === 'unknown' ? [say.unknown('undecided', { why: selected.why })] : [];
    }
  },
  none({ inventory }, say) {
    const unseen = unseenKind(inventory, routingKinds);
    return unseen === undefined ? say.fail('none') : say.unknown('unseen', { why: unseen.why });
  },
});

const nameOf = ({ depth, matchers }: Route): string =>
  depth === 0 ? '(root)' : matchers.length === 0 ? '(all)' : matchers.join(', ');
/** `pagerduty_configs` and `pagerdutyConfigs` -> `pagerduty`. */
const plainName = (integration: string): string => integration.replace(/_?[cC]onfigs$/, '');

/** Alerts of kube-prometheus that are there for Alertmanager itself. */
const forAlertmanager =
  /^alertname\s*=~?\s*"?((?:Watchdog|InfoInhibitor|DeadMansSwitch)(?:\|(?:Watchdog|InfoInhibitor|DeadMansSwitch)){0,2})"?$/;

/** The alert that is there to be missed, once alerting itself stops; without a receiver nobody misses it. */
const isWatchdog = ({ depth, matchers }: Route): boolean =>
  depth > 0 && matchers.some((matcher) => /Watchdog|DeadMansSwitch/.test(forAlertmanager.exec(matcher)?.[1] ?? ''));

/**
 * Alerts that exist to be switched off by people who know: the inhibitor of kube-prometheus, and severities that say so. The root
 * takes everything, and is never meant for nobody.
 */
const isMeantForNobody = ({ depth, matchers }: Route): boolean =>
  depth > 0 &&
  matchers.some(
    (matcher) => forAlertmanager.test(matcher) || /^severity\s*=~?\s*"?(?:none|info)(?:\|(?:none|info))?"?$/.test(matcher),
  );
