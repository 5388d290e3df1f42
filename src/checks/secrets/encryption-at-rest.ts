import { type ApiServerSign, encryptionSigns } from '../../facts/encryption.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

export const encryptionAtRest = defineCheck({
  id: 'encryption-at-rest',
  gate: 'secrets',
  level: 'medium',
  title: 'The cluster encrypts Secrets at rest',
  rationale: 'Without it a copy of etcd, its disk or its backup holds every Secret in plain text.',
  remedy: 'encrypt-secrets-at-rest',
  references: [
    'https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/',
    'https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'A cluster whose disks and backups are encrypted by the provider, where that is held to be enough.',
  needs: { encryptionSigns },
  parameters: {},
  messages: {
    plain: 'The API server stores Secrets unencrypted: {why}.',
    encrypted: 'Secrets are encrypted at rest: {how}.',
    unproven: '{why}; which provider encrypts Secrets is not seen. Give the EncryptionConfiguration, or attest it.',
    unseen:
      'Nothing in the sources shows whether the API server encrypts Secrets. Give its EncryptionConfiguration or a dump of its Pod, or attest it.',
  },
  looksFor: [],
  *targets(): Generator<Target> {
    yield { ref: { apiVersion: ownApiVersion, kind: 'Datastore', name: 'etcd' } };
  },
  assess(_, { encryptionSigns }, say) {
    const judge = ({ status, text, object, path }: ApiServerSign): Judgement => ({
      ...(status === 'plain'
        ? say.fail('plain', { why: text })
        : status === 'encrypted'
          ? say.pass('encrypted', { how: text })
          : { ...say.unknown('unproven', { why: text }), reason: 'undecidable' as const }),
      in: object,
      at: path,
    });
    const [sign] = (['plain', 'encrypted', 'unproven'] as const).flatMap((status) =>
      encryptionSigns.filter((entry) => entry.status === status),
    );
    return sign === undefined ? say.unknown('unseen') : judge(sign);
  },
});
