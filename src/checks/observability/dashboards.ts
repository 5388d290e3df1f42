import { grafanaDashboards } from '../../facts/dashboards.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { workloads } from '../../facts/workloads.ts';
import { defineCheck } from '../define-check.ts';

const grafanaImage = /(?:^|\/)grafana(?:-oss|-enterprise)?(?:[:@]|$)/;

export const dashboards = defineCheck({
  id: 'dashboards',
  gate: 'observability',
  level: 'medium',
  title: 'Dashboards are kept as code and show something',
  rationale: 'In an incident people need one picture that everybody shares, and it must survive the loss of Grafana.',
  remedy: 'provide-dashboards',
  references: [
    'https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards',
    'https://grafana.github.io/grafana-operator/docs/dashboards/',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'Dashboards are kept in another repository that is reviewed on its own.',
  needs: { inventory, workloads, dashboards: grafanaDashboards },
  parameters: {},
  messages: {
    loaded: 'Dashboard {title} has {panels} panels and is loaded by {loader}.',
    empty: 'Dashboard {title} has no panel.',
    unreadable: 'Dashboard {title} is not valid JSON: Grafana skips it.',
    elsewhere: 'Dashboard {title} is fetched from elsewhere: what it shows is in no source.',
    unloaded:
      'Dashboard {title} has {panels} panels, and nothing in the sources loads it: no Grafana mounts the ConfigMap and it has no label grafana_dashboard.',
    none: 'There is no dashboard: no ConfigMap holds one, and no GrafanaDashboard exists.',
    unseen: 'No dashboard is in the sources, and {why}: add the dashboards as a source, or attest them.',
  },
  looksFor: [],
  *targets({ dashboards }) {
    for (const [object, list] of Map.groupBy(dashboards, (dashboard) => dashboard.object))
      yield { ref: object.ref, object, list };
  },
  assess({ list }, _, say) {
    const [first, ...rest] = list.map(({ title, path, panels, state, loadedBy }) => {
      const place = { at: path, key: path.join('.') };
      if (state === 'unreadable') return { ...say.fail('unreadable', { title }), ...place };
      if (panels === undefined) return { ...say.unknown('elsewhere', { title }), ...place };
      if (panels === 0) return { ...say.fail('empty', { title }), ...place };
      return loadedBy === undefined
        ? { ...say.unknown('unloaded', { title, panels }), ...place }
        : { ...say.pass('loaded', { title, panels, loader: loadedBy }), ...place };
    });
    return first === undefined ? say.fail('none') : [first, ...rest];
  },
  none({ inventory, workloads }, say) {
    // Where nothing draws dashboards, nobody would keep them: they may be in the repository of the monitoring.
    const drawn = workloads.all.some(({ containers }) =>
      containers.some(({ image }) => image !== undefined && grafanaImage.test(image)),
    );
    if (!drawn) return say.unknown('unseen', { why: 'no Grafana is among the workloads, so they may be kept elsewhere' });
    const unseen = unseenKind(inventory, ['ConfigMap', 'GrafanaDashboard.grafana.integreatly.org']);
    // An operator's kind that nobody uses is no reason for doubt where every ConfigMap is known and none holds a dashboard.
    return unseen?.kind === 'ConfigMap' || inventory.ofKind('grafana.integreatly.org', 'Grafana').length > 0
      ? say.unknown('unseen', { why: unseen?.why ?? 'the Grafana operator may load others' })
      : say.fail('none');
  },
});
