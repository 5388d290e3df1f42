import { type JsonValue, listAt, objectAt, textAt, textEntries, valueAt } from '../kube/json.ts';
import { type KubeObject, labelsOf } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import { embeddedDocuments } from './embedded.ts';
import { fact } from './fact.ts';
import { inventory } from './inventory.ts';
import { type Workloads, workloads } from './workloads.ts';
import { isFamily } from './monitoring-components.ts';

/** One dashboard as code. */
export interface Dashboard {
  readonly object: KubeObject;
  readonly path: Path;
  readonly title: string;
  /** Undefined: the definition lies elsewhere (a URL, grafana.com), or does not parse: then `state` says which. */
  readonly panels: number | undefined;
  readonly state: 'read' | 'elsewhere' | 'unreadable';
  /** What makes Grafana load it; undefined: nothing in the sources. */
  readonly loadedBy: string | undefined;
}

/** Dashboards under review: ConfigMaps that Grafana mounts or that its sidecar reads by label, and GrafanaDashboard objects. */
export const grafanaDashboards = fact('grafana-dashboards', [inventory, workloads], (known, running): readonly Dashboard[] =>
  known.system.flatMap((object) => dashboardsIn(object, running)),
);

function dashboardsIn(object: KubeObject, running: Workloads): readonly Dashboard[] {
  if (object.ref.kind === 'GrafanaDashboard' && object.group.endsWith('grafana.integreatly.org')) return [custom(object)];
  if (object.group !== '' || object.ref.kind !== 'ConfigMap') return [];
  const loadedBy = loaderOf(object, running);
  const isLabelled = hasDashboardLabel(object);
  return embeddedDocuments(
    object,
    (key, text) => key.endsWith('.json') && (isLabelled || /"(?:panels|rows|spec)"/.test(text)),
  ).flatMap(({ key, path, value }): readonly Dashboard[] => {
    if (value === undefined)
      return isLabelled ? [{ object, path, title: key, panels: undefined, state: 'unreadable', loadedBy }] : [];
    const panels = panelsIn(value);
    if (panels === undefined) return [];
    return [
      { object, path, title: textAt(value, 'title') ?? textAt(value, 'spec', 'title') ?? key, panels, state: 'read', loadedBy },
    ];
  });
}

const hasDashboardLabel = (object: KubeObject) =>
  [...labelsOf(object).keys()].some((key) => /^(?:.*\/)?(?:grafana_dashboard|grafana-dashboard|dashboards?)$/.test(key));

function loaderOf(object: KubeObject, running: Workloads): string | undefined {
  if (hasDashboardLabel(object)) return `label ${[...labelsOf(object).keys()].find((key) => /dashboard/.test(key))}`;
  const mounting = running
    .byNamespace(object.ref.namespace ?? 'default')
    .find((workload) => workload.volumes.some(({ configMap }) => configMap === object.ref.name));
  return mounting !== undefined && isFamily(mounting, 'grafana')
    ? `a volume of ${mounting.ref.kind} ${mounting.ref.name}`
    : undefined;
}

/** Panels of every form: a list, rows with panels (before Grafana 5), elements (the schema of Grafana 12). Undefined: no dashboard. */
function panelsIn(value: JsonValue): number | undefined {
  const has =
    ['panels', 'rows'].some((field) => Array.isArray(valueAt(value, field))) || valueAt(value, 'spec', 'elements') !== undefined;
  if (!has) return undefined;
  const inRows = listAt(value, 'rows').reduce((sum: number, row) => sum + listAt(row, 'panels').length, 0);
  const nested = listAt(value, 'panels').reduce(
    (sum: number, panel) => sum + (textAt(panel, 'type') === 'row' ? listAt(panel, 'panels').length : 1),
    0,
  );
  return inRows + nested + Object.keys(objectAt(value, 'spec', 'elements')).length;
}

function custom(object: KubeObject): Dashboard {
  const head = { object, path: ['spec'], title: object.ref.name, loadedBy: 'the Grafana operator' };
  const json = textEntries(valueAt(object.value, 'spec')).get('json');
  if (json === undefined) return { ...head, panels: undefined, state: 'elsewhere' };
  const [document] = embeddedDocuments({ ...object, value: { data: { json } } }, () => true);
  const panels = document?.value === undefined ? undefined : panelsIn(document.value);
  return panels === undefined ? { ...head, panels, state: 'unreadable' } : { ...head, panels, state: 'read' };
}
