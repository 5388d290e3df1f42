import { wordsOf } from '../../evidence/masking/key-name.ts';
import { inventory } from '../../facts/inventory.ts';
import { objects } from '../../facts/objects.ts';
import { isReal, type MaskedField, maskedValues, realLeaves } from '../../facts/masked-values.ts';
import { isObject, objectAt, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

export const committedSecret = defineCheck({
  id: 'committed-secret',
  gate: 'secrets',
  level: 'blocker',
  title: 'No manifest holds the data of a Secret',
  rationale:
    'Whoever can read the repository, a fork, a backup or a build log has the credential: base64 hides nothing, and history keeps it.',
  remedy: 'remove-committed-secrets',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/', 'https://getsops.io/docs/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A value that is public by its nature, such as the key of a test system that holds no data.',
  needs: { inventory, maskedValues, objects },
  parameters: {},
  messages: {
    value: 'The manifest holds a value of {length} characters under {key}.',
    'private-key': 'The manifest holds a private key under {key}.',
    configuration: 'The configuration under {key} holds credentials at {leaves}.',
    annotation: 'Annotation {key} holds a copy of the data.',
    clean:
      'None of its {keys} keys holds a credential in the file: only placeholders, encrypted values, certificates, names, settings, values drawn at rendering.',
    encrypted: 'Its {keys} keys are encrypted in the file.',
    empty: 'It holds no data.',
    none: 'None of {objects} objects is a Secret.',
    'source-unread': 'The source {source} could not be read, so whether it holds a Secret is not known.',
    live: 'It was read from a cluster, where Secrets belong; whether a manifest holds its data, the cluster does not show.',
  },
  looksFor: ['Secret'],
  *targets({ inventory }) {
    for (const object of inventory.systemOfKind('', 'Secret')) yield { ref: object.ref, object };
    for (const object of inventory.systemOfKind('bitnami.com', 'SealedSecret'))
      if (isObject(valueAt(object.value, 'spec', 'template', 'data'))) yield { ref: object.ref, object };
  },
  // What is committed is what the files hold: no Secret in files that were all read is an answer, whatever the cluster holds.
  none({ inventory, objects }, say) {
    const failed = objects.slots.find((slot) => slot.role === 'system' && slot.status !== 'collected');
    return failed === undefined
      ? say.notApplicable('none', { objects: inventory.objects.length })
      : say.unknown('source-unread', { source: failed.source });
  },
  assess({ object }, { maskedValues }, say) {
    if (object.source.live) return say.notApplicable('live');
    const masked = maskedValues.of(object);
    const [first, ...rest] = masked.flatMap((field): readonly Judgement[] => {
      const { path, mask } = field;
      const key = String(path.at(-1));
      const found = (judgement: Judgement): readonly Judgement[] => [{ ...judgement, at: path, key }];
      if (path.includes('annotations')) return isReal(mask) ? found(say.fail('annotation', { key })) : [];
      // A chart that draws a password at each rendering holds none.
      if (!isReal(mask) || isHarmless(field) || maskedValues.isDrawn(object, path)) return [];
      if (mask.contains?.kind === 'private-key') return found(say.fail('private-key', { key }));
      const leaves = mask.contains?.kind === 'config' || mask.contains?.kind === 'alertmanager' ? realLeaves(mask.contains) : [];
      if (leaves.length > 0) return found(say.fail('configuration', { key, leaves: shown(leaves) }));
      return found(say.fail('value', { key, length: mask.length }));
    });
    if (first !== undefined) return [first, ...rest];
    const keys = dataKeys(object);
    const sealed = keys.filter(([, value]) => typeof value === 'string' && value.startsWith('ENC['));
    if (keys.every(([, value]) => value === '' || value === null)) return say.pass('empty');
    return sealed.length === keys.length
      ? say.pass('encrypted', { keys: keys.length })
      : say.pass('clean', { keys: keys.length });
  },
});

const shown = (leaves: readonly string[]): string =>
  leaves.length > 3 ? `${leaves.slice(0, 3).join(', ')} and ${leaves.length - 3} more` : leaves.join(', ');

const dataKeys = ({ value, ref }: KubeObject) => {
  const holder = ref.kind === 'SealedSecret' ? objectAt(value, 'spec', 'template') : value;
  return [...Object.entries(objectAt(holder, 'data')), ...Object.entries(objectAt(holder, 'stringData'))];
};

/** Words for who and where, which a Secret often keeps beside the password. */
const identities =
  /^(?:user|username|login|host|hostname|port|database|dbname|db|email|region|bucket|schema|sslmode|namespace|type)$/;

/** Public certificates and keys, configuration whose every leaf was read, and short names of users and hosts are no credentials. */
function isHarmless({ path, mask: { contains, length, entropyBits } }: MaskedField): boolean {
  if (contains?.kind === 'certificate' || contains?.kind === 'public-key') return true;
  if (contains?.kind === 'config') return contains.credentialLeaves.every((leaf) => leaf.placeholder);
  if (contains?.kind === 'alertmanager') return contains.credentialLeaves?.every((leaf) => leaf.placeholder) === true;
  const last = wordsOf(String(path.at(-1))).at(-1) ?? '';
  return identities.test(last) && contains === undefined && length <= 128 && entropyBits < 128;
}
