import type { Path } from '../model/judgement.ts';
import { booleanAt, isObject, listAt, numberAt, textAt, texts, valueAt } from './json.ts';
import type { PssViolation } from './pod-security-level.ts';
import { appArmor, procMounts, seccomp, seLinux, sysctls } from './pod-security-profiles.ts';
import { securityContexts } from './security-context.ts';
import type { Workload } from './workload.ts';

/**
 * `hostUsers: false` puts root of the container into a user namespace. From version 1.35 of the controls such Pods may set procMount
 * at baseline, and runAsNonRoot and runAsUser at restricted; added capabilities stay forbidden (KEP-127, check_procMount_baseline).
 */
export const hasUserNamespace = (workload: Workload): boolean => booleanAt(workload.podSpec, 'hostUsers') === false;

/** What baseline forbids. */
export function baselineViolations(workload: Workload): readonly PssViolation[] {
  return [
    ...hostProcess(workload),
    ...hostNamespaces(workload),
    ...privilegedContainers(workload),
    ...capabilities(workload),
    ...hostPathVolumes(workload),
    ...hostPorts(workload),
    ...probeHosts(workload),
    ...appArmor(workload),
    ...seLinux(workload),
    ...(hasUserNamespace(workload) ? [] : procMounts(workload, 'baseline')),
    ...seccomp(workload),
    ...sysctls(workload),
  ];
}

const of = (container: string | undefined) => (container === undefined ? {} : { container });

function hostProcess(workload: Workload): readonly PssViolation[] {
  return securityContexts(workload)
    .filter(({ value }) => booleanAt(value, 'windowsOptions', 'hostProcess') === true)
    .map(({ owner, path, container }) => ({
      control: 'HostProcess',
      level: 'baseline',
      message: `${owner} runs as a Windows HostProcess`,
      path: [...path, 'windowsOptions', 'hostProcess'],
      ...of(container),
    }));
}

function hostNamespaces({ podSpec, podPath }: Workload): readonly PssViolation[] {
  return ['hostNetwork', 'hostPID', 'hostIPC']
    .filter((field) => booleanAt(podSpec, field) === true)
    .map((field) => ({
      control: 'Host Namespaces',
      level: 'baseline',
      message: `the Pod shares a namespace of its node (${field})`,
      path: [...podPath, field],
    }));
}

function privilegedContainers(workload: Workload): readonly PssViolation[] {
  return workload.containers
    .filter((container) => booleanAt(container.value, 'securityContext', 'privileged') === true)
    .map((container) => ({
      control: 'Privileged Containers',
      level: 'baseline',
      message: `container ${container.name} is privileged`,
      path: [...container.path, 'securityContext', 'privileged'],
      container: container.name,
    }));
}

/** Capabilities that baseline lets a container add: the default set of the container runtimes. */
export const baselineCapabilities: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

function capabilities(workload: Workload): readonly PssViolation[] {
  return addedCapabilities(workload, (capability) => !baselineCapabilities.has(capability), 'baseline');
}

/** One violation for each container that adds a forbidden capability. */
export function addedCapabilities(
  workload: Workload,
  forbidden: (capability: string) => boolean,
  level: PssViolation['level'],
): readonly PssViolation[] {
  return workload.containers.flatMap((container) => {
    const added = texts(valueAt(container.value, 'securityContext', 'capabilities', 'add')).filter(forbidden);
    if (added.length === 0) return [];
    return [
      {
        control: 'Capabilities',
        level,
        message: `container ${container.name} adds ${added.join(', ')}`,
        path: [...container.path, 'securityContext', 'capabilities', 'add'],
        container: container.name,
      },
    ];
  });
}

function hostPathVolumes(workload: Workload): readonly PssViolation[] {
  return listAt(workload.podSpec, 'volumes').flatMap((volume, index) =>
    isObject(valueAt(volume, 'hostPath'))
      ? [
          {
            control: 'HostPath Volumes',
            level: 'baseline' as const,
            message: `volume ${textAt(volume, 'name') ?? ''} mounts a path of the node`,
            path: [...workload.podPath, 'volumes', index, 'hostPath'],
          },
        ]
      : [],
  );
}

function hostPorts(workload: Workload): readonly PssViolation[] {
  return workload.containers.flatMap((container) =>
    listAt(container.value, 'ports').flatMap((port, index) => {
      const hostPort = numberAt(port, 'hostPort') ?? 0;
      if (hostPort === 0) return [];
      const path = [...container.path, 'ports', index, 'hostPort'];
      return [
        {
          control: 'Host Ports',
          level: 'baseline' as const,
          message: `container ${container.name} binds port ${hostPort} of the node`,
          path,
          container: container.name,
        },
      ];
    }),
  );
}

const handlers: readonly Path[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
].flatMap((handler) => [
  [...handler, 'httpGet', 'host'],
  [...handler, 'tcpSocket', 'host'],
]);

/** Host Probes / Lifecycle Hooks, from 1.34: with a host, the kubelet can be made to call anything that the node can reach. */
function probeHosts(workload: Workload): readonly PssViolation[] {
  return workload.containers.flatMap((container) =>
    handlers
      .filter((handler) => (textAt(container.value, ...handler) ?? '') !== '')
      .map((handler) => ({
        control: 'Host Probes / Lifecycle Hooks',
        level: 'baseline',
        message: `container ${container.name} sets a host in ${handler.slice(0, -2).join('.')}`,
        path: [...container.path, ...handler],
        container: container.name,
      })),
  );
}
