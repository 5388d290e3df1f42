import { inventory } from '../../facts/inventory.ts';
import { homesOf } from '../../kube/fields.ts';
import { booleanAt, listAt, textAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { compareReleases, retiredApi, servedByKubernetes } from '../../kube/retired-apis.ts';
import { defineCheck } from '../define-check.ts';

export const retiredApis = defineCheck({
  id: 'retired-apis',
  gate: 'workloads',
  level: 'blocker',
  title: 'Every object has an API version that the cluster serves',
  rationale:
    'An API server refuses objects of a version that it no longer serves: the release, or the first rollback after an upgrade of the cluster, stops half-way.',
  remedy: 'migrate-apis',
  references: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'The cluster stays on a release that serves the version, until a given date.',
  needs: { inventory },
  /** The Kubernetes release that the system must run on. */
  parameters: { targetVersion: '1.36' },
  messages: {
    served: 'Kubernetes {target} serves {apiVersion}.',
    'served-by-definition': 'The CustomResourceDefinition {definition} serves {apiVersion}.',
    leaving: 'Kubernetes {target} still serves {apiVersion} {kind}; it leaves in {release}. {successor}',
    retired: '{product} does not serve {apiVersion} {kind} since {release}. {successor}',
    'not-served-by-definition': 'The CustomResourceDefinition {definition} does not serve {apiVersion}.',
    preview: 'Kubernetes {target} does not serve {apiVersion} by default: the cluster must switch it on, if it knows it at all.',
    'no-kind': '{apiVersion} has no kind {kind}: every API server refuses it. Use {successor}.',
    'unknown-kind': 'Kubernetes {target} serves {apiVersion}, and no kind {kind} in it is known.',
    custom:
      '{apiVersion} belongs to an add-on whose CustomResourceDefinition is not in the sources, and is not known as retired.',
  },
  looksFor: ['*'],
  *targets({ inventory }) {
    for (const object of inventory.system) yield { ref: object.ref, object };
  },
  assess({ object }, { inventory, parameters: { targetVersion } }, say) {
    const { apiVersion, kind } = object.ref;
    const at = ['apiVersion'];
    const definition = definitionOf(object, inventory.ofKind('apiextensions.k8s.io', 'CustomResourceDefinition'));
    // What the cluster's own definition says weighs more than a table of releases.
    if (definition !== undefined) {
      const data = { definition: definition.object.ref.name, apiVersion };
      return definition.served
        ? { ...say.pass('served-by-definition', data), at }
        : { ...say.fail('not-served-by-definition', data), at };
    }
    const retired = retiredApi(apiVersion, kind);
    if (retired !== undefined) {
      const { product, removedIn: release } = retired;
      const successor = retired.successor === undefined ? 'It has no successor.' : `Use ${retired.successor}.`;
      if (product === 'Kubernetes' && compareReleases(targetVersion, release) < 0)
        return { ...say.pass('leaving', { target: targetVersion, apiVersion, kind, release, successor }), at };
      return { ...say.fail('retired', { product, apiVersion, kind, release, successor }), at };
    }
    const served = servedByKubernetes(apiVersion);
    if (served === undefined) return { ...say.notApplicable('custom', { apiVersion }), at };
    if (served && !homesOf(kind).includes(apiVersion) && kind !== 'ComponentStatus') {
      const successor = homesOf(kind)
        .filter((home) => servedByKubernetes(home) === true)
        .join(' or ');
      // ComponentStatus has no schema of its own to be known by. A kind under the version of another group (`v1` for a Deployment) is no object for any server, and no check saw it as one.
      if (successor !== '') return { ...say.fail('no-kind', { apiVersion, kind, successor }), at };
      return { ...say.unknown('unknown-kind', { target: targetVersion, apiVersion, kind }), at };
    }
    if (served) return { ...say.pass('served', { target: targetVersion, apiVersion }), at };
    return { ...say.unknown('preview', { target: targetVersion, apiVersion }), at };
  },
});

/** Whether a CustomResourceDefinition of the sources serves the object's version. Undefined: none defines its kind. */
function definitionOf(
  object: KubeObject,
  definitions: readonly KubeObject[],
): { readonly object: KubeObject; readonly served: boolean } | undefined {
  const found = definitions.find(
    ({ value }) => textAt(value, 'spec', 'group') === object.group && textAt(value, 'spec', 'names', 'kind') === object.ref.kind,
  );
  if (found === undefined) return undefined;
  const version = object.ref.apiVersion.slice(object.group.length + 1);
  const versions = listAt(found.value, 'spec', 'versions');
  const entry = versions.find((item) => textAt(item, 'name') === version);
  // The removed v1beta1 shape has one version in a field of its own.
  const single = versions.length === 0 && textAt(found.value, 'spec', 'version') === version;
  return { object: found, served: single || (entry !== undefined && booleanAt(entry, 'served') !== false) };
}
