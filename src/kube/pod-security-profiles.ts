import type { Path } from '../model/judgement.ts';
import { appArmorAnnotation } from './container.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from './json.ts';
import type { PssViolation } from './pod-security-level.ts';
import { securityContexts } from './security-context.ts';
import type { Workload } from './workload.ts';

const of = (container: string | undefined) => (container === undefined ? {} : { container });

const appArmorTypes: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

/** AppArmor: the runtime's or a local profile, by field or by the annotation that preceded it. */
export function appArmor(workload: Workload): readonly PssViolation[] {
  const fields = securityContexts(workload)
    .filter(
      ({ value }) => isObject(value['appArmorProfile']) && !appArmorTypes.has(textAt(value, 'appArmorProfile', 'type') ?? ''),
    )
    .map(({ owner, path, container }) =>
      violationOfProfile('AppArmor', 'AppArmor', owner, [...path, 'appArmorProfile', 'type'], container),
    );
  const annotations = [...workload.podAnnotations]
    .filter(
      ([key, value]) =>
        key.startsWith(appArmorAnnotation) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'),
    )
    .map(([key]) => {
      const container = key.slice(appArmorAnnotation.length);
      return violationOfProfile(
        'AppArmor',
        'AppArmor',
        `container ${container}`,
        [...workload.templatePath, 'metadata', 'annotations', key],
        container,
      );
    });
  return [...fields, ...annotations];
}

const violationOfProfile = (
  control: string,
  profile: string,
  owner: string,
  path: Path,
  container: string | undefined,
): PssViolation => ({
  control,
  level: 'baseline',
  message: `${owner} sets its ${profile} profile to something else than RuntimeDefault or Localhost`,
  path,
  ...of(container),
});

/** `container_engine_t` since 1.31. */
const seLinuxTypes: ReadonlySet<string> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

/** SELinux: container types only, no user and no role. */
export function seLinux(workload: Workload): readonly PssViolation[] {
  return securityContexts(workload).flatMap(({ value, path, owner, container }) => {
    const options = objectAt(value, 'seLinuxOptions');
    const wrong = ['type', 'user', 'role'].filter((field) => {
      const written = textAt(options, field) ?? '';
      return field === 'type' ? !seLinuxTypes.has(written) : written !== '';
    });
    return wrong.map((field) => ({
      control: 'SELinux',
      level: 'baseline' as const,
      message: `${owner} sets the SELinux ${field}`,
      path: [...path, 'seLinuxOptions', field],
      ...of(container),
    }));
  });
}

/** Restricted forbids an unmasked /proc even in a user namespace (check_procMount_restricted). */
export function procMounts(workload: Workload, level: PssViolation['level']): readonly PssViolation[] {
  return workload.containers
    .filter((container) => (textAt(container.value, 'securityContext', 'procMount') ?? 'Default') !== 'Default')
    .map((container) => ({
      control: '/proc Mount Type',
      level,
      message: `container ${container.name} does not keep the default /proc mask`,
      path: [...container.path, 'securityContext', 'procMount'],
      container: container.name,
    }));
}

const seccompTypes: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

/** Whether a securityContext asks for a seccomp profile that both standards accept; undefined when it names none. */
export function acceptableSeccomp(context: JsonObject): boolean | undefined {
  if (!isObject(context['seccompProfile'])) return undefined;
  return seccompTypes.has(textAt(context, 'seccompProfile', 'type') ?? '');
}

/** Seccomp at baseline: no profile, or an acceptable one. */
export function seccomp(workload: Workload): readonly PssViolation[] {
  return securityContexts(workload)
    .filter(({ value }) => acceptableSeccomp(value) === false)
    .map(({ owner, path, container }) =>
      violationOfProfile('Seccomp', 'seccomp', owner, [...path, 'seccompProfile', 'type'], container),
    );
}

/** Safe sysctls: the first five always, the port reservation since 1.27, TCP keep-alive and FIN since 1.29, TCP buffers since 1.32. */
const safeSysctls: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/** Sysctls that are namespaced and harmless to other Pods. */
export function sysctls({ podSpec, podPath }: Workload): readonly PssViolation[] {
  return listAt(podSpec, 'securityContext', 'sysctls').flatMap((item, index) => {
    const name = textAt(item, 'name');
    if (name === undefined || safeSysctls.has(name)) return [];
    return [
      {
        control: 'Sysctls',
        level: 'baseline' as const,
        message: `the Pod sets the sysctl ${name}`,
        path: [...podPath, 'securityContext', 'sysctls', index, 'name'],
      },
    ];
  });
}
