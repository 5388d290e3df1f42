import type { ConfigurationUse } from '../../facts/configuration-uses.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { holdsOnlySettings, isReal, maskedValues } from '../../facts/masked-values.ts';
import { references } from '../../facts/references.ts';
import { originOf, type SecretProducer, secretProducers } from '../../facts/secret-producers.ts';
import { workloads } from '../../facts/workloads.ts';
import { objectAt, textAt } from '../../kube/json.ts';
import type { Workload } from '../../kube/workload.ts';
import { commonProducers } from '../../kube/secret-producers.ts';
import { compareText, formatRef } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type SecretTarget = Target & { readonly namespace: string; readonly name: string; readonly uses: readonly ConfigurationUse[] };

export const managedSecrets = defineCheck({
  id: 'managed-secrets',
  gate: 'secrets',
  level: 'blocker',
  title: 'Something produces every Secret that workloads use',
  rationale:
    'A Secret that somebody applied by hand is lost with the cluster, nobody knows who has its values, and nothing replaces them.',
  remedy: 'adopt-managed-secrets',
  references: [
    'https://external-secrets.io/latest/',
    'https://github.com/bitnami-labs/sealed-secrets',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A Secret that a person must enter by hand, such as the first key of the secret store itself.',
  needs: { inventory, workloads, references, secretProducers, maskedValues },
  parameters: {},
  messages: {
    plain: 'Secret {secret} is a plain Secret: nothing produces it but the manifest.',
    generator: 'Secret {secret} is written by the secretGenerator of {by}: it is a plain Secret after rendering.',
    nothing: 'Nothing in the sources produces Secret {secret}, which {user} needs.',
    'no-source': '{by} takes Secret {secret} from {source}, which does not exist.',
    'bad-source': '{by} cannot produce Secret {secret}: {why}.',
    failing: '{by} does not produce Secret {secret}: {why}.',
    'key-missing': '{by} produces Secret {secret} without the key {key}, which {user} needs.',
    unmounted: 'The CSI driver writes Secret {secret} only while a Pod mounts {by}, and no workload does.',
    'source-unseen':
      '{by} takes Secret {secret} from {source}, which is not seen: {why}. Add it to the sources, or declare it under spec.providedElsewhere.',
    unseen:
      'What produces Secret {secret} is not seen: {why}. Add its ExternalSecret, SealedSecret or Certificate, or declare it under spec.providedElsewhere.',
    deployed:
      'Secret {secret} was deployed by {by}; whether its source is encrypted is not seen. Attest it, or give the manifests.',
    unsigned: 'Secret {secret} is in the cluster without a sign of what made it. Attest how it is made.',
    produced: 'Secret {secret} is produced by {by}.',
    sourced: 'Secret {secret} is produced by {by} from {source}.',
    encrypted: 'Secret {secret} is encrypted by SOPS in its manifest.',
    controlled: 'Secret {secret} is filled by {by}.',
    provided: 'Secret {secret} is declared to be provided by {owner}: {reason}.',
    assumed: 'Secret {secret} is produced by {by} from {source}, which is declared to be provided elsewhere.',
    optional: 'Secret {secret} is optional and does not exist.',
    settings: 'Secret {secret} holds settings and certificates without a credential.',
    'no-reference': 'None of {count} workloads names a Secret.',
    'no-workload': 'No workload in the sources, and {why}.',
  },
  looksFor: ['*', 'Secret'],
  *targets({ inventory, references, secretProducers }): Generator<SecretTarget> {
    const uses = new Map<string, ConfigurationUse[]>();
    const add = (id: string, use?: ConfigurationUse) => {
      const list = uses.get(id) ?? [];
      uses.set(id, use === undefined ? list : [...list, use]);
    };
    for (const use of references.configuration) if (use.kind === 'Secret') add(`${use.workload.namespace}/${use.name}`, use);
    for (const { namespace, name, means } of secretProducers.system)
      if (namespace !== undefined && (means === 'external' || means === 'sealed' || means === 'csi' || means === 'vault'))
        add(`${namespace}/${name}`);
    for (const [id, list] of [...uses].sort(([a], [b]) => compareText(a, b))) {
      const [namespace = '', name = ''] = id.split('/');
      const found = inventory.lookup('', 'Secret', namespace, name);
      const producer = secretProducers.of(namespace, name)[0];
      const [use] = list;
      const at =
        found.status === 'found'
          ? { object: found.object }
          : producer
            ? { object: producer.object, path: producer.path }
            : use
              ? { object: use.workload.object, path: use.path }
              : {};
      yield { ref: { apiVersion: 'v1', kind: 'Secret', namespace, name }, ...at, namespace, name, uses: list };
    }
  },
  assess({ namespace, name, uses }, { inventory, workloads, secretProducers, maskedValues, asOf }, say) {
    const secret = `${namespace}/${name}`;
    const found = inventory.lookup('', 'Secret', namespace, name);
    const all = secretProducers.of(namespace, name);
    const producers = all.filter(({ means }) => means !== 'literal');
    const [user] = uses;
    const users = user === undefined ? 'nobody' : formatRef(user.workload.ref);
    if (found.status === 'found') {
      const origin = originOf(found.object);
      if (origin.kind !== 'encrypted' && producers.length === 0 && holdsOnlySettings(maskedValues.of(found.object)))
        return say.notApplicable('settings', { secret });
      const isFilled = maskedValues.of(found.object).some(({ mask, path }) => path[0] !== 'metadata' && isReal(mask));
      if (origin.kind === 'plain' && (producers.length === 0 || (isFilled && !found.object.source.live)))
        return say.fail('plain', { secret });
      if (producers.length === 0) {
        switch (origin.kind) {
          case 'encrypted':
            return say.pass('encrypted', { secret });
          case 'controlled':
            return say.pass('controlled', { secret, by: origin.by });
          case 'deployed':
            return { ...say.unknown('deployed', { secret, by: origin.by }), reason: 'undecidable' };
          default:
            return { ...say.unknown('unsigned', { secret }), reason: 'undecidable' };
        }
      }
    }
    if (producers.length > 0) {
      const answers = producers.map((producer) => judge(producer));
      return (
        answers.find(([first]) => first.outcome === 'fail') ??
        answers.find(([first]) => first.outcome === 'unknown') ??
        answers[0] ??
        say.fail('plain', { secret })
      );
    }
    const [generator] = all;
    if (generator !== undefined) return say.fail('generator', { secret, by: formatRef(generator.object.ref) });
    if (found.status === 'provided' && found.provided.expires > asOf)
      return {
        ...say.pass('provided', { secret, owner: found.provided.owner, reason: found.provided.reason }),
        reason: 'assumed',
        until: found.provided.expires,
      };
    if (found.status !== 'absent')
      return say.unknown('unseen', {
        secret,
        why: found.status === 'unseen' ? found.why : 'the declaration under spec.providedElsewhere has expired',
      });
    if (uses.length > 0 && uses.every(({ optional }) => optional)) return say.notApplicable('optional', { secret });
    const unseen = unseenKind(inventory, commonProducers);
    return unseen === undefined
      ? say.fail('nothing', { secret, user: users })
      : say.unknown('unseen', { secret, why: unseen.why });

    function judge(producer: SecretProducer): readonly [Judgement, ...Judgement[]] {
      const by = formatRef(producer.object.ref);
      const because = [{ note: `produces Secret ${secret}`, object: producer.object, at: producer.path }];
      if (producer.failing !== undefined) return [{ ...say.fail('failing', { secret, by, why: producer.failing }), because }];
      if (producer.means === 'csi' && !isMounted(producer, workloads.byNamespace(namespace)))
        return [{ ...say.fail('unmounted', { secret, by }), because }];
      const missing = missingKeys(producer, found.status === 'found' ? Object.keys(objectAt(found.object.value, 'data')) : []);
      const [first, ...rest] = missing.map(
        ({ key, workload, path }): Judgement => ({
          ...say.fail('key-missing', { secret, by, key, user: formatRef(workload.ref) }),
          in: workload.object,
          at: path,
          key,
          because,
        }),
      );
      if (first !== undefined) return [first, ...rest];
      return [{ ...judgeSources(producer, by), because }];
    }

    function judgeSources(producer: SecretProducer, by: string): Judgement {
      const sources = secretProducers.sourcesOf(producer);
      const label = (kind: string, of: string) => `${kind} ${of}`;
      const names = sources.map(({ source }) => label(source.kind, source.name)).join(', ');
      for (const { source, lookup, problem } of sources) {
        if (lookup.status === 'absent')
          return {
            ...say.fail('no-source', { secret, by, source: label(source.kind, source.name) }),
            in: producer.object,
            at: source.path,
          };
        if (problem !== undefined)
          return { ...say.fail('bad-source', { secret, by, why: problem.detail }), in: producer.object, at: source.path };
      }
      let assumed: string | undefined;
      for (const { source, lookup } of sources) {
        const expires = lookup.status === 'provided' ? lookup.provided.expires : undefined;
        if (expires !== undefined && expires > asOf) assumed = assumed === undefined || expires < assumed ? expires : assumed;
        else if (lookup.status !== 'found')
          return {
            ...say.unknown('source-unseen', {
              secret,
              by,
              source: label(source.kind, source.name),
              why: lookup.status === 'unseen' ? lookup.why : 'its declaration has expired',
            }),
            in: producer.object,
            at: source.path,
          };
      }
      if (assumed !== undefined)
        return { ...say.pass('assumed', { secret, by, source: names }), reason: 'assumed', until: assumed };
      return sources.length > 0 ? say.pass('sourced', { secret, by, source: names }) : say.pass('produced', { secret, by });
    }

    function missingKeys(
      { keys, object }: SecretProducer,
      present: readonly string[],
    ): readonly (ConfigurationUse & { readonly key: string })[] {
      // `Merge` adds to a Secret whose other keys somebody else writes.
      if (keys === undefined || textAt(object.value, 'spec', 'target', 'creationPolicy') === 'Merge') return [];
      const known = new Set([...present, ...producers.flatMap((each) => each.keys ?? [])]);
      return uses.flatMap((use) =>
        use.key === undefined || use.optional || known.has(use.key) ? [] : [{ ...use, key: use.key }],
      );
    }
  },
  none({ inventory, workloads }, say) {
    if (workloads.system.length > 0) return say.notApplicable('no-reference', { count: workloads.system.length });
    const unseen = unseenKind(inventory, ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);
    return unseen === undefined
      ? say.notApplicable('no-reference', { count: 0 })
      : say.unknown('no-workload', { why: unseen.why });
  },
});

/** The driver syncs a Secret only for Pods that mount its class. */
function isMounted({ object }: SecretProducer, running: readonly Workload[]): boolean {
  return running.some(({ volumes }) =>
    volumes.some(
      ({ type, source }) => type === 'csi' && textAt(source, 'volumeAttributes', 'secretProviderClass') === object.ref.name,
    ),
  );
}
