import { aRecord } from '../../src/evidence/load-tests/testing.ts';
import {
  added,
  type Application,
  application,
  attested,
  declare,
  monitoring,
  onPods,
  patch,
  reviewFile,
  type WorkloadFile,
} from './edit.ts';
import { containerSecurity, digests, image, resources } from './images.ts';

const imageOf = (file: WorkloadFile) => (file === 'backup' ? 'postgres' : file);
const preStop = { preStop: { sleep: { seconds: 10 } } };

/** A report about one image: it looked for vulnerabilities and for secrets. */
const scan = (name: string) => ({
  file: `evidence/staging/${name}.json`,
  content: JSON.stringify({
    SchemaVersion: 2,
    CreatedAt: '2026-03-05T22:10:31Z',
    ArtifactName: image(name),
    ArtifactType: 'container_image',
    Metadata: { RepoDigests: [image(name)] },
    Results: [
      { Target: image(name), Class: 'os-pkgs', Type: 'debian' },
      { Target: '/app/config.json', Class: 'secret' },
    ],
  }),
});

/** Workloads, images and performance. */
export const workloadApplications: readonly Application[] = [
  {
    remedy: 'harden-pods',
    apply: () =>
      onPods(() => ({
        'spec.securityContext': {
          runAsNonRoot: true,
          runAsUser: 10001,
          fsGroup: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        'spec.containers.0.securityContext': containerSecurity,
      })),
  },
  {
    remedy: 'set-resources',
    apply: () =>
      onPods((file) =>
        ['backend', 'frontend', 'postgres'].includes(file) ? undefined : { 'spec.containers.0.resources': resources('256Mi') },
      ),
  },
  {
    remedy: 'run-replicas',
    apply: () =>
      (['alertmanager', 'grafana', 'prometheus', 'frontend'] as const).map((file) =>
        patch(file, `Deployment/${file}`, { 'spec.replicas': 2 }),
      ),
  },
  {
    remedy: 'add-probes',
    apply: () =>
      onPods((file) => {
        if (file === 'backend')
          return {
            'spec.containers.0.readinessProbe.httpGet.path': '/health/ready',
            'spec.containers.0.livenessProbe.httpGet.path': '/health/live',
          };
        if (file === 'frontend') return { 'spec.containers.0.livenessProbe': { tcpSocket: { port: 'http' } } };
        return file === 'backup'
          ? undefined
          : {
              'spec.containers.0.livenessProbe': {
                tcpSocket: { port: file === 'postgres' ? 'postgres' : 'http' },
                failureThreshold: 6,
              },
            };
      }),
  },
  {
    remedy: 'shape-rollouts',
    apply: () =>
      onPods((file) =>
        file === 'backup' ? undefined : { 'spec.containers.0.lifecycle': preStop, 'spec.terminationGracePeriodSeconds': 45 },
      ),
  },
  {
    remedy: 'add-disruption-budgets',
    apply: () => [
      added(
        'budgets',
        ...(['backend', 'frontend', 'grafana', 'prometheus', 'alertmanager'] as const).map((app) => ({
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: app, namespace: app === 'backend' || app === 'frontend' ? application : monitoring },
          spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
        })),
      ),
    ],
  },
  {
    remedy: 'spread-replicas',
    apply: () =>
      onPods((file) =>
        ['backend', 'frontend', 'grafana', 'prometheus', 'alertmanager'].includes(file)
          ? {
              'spec.topologySpreadConstraints': ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
                maxSkew: 1,
                topologyKey,
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: { app: file } },
              })),
            }
          : undefined,
      ),
  },

  { remedy: 'pin-images', apply: () => onPods((file) => ({ 'spec.containers.0.image': image(imageOf(file)) })) },
  {
    remedy: 'scan-images',
    apply: () => [
      ...Object.keys(digests).map(scan),
      { file: reviewFile, change: (text) => `${text.trimEnd()}\n  evidence:\n    imageScans: [evidence/staging/*.json]\n` },
      attested([
        'scan-before-push',
        'The pipeline scans each image before it is pushed and stops on a HIGH or CRITICAL finding.',
      ]),
    ],
  },
  {
    remedy: 'run-load-test',
    apply: () => [
      {
        file: 'evidence/staging-run.json',
        content: JSON.stringify(
          aRecord({
            target: 'https://staging.gravl.app',
            images: ['backend', 'frontend', 'postgres'].map((name) => `sha256:${digests[name] ?? ''}`),
          }),
        ),
      },
      declare({ 'loadTest.results': ['evidence/staging-run.json'] }),
    ],
  },
];
