import { describe, expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { kubeObject, workloadObject, type WorkloadParts } from './testing.ts';
import { hasEnded, isWorkloadKind, readWorkload, type Workload } from './workload.ts';

const read = (parts: WorkloadParts = {}): Workload => {
  const workload = readWorkload(workloadObject(parts));
  if (workload === undefined) throw new Error('no workload');
  return workload;
};
const readYaml = (yaml: string) => readWorkload(kubeObject(yaml));

describe('where kinds keep their Pod template', () => {
  test.each<[WorkloadParts['kind'] & string, string]>([
    ['Deployment', 'spec.template.spec'],
    ['StatefulSet', 'spec.template.spec'],
    ['DaemonSet', 'spec.template.spec'],
    ['ReplicaSet', 'spec.template.spec'],
    ['Job', 'spec.template.spec'],
    ['CronJob', 'spec.jobTemplate.spec.template.spec'],
    ['Pod', 'spec'],
  ])('%s: %s', (kind, path) => {
    const workload = read({ kind, labels: { app: 'x' } });
    expect(workload.podPath.join('.')).toBe(path);
    expect(workload.podLabels.get('app')).toBe('x');
    expect(workload.containers[0]?.path.join('.')).toBe(`${path}.containers.0`);
  });

  test.each<[string, string, string]>([
    ['argoproj.io/v1alpha1', 'Rollout', 'spec: { template: { spec: { containers: [{ name: a }] } } }'],
    ['serving.knative.dev/v1', 'Service', 'spec: { template: { spec: { containers: [{ name: a }] } } }'],
    ['apps.openshift.io/v1', 'DeploymentConfig', 'spec: { replicas: 2, template: { spec: { containers: [{ name: a }] } } }'],
    ['keda.sh/v1alpha1', 'ScaledJob', 'spec: { jobTargetRef: { template: { spec: { containers: [{ name: a }] } } } }'],
    ['apps.kruise.io/v1alpha1', 'CloneSet', 'spec: { template: { spec: { containers: [{ name: a }] } } }'],
    [
      'apps.kruise.io/v1alpha1',
      'AdvancedCronJob',
      'spec: { template: { jobTemplate: { spec: { template: { spec: { containers: [{ name: a }] } } } } } }',
    ],
  ])('%s %s', (apiVersion, kind, spec) => {
    expect(
      readYaml(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x, namespace: n }\n${spec}`)?.containers.map(
        (container) => container.name,
      ),
    ).toEqual(['a']);
  });

  test.each([
    'apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: {}',
    'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: x }\nspec: { workloadRef: { kind: Deployment, name: x } }',
  ])('an object without a Pod template is no workload: %s', (yaml) => {
    expect(readYaml(yaml)).toBeUndefined();
  });

  test('a core Service is no workload kind, a Knative Service is', () => {
    expect([
      isWorkloadKind('', 'Service'),
      isWorkloadKind('serving.knative.dev', 'Service'),
      isWorkloadKind('batch', 'Deployment'),
    ]).toEqual([false, true, false]);
  });
});

describe('replicas', () => {
  test.each<[WorkloadParts, number | undefined]>([
    [{ kind: 'Deployment' }, 1],
    [{ kind: 'Deployment', spec: { replicas: null } }, 1],
    [{ kind: 'StatefulSet', spec: { replicas: 0 } }, 0],
    [{ kind: 'ReplicaSet', spec: { replicas: 3 } }, 3],
    [{ kind: 'Pod' }, 1],
    [{ kind: 'DaemonSet' }, undefined],
    [{ kind: 'Job' }, undefined],
    [{ kind: 'CronJob' }, undefined],
    [{ kind: 'Deployment', spec: { replicas: '3' } }, undefined],
  ])('%j -> %s', (parts, replicas) => {
    expect(read(parts).replicas).toBe(replicas);
  });
});

describe('what runs to completion', () => {
  test.each<[WorkloadParts, boolean]>([
    [{ kind: 'Job' }, true],
    [{ kind: 'CronJob' }, true],
    [{ kind: 'Pod', pod: { containers: [], restartPolicy: 'Never' } }, true],
    [{ kind: 'Pod', pod: { containers: [], restartPolicy: 'OnFailure' } }, true],
    [{ kind: 'Pod' }, false],
    [{ kind: 'Deployment' }, false],
  ])('%j: %s', (parts, completes) => {
    expect(read(parts).runsToCompletion).toBe(completes);
  });

  test.each<[string, boolean]>([
    ['Succeeded', true],
    ['Failed', true],
    ['Running', false],
  ])('a Pod in phase %s has ended: %s', (phase, ended) => {
    expect(hasEnded(kubeObject(`apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: {}\nstatus: { phase: ${phase} }`))).toBe(
      ended,
    );
  });
});

describe('identity', () => {
  test.each<[JsonObject, string]>([
    [{}, 'default'],
    [{ serviceAccountName: 'a' }, 'a'],
    [{ serviceAccount: 'old' }, 'old'],
    [{ serviceAccountName: 'new', serviceAccount: 'old' }, 'new'],
    [{ serviceAccountName: '' }, 'default'],
  ])('the ServiceAccount of %j is %s', (pod, name) => {
    expect(read({ pod }).serviceAccount).toBe(name);
  });
  test('token automount is undefined unless the Pod says it', () => {
    expect([read().automount, read({ pod: { automountServiceAccountToken: false } }).automount]).toEqual([undefined, false]);
  });
  test.each<[string, string | undefined]>([
    ['{ apiVersion: apps/v1, kind: ReplicaSet, name: web-5d4, controller: true }', 'ReplicaSet/web-5d4'],
    ['{ apiVersion: apps/v1, kind: ReplicaSet, name: web-5d4 }', undefined],
    ['{ apiVersion: monitoring.coreos.com/v1, kind: Prometheus, name: main, controller: true }', undefined],
  ])('the controller of a Pod owned by %s is %s', (owner, controller) => {
    expect(readYaml(`apiVersion: v1\nkind: Pod\nmetadata: { name: x, ownerReferences: [${owner}] }\nspec: {}`)?.controller).toBe(
      controller,
    );
  });
});

describe('containers', () => {
  test('roles come in the order init and sidecar, regular, ephemeral', () => {
    const workload = read({
      pod: {
        containers: [{ name: 'app' }],
        initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }],
        ephemeralContainers: [{ name: 'debug' }],
      },
    });
    expect(workload.containers.map(({ name, role }) => `${name}:${role}`)).toEqual([
      'setup:init',
      'proxy:sidecar',
      'app:container',
      'debug:ephemeral',
    ]);
    expect(workload.containers[1]?.ref.container).toBe('proxy');
  });

  test.each<[string, JsonObject, JsonObject, string, unknown]>([
    ['runAsUser is inherited', { runAsUser: 10 }, {}, 'runAsUser', 10],
    ['the container wins, zero included', { runAsUser: 10 }, { runAsUser: 0 }, 'runAsUser', 0],
    ['runAsNonRoot false of the container wins', { runAsNonRoot: true }, { runAsNonRoot: false }, 'runAsNonRoot', false],
    ['seccomp is inherited', { seccompProfile: { type: 'RuntimeDefault' } }, {}, 'seccompType', 'RuntimeDefault'],
    [
      'a container profile replaces the Pod profile',
      { seccompProfile: { type: 'RuntimeDefault' } },
      { seccompProfile: { type: 'Unconfined' } },
      'seccompType',
      'Unconfined',
    ],
    ['privileged is not inherited', { privileged: true }, {}, 'privileged', false],
    ['readOnlyRootFilesystem is not inherited', { readOnlyRootFilesystem: true }, {}, 'readOnlyRootFilesystem', false],
    ['allowPrivilegeEscalation is not inherited', { allowPrivilegeEscalation: false }, {}, 'allowPrivilegeEscalation', undefined],
    [
      'a privileged container may escalate whatever it says',
      {},
      { privileged: true, allowPrivilegeEscalation: false },
      'allowPrivilegeEscalation',
      true,
    ],
    [
      'CAP_SYS_ADMIN may escalate whatever it says',
      {},
      { capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false },
      'allowPrivilegeEscalation',
      true,
    ],
    [
      'windowsOptions merge field by field',
      { windowsOptions: { hostProcess: true } },
      { windowsOptions: { runAsUserName: 'x' } },
      'hostProcess',
      true,
    ],
    ['appArmor is inherited', { appArmorProfile: { type: 'Localhost' } }, {}, 'appArmorType', 'Localhost'],
  ])('%s', (_, pod, container, field, expected) => {
    const { security } =
      read({ pod: { securityContext: pod, containers: [{ name: 'a', securityContext: container }] } }).containers[0] ?? {};
    expect(security?.[field as keyof typeof security]).toEqual(expected);
  });

  test('the AppArmor annotation counts where the container has no field', () => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' };
    expect(read({ annotations }).containers[0]?.security.appArmorType).toBe('Unconfined');
    expect(
      read({ annotations, container: { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } } }).containers[0]
        ?.security.appArmorType,
    ).toBe('RuntimeDefault');
  });

  test('ports default to TCP and unknown protocols are no ports', () => {
    const ports = [
      { containerPort: 80, name: 'http' },
      { containerPort: 53, protocol: 'UDP', hostPort: 53 },
      { containerPort: 1, protocol: 'tcp' },
    ];
    expect(read({ container: { ports } }).containers[0]?.ports).toEqual([
      { number: 80, name: 'http', protocol: 'TCP' },
      { number: 53, protocol: 'UDP', hostPort: 53 },
    ]);
  });
});

describe('configuration', () => {
  const env = [
    { name: 'A', value: 'x' },
    { name: 'B' },
    { name: 'C', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: true } } },
    { name: 'D', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
    { name: 'E', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'F', value: 3 },
  ];
  test('variables are literals, references, or empty by default', () => {
    expect(read({ container: { env } }).containers[0]?.env.map(({ name, value, from }) => ({ name, value, from }))).toEqual([
      { name: 'A', value: 'x', from: undefined },
      { name: 'B', value: '', from: undefined },
      { name: 'C', value: undefined, from: { kind: 'Secret', name: 's', key: 'k', optional: true } },
      { name: 'D', value: undefined, from: { kind: 'ConfigMap', name: 'c', key: 'k', optional: false } },
      { name: 'E', value: undefined, from: { kind: 'field', key: 'status.podIP', optional: false } },
      { name: 'F', value: undefined, from: undefined },
    ]);
  });
  test('envFrom of init containers counts', () => {
    const workload = read({
      pod: { containers: [], initContainers: [{ name: 'i', envFrom: [{ prefix: 'P_', secretRef: { name: 's' } }] }] },
    });
    expect(workload.envFrom).toEqual([
      {
        kind: 'Secret',
        name: 's',
        prefix: 'P_',
        optional: false,
        container: 'i',
        path: ['spec', 'template', 'spec', 'initContainers', 0, 'envFrom', 0],
      },
    ]);
  });
  test('projected volumes are flattened and a volume without a type is an emptyDir', () => {
    const volumes = [
      {
        name: 'all',
        projected: {
          sources: [
            { secret: { name: 's', items: [{ key: 'k', path: 'p' }] } },
            { configMap: { name: 'c', optional: true } },
            { serviceAccountToken: { path: 't' } },
          ],
        },
      },
      { name: 'tmp' },
      { name: 'tls', secret: { secretName: 't' } },
      { name: 'data', persistentVolumeClaim: { claimName: 'd' } },
    ];
    expect(
      read({ pod: { containers: [], volumes } }).volumes.map(({ name, type, secret, configMap, claim, keys, optional }) => [
        name,
        type,
        secret ?? configMap ?? claim,
        keys,
        optional,
      ]),
    ).toEqual([
      ['all', 'secret', 's', ['k'], false],
      ['all', 'configMap', 'c', undefined, true],
      ['all', 'serviceAccountToken', undefined, undefined, false],
      ['tmp', 'emptyDir', undefined, undefined, false],
      ['tls', 'secret', 't', undefined, false],
      ['data', 'persistentVolumeClaim', 'd', undefined, false],
    ]);
  });
});
