import type { ProvidedObject } from '../evidence/declared.ts';
import { valueAt } from '../kube/json.ts';
import { namespaceLabels } from '../kube/namespace.ts';
import { type KubeObject, labelsOf } from '../kube/object.ts';
import { readSelector, selects } from '../kube/selector.ts';
import { formatRef } from '../model/object-ref.ts';
import { completenessOfCustom } from './custom-kinds.ts';
import type { Inventory } from './inventory.ts';

const group = 'monitoring.coreos.com';

/** Whether an object of the Prometheus operator is taken up by an instance. */
export type Selected =
  | { readonly status: 'yes'; readonly by: KubeObject }
  | { readonly status: 'provided'; readonly provided: ProvidedObject }
  | { readonly status: 'no'; readonly why: string }
  | { readonly status: 'unknown'; readonly why: string };

interface Fields {
  /** Kinds of the instances. */
  readonly kinds: readonly string[];
  readonly selector: string;
  readonly namespaceSelector: string;
}

/** How instances select each kind. https://prometheus-operator.dev/docs/api-reference/api/ */
const fieldsOf: Readonly<Record<string, Fields>> = {
  PrometheusRule: { kinds: ['Prometheus', 'ThanosRuler'], selector: 'ruleSelector', namespaceSelector: 'ruleNamespaceSelector' },
  ServiceMonitor: {
    kinds: ['Prometheus', 'PrometheusAgent'],
    selector: 'serviceMonitorSelector',
    namespaceSelector: 'serviceMonitorNamespaceSelector',
  },
  PodMonitor: {
    kinds: ['Prometheus', 'PrometheusAgent'],
    selector: 'podMonitorSelector',
    namespaceSelector: 'podMonitorNamespaceSelector',
  },
  AlertmanagerConfig: {
    kinds: ['Alertmanager'],
    selector: 'alertmanagerConfigSelector',
    namespaceSelector: 'alertmanagerConfigNamespaceSelector',
  },
};

/**
 * Which instance selects an object. A selector that is not written selects nothing; a namespace selector that is not written means the
 * instance's own namespace, an empty one every namespace.
 */
export function selectionOf(object: KubeObject, known: Inventory): Selected {
  const fields = Object.hasOwn(fieldsOf, object.ref.kind) && object.group === group ? fieldsOf[object.ref.kind] : undefined;
  if (fields === undefined) return { status: 'unknown', why: `nothing in the sources says what reads a ${object.ref.kind}` };
  const instances = fields.kinds.flatMap((kind) => known.ofKind(group, kind));
  const rulings = instances.map((instance) => ({ instance, ruling: rule(instance, object, fields, known) }));
  const taken = rulings.find(({ ruling }) => ruling === 'yes');
  if (taken) return { status: 'yes', by: taken.instance };
  const provided = known.provided.find(({ kind }) => fields.kinds.includes(kind));
  if (provided) return { status: 'provided', provided };
  const open = rulings.find(({ ruling }) => ruling === 'unknown');
  if (open)
    return {
      status: 'unknown',
      why: `the labels of namespace ${object.ref.namespace ?? 'default'}, by which ${formatRef(open.instance.ref)} selects, are in no source`,
    };
  const [kind = ''] = fields.kinds;
  const completeness = completenessOfCustom(known, group, kind);
  const [first] = instances;
  const refused = first === undefined ? `no ${kind} object is in the sources` : `${formatRef(first.ref)} does not select it`;
  return completeness.complete
    ? { status: 'no', why: refused }
    : { status: 'unknown', why: `${refused}, and ${completeness.why}` };
}

function rule(instance: KubeObject, object: KubeObject, fields: Fields, known: Inventory): 'yes' | 'no' | 'unknown' {
  const selector = readSelector(valueAt(instance.value, 'spec', fields.selector));
  if (selector === undefined || !selects(selector, labelsOf(object))) return 'no';
  const namespace = object.ref.namespace ?? 'default';
  const namespaces = readSelector(valueAt(instance.value, 'spec', fields.namespaceSelector));
  if (namespaces === undefined) return namespace === (instance.ref.namespace ?? 'default') ? 'yes' : 'no';
  const found = known.lookup('', 'Namespace', undefined, namespace);
  const labels = namespaceLabels(namespace, found.status === 'found' ? found.object : undefined);
  if (found.status === 'found') return selects(namespaces, labels) ? 'yes' : 'no';
  // Of a namespace without an object only the name is known.
  const isDecidable = namespaces.requirements.every(({ key }) => labels.has(key));
  return isDecidable ? (selects(namespaces, labels) ? 'yes' : 'no') : 'unknown';
}
