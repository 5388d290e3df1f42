import { describe, expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { podSecurityLevel, podSecurityViolations } from './pod-security.ts';
import { workloadObject, type WorkloadParts } from './testing.ts';
import { readWorkload } from './workload.ts';

const hardened: JsonObject = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

const workload = (parts: WorkloadParts) => {
  const read = readWorkload(workloadObject(parts));
  if (read === undefined) throw new Error('no workload');
  return read;
};

/** A Pod that meets restricted, with a change to it. */
const pod = (
  change: {
    pod?: JsonObject;
    container?: JsonObject;
    security?: JsonObject;
    podSecurity?: JsonObject;
    annotations?: Record<string, string>;
  } = {},
) =>
  workload({
    ...(change.annotations ? { annotations: change.annotations } : {}),
    pod: {
      ...(change.podSecurity ? { securityContext: change.podSecurity } : {}),
      containers: [{ name: 'a', image: 'i', securityContext: { ...hardened, ...change.security }, ...change.container }],
      ...change.pod,
    },
  });

const found = (subject: ReturnType<typeof workload>) =>
  podSecurityViolations(subject).map(({ control, level, path }) => `${level}: ${control} @ ${path.slice(3).join('.')}`);

test('a hardened Pod meets restricted', () => {
  expect(found(pod())).toEqual([]);
  expect(podSecurityLevel(pod())).toBe('restricted');
});

test('a minimal Pod meets baseline and says what restricted lacks', () => {
  const minimal = workload({ name: 'a' });
  expect(podSecurityLevel(minimal)).toBe('baseline');
  expect(podSecurityViolations(minimal).map(({ control }) => control)).toEqual([
    'Privilege Escalation',
    'Running as Non-root',
    'Seccomp',
    'Capabilities',
  ]);
});

describe('baseline', () => {
  test.each<[string, Parameters<typeof pod>[0], string]>([
    [
      'HostProcess on the container',
      { security: { windowsOptions: { hostProcess: true } } },
      'HostProcess @ containers.0.securityContext.windowsOptions.hostProcess',
    ],
    [
      'HostProcess on the Pod',
      { podSecurity: { windowsOptions: { hostProcess: true } } },
      'HostProcess @ securityContext.windowsOptions.hostProcess',
    ],
    ['hostNetwork', { pod: { hostNetwork: true } }, 'Host Namespaces @ hostNetwork'],
    ['hostPID', { pod: { hostPID: true } }, 'Host Namespaces @ hostPID'],
    ['hostIPC', { pod: { hostIPC: true } }, 'Host Namespaces @ hostIPC'],
    [
      'an added NET_ADMIN',
      { security: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } },
      'Capabilities @ containers.0.securityContext.capabilities.add',
    ],
    [
      'an added NET_RAW, which the old default set had',
      { security: { capabilities: { drop: ['ALL'], add: ['NET_RAW'] } } },
      'Capabilities @ containers.0.securityContext.capabilities.add',
    ],
    [
      'the CAP_ prefix is not known',
      { security: { capabilities: { drop: ['ALL'], add: ['CAP_CHOWN'] } } },
      'Capabilities @ containers.0.securityContext.capabilities.add',
    ],
    ['hostPath', { pod: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } }, 'HostPath Volumes @ volumes.0.hostPath'],
    ['hostPort', { container: { ports: [{ containerPort: 1, hostPort: 1 }] } }, 'Host Ports @ containers.0.ports.0.hostPort'],
    [
      'a probe host',
      { container: { livenessProbe: { httpGet: { host: '169.254.169.254', port: 80 } } } },
      'Host Probes / Lifecycle Hooks @ containers.0.livenessProbe.httpGet.host',
    ],
    [
      'a TCP probe host',
      { container: { startupProbe: { tcpSocket: { host: 'db', port: 80 } } } },
      'Host Probes / Lifecycle Hooks @ containers.0.startupProbe.tcpSocket.host',
    ],
    [
      'a lifecycle host',
      { container: { lifecycle: { preStop: { httpGet: { host: 'x', port: 80 } } } } },
      'Host Probes / Lifecycle Hooks @ containers.0.lifecycle.preStop.httpGet.host',
    ],
    [
      'AppArmor unconfined',
      { security: { appArmorProfile: { type: 'Unconfined' } } },
      'AppArmor @ containers.0.securityContext.appArmorProfile.type',
    ],
    ['SELinux type', { podSecurity: { seLinuxOptions: { type: 'spc_t' } } }, 'SELinux @ securityContext.seLinuxOptions.type'],
    [
      'SELinux user',
      { security: { seLinuxOptions: { user: 'u' } } },
      'SELinux @ containers.0.securityContext.seLinuxOptions.user',
    ],
    [
      'SELinux role',
      { security: { seLinuxOptions: { role: 'r' } } },
      'SELinux @ containers.0.securityContext.seLinuxOptions.role',
    ],
    ['an unmasked /proc', { security: { procMount: 'Unmasked' } }, '/proc Mount Type @ containers.0.securityContext.procMount'],
    [
      'seccomp unconfined',
      { security: { seccompProfile: { type: 'Unconfined' } } },
      'Seccomp @ containers.0.securityContext.seccompProfile.type',
    ],
    [
      'seccomp unconfined on the Pod, though no container inherits it',
      { podSecurity: { seccompProfile: { type: 'Unconfined' } } },
      'Seccomp @ securityContext.seccompProfile.type',
    ],
    [
      'an unsafe sysctl',
      { podSecurity: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
      'Sysctls @ securityContext.sysctls.0.name',
    ],
  ])('forbids %s', (_, change, expected) => {
    expect(found(pod(change))).toEqual([`baseline: ${expected}`]);
    expect(podSecurityLevel(pod(change))).toBe('privileged');
  });

  test('forbids privileged', () => {
    expect(found(pod({ security: { privileged: true } }))).toEqual([
      'baseline: Privileged Containers @ containers.0.securityContext.privileged',
    ]);
  });

  test('forbids an unconfined AppArmor annotation', () => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' };
    expect(podSecurityViolations(pod({ annotations })).map(({ path }) => path.join('.'))).toEqual([
      'spec.template.metadata.annotations.container.apparmor.security.beta.kubernetes.io/a',
    ]);
  });

  test.each<[string, Parameters<typeof pod>[0]]>([
    ['SELinux container types', { podSecurity: { seLinuxOptions: { type: 'container_engine_t', level: 's0' } } }],
    ['a safe sysctl', { podSecurity: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } }],
    ['hostPort 0', { container: { ports: [{ containerPort: 1, hostPort: 0 }] } }],
    ['an empty probe host', { container: { livenessProbe: { httpGet: { host: '', port: 80 } } } }],
    ['a local AppArmor annotation', { annotations: { 'container.apparmor.security.beta.kubernetes.io/a': 'localhost/x' } }],
    ['a local seccomp profile', { security: { seccompProfile: { type: 'Localhost', localhostProfile: 'x' } } }],
    ['hostNetwork false', { pod: { hostNetwork: false } }],
    ['the default /proc mask', { security: { procMount: 'Default' } }],
  ])('accepts %s', (_, change) => {
    expect(found(pod(change))).toEqual([]);
  });

  test.each(['initContainers', 'ephemeralContainers'])('%s count', (field) => {
    const change = { pod: { [field]: [{ name: 'x', securityContext: { ...hardened, privileged: true } }] } };
    expect(podSecurityViolations(pod(change)).map(({ container }) => container)).toEqual(['x']);
  });
});

describe('restricted', () => {
  test.each<[string, Parameters<typeof pod>[0], string]>([
    ['an nfs volume', { pod: { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] } }, 'Volume Types @ volumes.0.nfs'],
    ['privilege escalation left open', { security: { allowPrivilegeEscalation: null } }, 'Privilege Escalation @ containers.0'],
    [
      'privilege escalation allowed',
      { security: { allowPrivilegeEscalation: true } },
      'Privilege Escalation @ containers.0.securityContext.allowPrivilegeEscalation',
    ],
    ['runAsNonRoot nowhere', { security: { runAsNonRoot: null } }, 'Running as Non-root @ containers.0'],
    [
      'runAsNonRoot false on the container',
      { podSecurity: { runAsNonRoot: true }, security: { runAsNonRoot: false } },
      'Running as Non-root @ containers.0.securityContext.runAsNonRoot',
    ],
    [
      'runAsNonRoot false on the Pod, even where containers say true',
      { podSecurity: { runAsNonRoot: false } },
      'Running as Non-root @ securityContext.runAsNonRoot',
    ],
    ['runAsUser 0', { security: { runAsUser: 0 } }, 'Running as Non-root user @ containers.0.securityContext.runAsUser'],
    ['runAsUser 0 on the Pod', { podSecurity: { runAsUser: 0 } }, 'Running as Non-root user @ securityContext.runAsUser'],
    ['no seccomp profile', { security: { seccompProfile: null } }, 'Seccomp @ containers.0'],
    ['capabilities not dropped', { security: { capabilities: {} } }, 'Capabilities @ containers.0'],
    ['only some dropped', { security: { capabilities: { drop: ['NET_RAW'] } } }, 'Capabilities @ containers.0'],
    ['drop in lower case', { security: { capabilities: { drop: ['all'] } } }, 'Capabilities @ containers.0'],
    [
      'a default capability added',
      { security: { capabilities: { drop: ['ALL'], add: ['CHOWN'] } } },
      'Capabilities @ containers.0.securityContext.capabilities.add',
    ],
  ])('forbids %s', (_, change, expected) => {
    expect(found(pod(change))).toEqual([`restricted: ${expected}`]);
    expect(podSecurityLevel(pod(change))).toBe('baseline');
  });

  const core = [
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ];
  test.each<[string, Parameters<typeof pod>[0]]>([
    ['NET_BIND_SERVICE', { security: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } } }],
    ['runAsNonRoot of the Pod', { podSecurity: { runAsNonRoot: true }, security: { runAsNonRoot: null } }],
    ['seccomp of the Pod', { podSecurity: { seccompProfile: { type: 'RuntimeDefault' } }, security: { seccompProfile: null } }],
    ['core volume types', { pod: { volumes: core.map((type) => ({ name: type, [type]: {} })) } }],
    ['a volume without a type, which is an emptyDir', { pod: { volumes: [{ name: 'tmp' }] } }],
  ])('accepts %s', (_, change) => {
    expect(found(pod(change))).toEqual([]);
  });

  test.each(['initContainers', 'ephemeralContainers'])('%s must be hardened too', (field) => {
    expect(podSecurityViolations(pod({ pod: { [field]: [{ name: 'x' }] } })).map(({ container }) => container)).toEqual([
      'x',
      'x',
      'x',
      'x',
    ]);
  });
});

describe('Windows Pods', () => {
  const windows = { os: { name: 'windows' } };
  test('are exempt from the controls that exist on Linux only', () => {
    expect(
      found(pod({ pod: windows, security: { allowPrivilegeEscalation: null, seccompProfile: null, capabilities: null } })),
    ).toEqual([]);
  });
  test('must still run as non-root', () => {
    expect(found(pod({ pod: windows, security: { runAsNonRoot: null } }))).toEqual([
      'restricted: Running as Non-root @ containers.0',
    ]);
  });
  test('os linux is no exemption', () => {
    expect(found(pod({ pod: { os: { name: 'linux' } }, security: { allowPrivilegeEscalation: null } }))).toHaveLength(1);
  });
});

describe('user namespaces (hostUsers: false)', () => {
  const users = { hostUsers: false };
  test.each<[string, Parameters<typeof pod>[0], readonly string[]]>([
    ['runAsNonRoot is not asked for', { pod: users, security: { runAsNonRoot: null } }, []],
    ['runAsUser 0 is accepted', { pod: users, security: { runAsUser: 0 } }, []],
    [
      'an unmasked /proc meets baseline but not restricted',
      { pod: users, security: { procMount: 'Unmasked' } },
      ['restricted: /proc Mount Type @ containers.0.securityContext.procMount'],
    ],
    [
      'added capabilities stay forbidden',
      { pod: users, security: { capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } },
      ['baseline: Capabilities @ containers.0.securityContext.capabilities.add'],
    ],
    [
      'hostUsers true relaxes nothing',
      { pod: { hostUsers: true }, security: { runAsUser: 0 } },
      ['restricted: Running as Non-root user @ containers.0.securityContext.runAsUser'],
    ],
  ])('%s', (_, change, expected) => {
    expect(found(pod(change))).toEqual(expected);
  });
});
