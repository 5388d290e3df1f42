import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { components, componentKinds, healthOf, isComponentObject, isFamily } from '../../facts/monitoring-components.ts';
import { workloads } from '../../facts/workloads.ts';
import { type ObjectRef, ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Target } from '../define-check.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Component } from '../../facts/monitoring-components.ts';

type ComponentTarget = Target & {
  readonly component: Component;
  readonly live: KubeObject | undefined;
  readonly isFound: boolean;
};

export const monitoringOperational = defineCheck({
  id: 'monitoring-operational',
  gate: 'observability',
  level: 'medium',
  title: 'Metrics, alerts and dashboards are up',
  rationale: 'Monitoring that is down is not noticed: it is what would have told.',
  remedy: 'confirm-monitoring',
  references: [
    'https://prometheus.io/docs/practices/alerting/#metamonitoring',
    'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusStatus',
  ],
  decidedBy: 'evidence',
  attestable: true,
  whenToWaive: 'A hosted service does this work, and its contract covers its availability.',
  needs: { inventory, workloads },
  parameters: {},
  messages: {
    available: '{ready} of {wanted} Pods of {component} are available.',
    unavailable: 'Only {ready} of {wanted} Pods of {component} are available.',
    'not-live': 'The sources show that {component} is deployed, and not that it runs: give a dump with its status, or attest it.',
    missing: 'There is no {component}.',
    unseen: 'No {component} is in the sources, and {why}: add what runs it, or attest that it runs elsewhere.',
  },
  looksFor: [],
  *targets({ inventory, workloads }): Generator<ComponentTarget> {
    for (const component of components) {
      const objects = inventory.objects.filter((object) => isComponentObject(object, component));
      const made = new Set(objects.map(({ ref }) => `${ref.namespace}/${component}-${ref.name}`));
      const running = workloads.all.filter(
        (workload) =>
          !workload.runsToCompletion && isFamily(workload, component) && !made.has(`${workload.namespace}/${workload.ref.name}`),
      );
      const found = [...objects, ...running.map(({ object }) => object)];
      for (const object of found) yield { ref: object.ref, object, component, live: inventory.liveOf(object), isFound: true };
      const absent: ObjectRef = { apiVersion: ownApiVersion, kind: 'Subject', name: component };
      if (found.length === 0) yield { ref: absent, component, live: undefined, isFound: false };
    }
  },
  assess({ component, live, isFound }, { inventory }, say) {
    const name = { component: titles[component] };
    if (!isFound) {
      const unseen = unseenKind(inventory, ['Deployment.apps', 'StatefulSet.apps', componentKinds[component][0] ?? '']);
      return unseen === undefined ? say.fail('missing', name) : say.unknown('unseen', { ...name, why: unseen.why });
    }
    const health = healthOf(live);
    if (health.state === 'unseen') return say.unknown('not-live', name);
    const { ready, wanted } = health;
    return health.state === 'available'
      ? say.pass('available', { ...name, ready, wanted })
      : say.fail('unavailable', { ...name, ready, wanted });
  },
});

const titles: Readonly<Record<Component, string>> = {
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
};
