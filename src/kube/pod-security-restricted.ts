import { booleanAt, isObject, listAt, numberAt, objectAt, textAt, texts, valueAt } from './json.ts';
import { addedCapabilities, baselineCapabilities, hasUserNamespace } from './pod-security-baseline.ts';
import type { PssViolation } from './pod-security-level.ts';
import { acceptableSeccomp, procMounts } from './pod-security-profiles.ts';
import { securityContexts } from './security-context.ts';
import { volumeType } from './volume.ts';
import type { Workload } from './workload.ts';

/** What restricted forbids beyond baseline. Linux-only controls are skipped for Pods that say `os.name: windows` (from 1.25). */
export function restrictedViolations(workload: Workload): readonly PssViolation[] {
  const windows = textAt(workload.podSpec, 'os', 'name') === 'windows';
  const userNamespace = hasUserNamespace(workload);
  return [
    ...volumeTypes(workload),
    ...(userNamespace ? procMounts(workload, 'restricted') : []),
    ...(windows ? [] : privilegeEscalation(workload)),
    ...(userNamespace ? [] : [...nonRoot(workload), ...rootUsers(workload)]),
    ...(windows ? [] : [...missingSeccomp(workload), ...capabilities(workload)]),
  ];
}

/** `image` volumes (OCI artefacts, read-only) are accepted like the core types since they graduated. */
const allowedVolumes: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function volumeTypes({ podSpec, podPath }: Workload): readonly PssViolation[] {
  return listAt(podSpec, 'volumes').flatMap((volume, index) => {
    const type = isObject(volume) ? volumeType(volume) : 'emptyDir';
    // hostPath is a baseline violation already.
    if (allowedVolumes.has(type) || type === 'hostPath') return [];
    return [
      {
        control: 'Volume Types',
        level: 'restricted' as const,
        message: `volume ${textAt(volume, 'name') ?? ''} is of type ${type}`,
        path: [...podPath, 'volumes', index, type],
      },
    ];
  });
}

function privilegeEscalation(workload: Workload): readonly PssViolation[] {
  return workload.containers.flatMap((container) => {
    const written = booleanAt(container.value, 'securityContext', 'allowPrivilegeEscalation');
    if (written === false) return [];
    return [
      {
        control: 'Privilege Escalation',
        level: 'restricted' as const,
        message: `container ${container.name} does not set allowPrivilegeEscalation to false`,
        path: written === undefined ? container.path : [...container.path, 'securityContext', 'allowPrivilegeEscalation'],
        container: container.name,
      },
    ];
  });
}

/** The Pod must not say false at all; each container must say true itself or leave it to a Pod that does. */
function nonRoot(workload: Workload): readonly PssViolation[] {
  const control = 'Running as Non-root';
  const ofPod = booleanAt(workload.podSpec, 'securityContext', 'runAsNonRoot');
  const pod: readonly PssViolation[] =
    ofPod === false
      ? [
          {
            control,
            level: 'restricted',
            message: 'the Pod sets runAsNonRoot to false',
            path: [...workload.podPath, 'securityContext', 'runAsNonRoot'],
          },
        ]
      : [];
  const containers = workload.containers.flatMap((container): readonly PssViolation[] => {
    const own = booleanAt(container.value, 'securityContext', 'runAsNonRoot');
    if (own === true || (own === undefined && ofPod === true)) return [];
    const head = { control, level: 'restricted' as const, container: container.name };
    if (own === false)
      return [
        {
          ...head,
          message: `container ${container.name} sets runAsNonRoot to false`,
          path: [...container.path, 'securityContext', 'runAsNonRoot'],
        },
      ];
    return [{ ...head, message: `container ${container.name} is not bound to run as non-root`, path: container.path }];
  });
  return [...pod, ...containers];
}

function rootUsers(workload: Workload): readonly PssViolation[] {
  return securityContexts(workload)
    .filter(({ value }) => numberAt(value, 'runAsUser') === 0)
    .map(({ owner, path, container }) => ({
      control: 'Running as Non-root user',
      level: 'restricted',
      message: `${owner} sets runAsUser to 0`,
      path: [...path, 'runAsUser'],
      ...(container === undefined ? {} : { container }),
    }));
}

/** A forbidden profile is a baseline violation already; here counts a container for which nobody names a profile. */
function missingSeccomp(workload: Workload): readonly PssViolation[] {
  if (acceptableSeccomp(objectAt(workload.podSpec, 'securityContext')) !== undefined) return [];
  return workload.containers
    .filter((container) => acceptableSeccomp(objectAt(container.value, 'securityContext')) === undefined)
    .map((container) => ({
      control: 'Seccomp',
      level: 'restricted',
      message: `container ${container.name} has no seccomp profile`,
      path: container.path,
      container: container.name,
    }));
}

function capabilities(workload: Workload): readonly PssViolation[] {
  const undropped = workload.containers
    .filter((container) => !texts(valueAt(container.value, 'securityContext', 'capabilities', 'drop')).includes('ALL'))
    .map(
      (container): PssViolation => ({
        control: 'Capabilities',
        level: 'restricted',
        message: `container ${container.name} does not drop ALL capabilities`,
        path: container.path,
        container: container.name,
      }),
    );
  const added = addedCapabilities(
    workload,
    (capability) => capability !== 'NET_BIND_SERVICE' && baselineCapabilities.has(capability),
    'restricted',
  );
  return [...undropped, ...added];
}
