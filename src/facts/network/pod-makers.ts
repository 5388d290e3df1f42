import { isNamespaced } from '../../kube/gvk.ts';
import { listAt, textAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { isWorkloadKind } from '../../kube/workload.ts';
import type { NetworkModel } from './network.ts';

/** Known custom kinds whose operator makes Pods, `group|kind`. Their labels are the operator's, so a policy may mean them. */
const makers: ReadonlySet<string> = new Set([
  'monitoring.coreos.com|Alertmanager',
  'monitoring.coreos.com|Prometheus',
  'monitoring.coreos.com|PrometheusAgent',
  'monitoring.coreos.com|ThanosRuler',
  'argoproj.io|CronWorkflow',
  'argoproj.io|Workflow',
  'postgresql.cnpg.io|Cluster',
  'postgresql.cnpg.io|Pooler',
]);

/** Groups of Kubernetes, of routing and of policies: their kinds make no Pods. */
const inert =
  /^(?:[a-z]{0,40}|(?:[a-z0-9-]{1,60}\.){0,6}(?:k8s\.io|istio\.io|linkerd\.io|cilium\.io|projectcalico\.org|antrea\.io|ovn\.org|traefik\.io|traefik\.containo\.us|projectcontour\.io|konghq\.com|kyverno\.io|gatekeeper\.sh|cert-manager\.io|external-secrets\.io|bitnami\.com|hashicorp\.com|keda\.sh|velero\.io|toolkit\.fluxcd\.io|cloud\.google\.com|gke\.io|k8s\.aws|azure\.com|crossplane\.io|seaworthy\.dev))$/;

/**
 * The first object in these namespaces whose operator makes Pods that are in no source. A custom kind that is not known counts:
 * most of those that hold no configuration run something. A workload that names it as its owner is what it makes.
 */
export function podMakerIn(network: NetworkModel, namespaces: readonly string[]): KubeObject | undefined {
  const all = network.once(podMakers);
  return all.find(({ ref }) => ref.namespace !== undefined && namespaces.includes(ref.namespace));
}

function podMakers({ inputs }: NetworkModel): readonly KubeObject[] {
  const made = new Set(
    inputs.workloads.flatMap(({ object, namespace }) =>
      listAt(object.value, 'metadata', 'ownerReferences').map(
        (owner) => `${namespace}/${textAt(owner, 'kind')}/${textAt(owner, 'name')}`,
      ),
    ),
  );
  return inputs.objects.filter(
    ({ ref, group }) => makesPods(group, ref.apiVersion, ref.kind) && !made.has(`${ref.namespace}/${ref.kind}/${ref.name}`),
  );
}

function makesPods(group: string, apiVersion: string, kind: string): boolean {
  if (makers.has(`${group}|${kind}`)) return true;
  return isNamespaced(apiVersion, kind) === undefined && !isWorkloadKind(group, kind) && !inert.test(group);
}
