import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { holdsOnlySettings, maskedValues } from '../../facts/masked-values.ts';
import { references } from '../../facts/references.ts';
import { originOf, type SecretProducer, secretProducers } from '../../facts/secret-producers.ts';
import { workloads } from '../../facts/workloads.ts';
import { parseDuration } from '../../kube/duration.ts';
import { externalGroup, externalSpec, generatorGroup } from '../../kube/external-secret.ts';
import { booleanAt, textAt, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { compareText, refKey } from '../../model/object-ref.ts';
import { addDays, dayMs, momentMs } from '../../model/time.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type Subject = Target & { readonly object: KubeObject; readonly producer: SecretProducer | undefined; readonly secret: string };

export const secretRotation = defineCheck({
  id: 'secret-rotation',
  gate: 'secrets',
  level: 'medium',
  title: 'Every secret is replaced at least every 90 days',
  rationale:
    'A value that leaked unnoticed stays useful until it is replaced, and what was never replaced cannot be replaced in a hurry.',
  remedy: 'automate-secret-rotation',
  references: ['https://external-secrets.io/latest/api/externalsecret/', 'https://external-secrets.io/latest/guides/generator/'],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive: 'A credential that another company issues for longer, with its end in somebody’s calendar.',
  needs: { inventory, workloads, references, secretProducers, maskedValues },
  parameters: { maxAgeDays: 90 },
  stricter: { maxAgeDays: 'lower' },
  messages: {
    once: 'It is written once (refreshPolicy {policy}): nothing replaces the value.',
    'no-refresh': 'Its refreshInterval is 0: nothing replaces the value.',
    slow: 'Its refreshInterval of {interval} is longer than {days} days.',
    immutable: 'Secret {secret} is immutable: no new value reaches it.',
    old: 'Secret {secret} was made on {made}, more than {days} days ago, and nothing shows a later change.',
    'bad-interval': 'Its refreshInterval {interval} is no duration: how often the value is replaced is not known.',
    store:
      'It is read from its store every {interval}; how often the value is replaced there is not seen. Attest the last replacement and the next.',
    age: 'Secret {secret} shows no age and nothing that replaces it. Give a live dump, or attest the last replacement.',
    operator: 'How often {kind} replaces the value of Secret {secret} is not seen. Attest the last replacement.',
    unseen: 'What replaces Secret {secret} is not seen: {why}. Add what produces it, or attest the last replacement.',
    generated: 'A new value is drawn every {interval}.',
    leased: 'Vault issues a new value for each lease.',
    fresh: 'Secret {secret} was made on {made}, within {days} days.',
    none: 'No Secret among {objects} objects holds a credential that ages, but those of certificates.',
    'no-secret': 'No Secret in the sources, and {why}.',
  },
  looksFor: ['Secret', '*'],
  *targets({ inventory, references, secretProducers, maskedValues }): Generator<Subject> {
    const targets = new Map<string, Subject>();
    const add = (object: KubeObject, producer: SecretProducer | undefined, secret: string) => {
      const target: Subject = { ref: object.ref, object, producer, secret };
      const key = refKey(target.ref);
      if (!targets.has(key)) targets.set(key, target);
    };
    for (const producer of secretProducers.system)
      if (producer.means !== 'certificate' && producer.means !== 'operator' && producer.means !== 'literal')
        add(producer.object, producer, `${producer.namespace ?? '*'}/${producer.name}`);
    const agesElsewhere = (object: KubeObject) => isCertificateOrToken(object) || holdsOnlySettings(maskedValues.of(object));
    const isMade = (namespace: string, name: string) =>
      secretProducers.of(namespace, name).some(({ means }) => means !== 'literal');
    for (const object of inventory.systemOfKind('', 'Secret'))
      if (!isMade(object.ref.namespace ?? 'default', object.ref.name) && !agesElsewhere(object))
        add(object, undefined, `${object.ref.namespace}/${object.ref.name}`);
    const unseen: Target[] = [];
    for (const { kind, name, workload, path, optional } of references.configuration) {
      const { namespace } = workload;
      if (kind !== 'Secret' || optional) continue;
      const made = secretProducers.of(namespace, name).filter(({ means }) => means !== 'literal');
      const found = inventory.lookup('', 'Secret', namespace, name);
      const producer = made.find(({ means }) => means === 'operator');
      const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name };
      if (producer !== undefined) add({ ...producer.object, ref }, producer, `${namespace}/${name}`);
      else if (made.length > 0) continue;
      else if (found.status !== 'found') unseen.push({ ref, object: workload.object, path });
      else if (!agesElsewhere(found.object)) add(found.object, undefined, `${namespace}/${name}`);
    }
    const seen = new Set(targets.keys());
    for (const target of unseen) {
      if (seen.has(refKey(target.ref))) continue;
      seen.add(refKey(target.ref));
      targets.set(refKey(target.ref), {
        ...target,
        object: target.object as KubeObject,
        producer: undefined,
        secret: `${target.ref.namespace}/${target.ref.name}`,
      });
    }
    yield* [...targets].sort(([a], [b]) => compareText(a, b)).map(([, target]) => target);
  },
  assess({ ref, object, producer, secret }, { inventory, secretProducers, parameters, asOf }, say) {
    const days = parameters.maxAgeDays;
    if (producer?.means === 'external' && object.group === externalGroup) return judgeExternal(producer, object);
    if (object.ref.kind === 'VaultDynamicSecret') return say.pass('leased');
    if (producer?.means === 'operator')
      return { ...say.unknown('operator', { secret, kind: producer.object.ref.kind }), reason: 'needs-a-person' };
    const [namespace, name] = secret.split('/');
    const found = inventory.lookup('', 'Secret', namespace, name ?? ref.name);
    if (found.status !== 'found' && producer === undefined)
      return say.unknown('unseen', { secret, why: found.status === 'unseen' ? found.why : 'no source has it' });
    const written = found.status === 'found' ? found.object : undefined;
    const live = written === undefined ? undefined : inventory.liveOf(written);
    const made = live === undefined ? undefined : lastChange(live);
    if (made === undefined) return { ...say.unknown('age', { secret }), reason: 'needs-a-person' };
    const end = addDays(made, days);
    return end <= asOf
      ? say.fail('old', { secret, made: made.slice(0, 10), days })
      : { ...say.pass('fresh', { secret, made: made.slice(0, 10), days }), until: end };

    function judgeExternal(from: SecretProducer, external: KubeObject): Judgement {
      const { spec, path } = externalSpec(external);
      const at = [...path, 'refreshInterval'];
      const policy = textAt(spec, 'refreshPolicy') ?? 'Periodic';
      if (policy !== 'Periodic') return { ...say.fail('once', { policy }), at: [...path, 'refreshPolicy'] };
      const written = valueAt(spec, 'refreshInterval') ?? '1h';
      const interval = (typeof written === 'string' ? written : JSON.stringify(written)).slice(0, 40);
      const length = parseDuration(written);
      if (length === undefined) return { ...say.unknown('bad-interval', { interval }), reason: 'undecidable', at };
      if (length <= 0) return { ...say.fail('no-refresh'), at };
      if (length > days * dayMs) return { ...say.fail('slow', { interval, days }), at };
      if (booleanAt(spec, 'target', 'immutable') === true)
        return { ...say.fail('immutable', { secret }), at: [...path, 'target', 'immutable'] };
      const sources = secretProducers.sourcesOf(from);
      const drawn =
        sources.length > 0 && sources.every(({ source, problem }) => source.group === generatorGroup && problem?.kind !== 'fake');
      return drawn
        ? { ...say.pass('generated', { interval }), at }
        : { ...say.unknown('store', { interval }), reason: 'needs-a-person', at };
    }
  },
  none({ inventory, workloads }, say) {
    // What workloads name is a target: without any, nothing of theirs can age.
    const unseen =
      workloads.system.length > 0
        ? undefined
        : unseenKind(inventory, ['Secret', 'ExternalSecret.external-secrets.io', 'SealedSecret.bitnami.com']);
    return unseen === undefined
      ? say.notApplicable('none', { objects: inventory.system.length })
      : say.unknown('no-secret', { why: unseen.why });
  },
});

/** Certificates have an end of their own and checks of their own; tokens of accounts live as long as the account. */
function isCertificateOrToken(object: KubeObject): boolean {
  const type = textAt(object.value, 'type');
  return type === 'kubernetes.io/tls' || type === 'kubernetes.io/service-account-token' || originOf(object).kind === 'controlled';
}

/** When the value was written last, as far as the cluster says: the latest write to its data, or its making. */
function lastChange({ value }: KubeObject): string | undefined {
  const created = textAt(value, 'metadata', 'creationTimestamp');
  const fields = valueAt(value, 'metadata', 'managedFields');
  const writes = (Array.isArray(fields) ? (fields as readonly (typeof value)[]) : []).flatMap((entry) =>
    valueAt(entry, 'fieldsV1', 'f:data') === undefined ? [] : (textAt(entry, 'time') ?? []),
  );
  const times = [...writes, ...(created === undefined ? [] : [created])].filter((time) => !Number.isNaN(momentMs(time))).sort();
  const latest = times.at(-1);
  return latest === undefined ? undefined : addDays(latest, 0);
}
