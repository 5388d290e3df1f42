import type { Remedy } from './remedy.ts';

export const secretRemedies: readonly Remedy[] = [
  {
    id: 'adopt-managed-secrets',
    title: 'Implement Sealed Secrets or External Secrets for every Secret that workloads use',
    owner: 'platform',
    effort: { min: 1, likely: 2.5, max: 6 },
    effortBasis:
      'An hour for the operator from its chart and its store or key; the rest for the identity that may read the store, and for one object a Secret.',
    perTarget: { min: 0.1, likely: 0.25, max: 0.5 },
    after: [],
    steps: [
      "Choose by platform: on AWS, Google Cloud or Azure the provider's secret manager with External Secrets Operator; with Vault, External Secrets or the Vault operator; without a store, Sealed Secrets.",
      "Install the operator and its ClusterSecretStore, with an identity that may read only this system's path.",
      'For each Secret that a workload references, write an ExternalSecret or SealedSecret with the same name and keys, and take the plain manifest away: whoever applied it again would overwrite the value.',
      'Deploy, and compare the keys of the produced Secrets with what the workloads reference.',
    ],
  },
  {
    id: 'remove-committed-secrets',
    title: 'Take secret values out of the repository and replace the exposed ones',
    owner: 'security',
    effort: { min: 0.5, likely: 1.5, max: 4 },
    effortBasis:
      'Deleting is minutes; issuing new credentials and restarting what uses them takes the time. History rewriting is not counted: a leaked value is replaced, not hidden.',
    perTarget: { min: 0.25, likely: 0.5, max: 1 },
    after: ['adopt-managed-secrets'],
    steps: [
      'Issue a new credential for every value that was committed; treat the old one as known to everybody.',
      'Replace the Secret manifest by its managed form, or by a template that holds placeholders only.',
      'Revoke the old credentials.',
    ],
  },
  {
    id: 'move-literals-to-secrets',
    title: 'Move literal credentials out of manifests',
    owner: 'developer',
    effort: { min: 0.5, likely: 1, max: 3 },
    effortBasis:
      'A managed Secret key and a reference for each variable, and a new credential since the old one is in the repository.',
    perTarget: { min: 0.1, likely: 0.25, max: 0.5 },
    after: ['adopt-managed-secrets'],
    steps: [
      'Create the key in the managed Secret with a new value.',
      'Replace `value` by `valueFrom.secretKeyRef`, or mount the Secret.',
      'Revoke the old credential.',
    ],
  },
  {
    id: 'strengthen-secrets',
    title: 'Generate strong signing keys and database passwords',
    owner: 'security',
    effort: { min: 0.25, likely: 1, max: 3 },
    effortBasis: 'Generating is a minute; a signing key signs all users out and a database password needs a coordinated change.',
    after: ['adopt-managed-secrets'],
    steps: [
      'JWT signing key: `openssl rand -hex 64`, or a generator of External Secrets with at least 64 characters.',
      'Database password: at least 32 random characters, from a generator.',
      'Write them into the secret store, never into a file of the repository, and restart what reads them.',
    ],
  },
  {
    id: 'protect-tls-keys',
    title: 'Let nobody but the certificate machinery and the ingress controller read TLS keys',
    owner: 'security',
    effort: { min: 0.25, likely: 0.75, max: 2 },
    effortBasis: 'A Role with resourceNames for each subject that must read some other Secret.',
    after: [],
    steps: [
      'Replace namespace-wide read access to Secrets by Roles that name the Secrets needed (`resourceNames`).',
      'Confirm that Secrets are encrypted at rest.',
    ],
  },
  {
    id: 'automate-secret-rotation',
    title: 'Implement secret rotation automation',
    owner: 'platform',
    effort: { min: 1, likely: 3, max: 8 },
    effortBasis:
      'Refresh intervals are minutes; rotating a database password without downtime takes a second user and a rehearsal.',
    after: ['adopt-managed-secrets'],
    steps: [
      'Set a rotation schedule in the store and a refresh interval on each ExternalSecret, or let a generator draw a new value at each refresh.',
      'Make workloads pick up new values (reload, or a rollout on change).',
      'Rehearse one rotation in staging.',
      'Attest the schedule of the store: the cluster does not show it.',
    ],
  },
  {
    id: 'document-secret-handling',
    proves: true,
    title: 'Document the secret options and the rotation procedure',
    owner: 'security',
    effort: { min: 0.5, likely: 1, max: 2 },
    effortBasis: 'Two pages, written by whoever did it once.',
    after: [],
    steps: [
      'Write which ways of handling secrets are allowed where, with the recommendation for each platform.',
      'Write the rotation procedure: trigger, steps, verification, rollback; interval of at most 90 days.',
      'Declare both under spec.documents.',
    ],
  },
  {
    id: 'encrypt-secrets-at-rest',
    title: 'Encrypt Secrets at rest',
    owner: 'platform',
    effort: { min: 0.25, likely: 1, max: 4 },
    effortBasis: 'A setting on managed clusters; an EncryptionConfiguration and a rewrite of all Secrets on others.',
    after: [],
    steps: [
      'Enable envelope encryption with a KMS key, or an EncryptionConfiguration on the API server.',
      'Rewrite existing Secrets so that they are encrypted.',
      'Attest it with a link to the cluster configuration.',
    ],
  },
  {
    id: 'mount-secrets-as-files',
    title: 'Mount Secrets as files instead of environment variables',
    owner: 'developer',
    effort: { min: 0.25, likely: 1, max: 3 },
    effortBasis: 'The program must read a path; most frameworks can.',
    after: [],
    steps: ['Mount the Secret as a read-only volume.', 'Point the program at the file, and drop the variable.'],
  },
];
