import type { Remedy } from './remedy.ts';

/** Images, data and performance. */
export const deliveryRemedies: readonly Remedy[] = [
  {
    id: 'pin-images',
    title: 'Pin images by digest',
    owner: 'developer',
    effort: { min: 0.25, likely: 0.5, max: 2 },
    effortBasis: 'A pipeline step that writes the digest it pushed.',
    after: [],
    steps: [
      'Let the pipeline write `image: name:tag@sha256:...` from what it pushed.',
      'Pin third-party images the same way, with a bot that moves them.',
    ],
  },
  {
    id: 'scan-images',
    proves: true,
    title: 'Set up image scanning',
    owner: 'security',
    effort: { min: 0.5, likely: 1.5, max: 4 },
    effortBasis: 'A scanner in the pipeline before push, its report kept; triage of the first findings is the unknown.',
    after: ['pin-images'],
    steps: [
      "Scan in the pipeline before push (Trivy, Grype, or the registry's scanner), for vulnerabilities and for secrets.",
      'Keep the JSON report by digest and name it under spec.evidence.imageScans.',
      'Fail the pipeline on what the standard forbids, and attest that nothing is pushed unscanned.',
    ],
  },
  {
    id: 'provide-storage-class',
    title: 'Provide the missing StorageClass (Loki storage and the backup volume wait for it)',
    owner: 'platform',
    effort: { min: 0.25, likely: 0.5, max: 2 },
    effortBasis: 'An object where the CSI driver runs; the driver itself otherwise.',
    after: [],
    steps: [
      'Create the StorageClass, or name one that exists in the claims.',
      'Use reclaimPolicy Retain for data that must survive its claim.',
      'Watch the claims become Bound.',
    ],
  },
  {
    id: 'schedule-backups',
    title: 'Schedule backups of every datastore',
    owner: 'data',
    effort: { min: 0.5, likely: 2, max: 6 },
    effortBasis: 'A CronJob or Velero schedule with a bucket and its identity; the first run watched.',
    after: ['provide-storage-class'],
    steps: [
      "Back up each datastore by CronJob, Velero Schedule, VolumeSnapshot or the provider's own backup; name the objects of a backup operator as a source.",
      'Admit the job to the datastore where a NetworkPolicy isolates one of them.',
      'Store copies outside of the cluster.',
      'Alert when the last success is too old.',
    ],
  },
  {
    id: 'drill-restore',
    proves: true,
    title: 'Restore a backup and record it',
    owner: 'data',
    effort: { min: 0.5, likely: 2, max: 6 },
    effortBasis: 'A restore into a scratch database with a count of rows; the size of the data decides.',
    after: ['schedule-backups'],
    steps: [
      'Restore the newest backup into an empty instance.',
      'Compare row counts and start the service on it.',
      'Record date, duration and result, and attest it.',
    ],
  },
  {
    id: 'rehearse-migrations',
    proves: true,
    title: 'Rehearse the database migrations of this release',
    owner: 'data',
    effort: { min: 0.5, likely: 1, max: 3 },
    effortBasis: 'A run on a copy of production-like data, forwards, and back where that is the plan.',
    after: ['pin-images'],
    steps: [
      'Run the migrations of this image digest on a copy.',
      'Check locks, duration, and that the old version still works on the new schema.',
      'Attest it, naming the digest.',
    ],
  },
  {
    id: 'run-load-test',
    proves: true,
    title: 'Run the load test on staging',
    owner: 'developer',
    effort: { min: 0.5, likely: 1.5, max: 4 },
    effortBasis: 'A run is minutes; a second one after the first surprise is usual.',
    // A run proves something only of the images that it ran: without digests nobody can tell whether they are the ones under review.
    after: ['pin-images'],
    steps: [
      'Describe the scenario under spec.loadTest, at a constant rate of arrivals, or name a k6 script; say that staging runs the images under review.',
      'Run seaworthy load against staging. Five minutes at 120 requests a second bear a bound for the usual limits.',
      'Name the record under spec.loadTest.results.',
    ],
  },
];
