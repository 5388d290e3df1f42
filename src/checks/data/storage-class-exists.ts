import type { ProvidedObject } from '../../evidence/declared.ts';
import { inventory } from '../../facts/inventory.ts';
import { storage } from '../../facts/storage.ts';
import { defineCheck } from '../define-check.ts';

export const storageClassExists = defineCheck({
  id: 'storage-class-exists',
  gate: 'data',
  level: 'high',
  title: 'Every claim for storage can get its volume',
  rationale: 'A claim whose StorageClass does not exist stays pending, and every Pod that mounts it never starts.',
  remedy: 'provide-storage-class',
  references: [
    'https://kubernetes.io/docs/concepts/storage/storage-classes/',
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1',
  ],
  decidedBy: 'platform',
  attestable: false,
  whenToWaive: 'A claim that another program binds by hand before the launch.',
  needs: { inventory, storage },
  parameters: {},
  messages: {
    found: 'StorageClass {class} of claim {claim} exists.',
    default: 'Claim {claim} names no class and gets the default, {class}.',
    bound: 'Claim {claim} is bound.',
    volume: 'Claim {claim} fits PersistentVolume {volume}.',
    provided: 'StorageClass {class} of claim {claim} is declared as provided by {owner} until {expires}.',
    static: 'Claim {claim} asks for a volume without a class, which somebody provides by hand.',
    absent: 'Claim {claim} names StorageClass {class}, which does not exist.',
    'no-default': 'Claim {claim} names no StorageClass, and the cluster has no default.',
    'no-volume': 'Claim {claim} asks for a volume without a class, and no PersistentVolume fits it.',
    unseen:
      'Claim {claim} names StorageClass {class}, and {why}: give a dump of the StorageClasses, or declare it under spec.providedElsewhere.',
    'unseen-default': 'Claim {claim} relies on the default StorageClass, and {why}: give a dump of the StorageClasses.',
    lapsed: 'StorageClass {class} of claim {claim} was declared as provided until {expires}, which is over.',
  },
  looksFor: ['PersistentVolumeClaim', '*'],
  *targets({ storage }) {
    for (const { claim, binding } of storage.system)
      yield { ref: claim.ref, object: claim.object, path: claim.path, claim, binding };
  },
  assess({ claim, binding }, { asOf }, say) {
    const name = { claim: claim.name };
    const provided = ({ name: cls, owner, expires }: ProvidedObject) =>
      expires <= asOf
        ? say.unknown('lapsed', { ...name, class: cls, expires })
        : { ...say.pass('provided', { ...name, class: cls, owner, expires }), reason: 'assumed' as const, until: expires };
    const said = () => {
      switch (binding.status) {
        case 'bound':
          return say.pass('bound', name);
        case 'class':
          return say.pass(binding.isDefault ? 'default' : 'found', { ...name, class: binding.name });
        case 'volume':
          return say.pass('volume', { ...name, volume: binding.volume });
        case 'provided':
          return provided(binding.provided);
        case 'static':
          return say.notApplicable('static', name);
        case 'absent':
          return say.fail('absent', { ...name, class: binding.name });
        case 'no-default':
          return say.fail('no-default', name);
        case 'no-volume':
          return say.fail('no-volume', name);
        case 'unseen':
          return binding.name === undefined
            ? say.unknown('unseen-default', { ...name, why: binding.why })
            : say.unknown('unseen', { ...name, class: binding.name, why: binding.why });
      }
    };
    return { ...said(), key: claim.name };
  },
});
