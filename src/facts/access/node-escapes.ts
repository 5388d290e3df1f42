import { booleanAt, textAt } from '../../kube/json.ts';
import type { Workload } from '../../kube/workload.ts';

/** Capabilities that lead from a container to its node (kernel modules, raw devices, other processes, any file, mounts). */
const escaping = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'BPF']);

/** Paths of a node from which it is taken: its root, its configuration, its processes and devices, the sockets of the runtime, the kubelet's files. */
const sensitive = [
  '/etc',
  '/root',
  '/proc',
  '/dev',
  '/run',
  '/var/run',
  '/var/lib/kubelet',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/home',
];

/** E52: what of a workload makes code in its Pods root on their node; undefined for most. */
export function nodeEscape(workload: Workload): string | undefined {
  for (const { security } of workload.containers) {
    if (security.privileged || security.hostProcess) return 'runs a privileged container';
    const added = security.capabilities.add
      .map((name) => name.toUpperCase().replace(/^CAP_/, ''))
      .find((name) => escaping.has(name));
    if (added !== undefined) return `adds the capability ${added}`;
    if (security.capabilities.add.includes('SYS_PTRACE') && booleanAt(workload.podSpec, 'hostPID') === true)
      return 'may trace the processes of its node (SYS_PTRACE, hostPID)';
  }
  const mounted = workload.volumes.filter(({ type }) => type === 'hostPath').map(({ source }) => textAt(source, 'path') ?? '');
  const path = mounted.find((text) => isSensitive(text.replace(/\/+$/, '')));
  return path === undefined ? undefined : `mounts ${path} of its node`;
}

const isSensitive = (path: string): boolean =>
  path === '' || path === '/var' || path === '/var/lib' || sensitive.some((root) => path === root || path.startsWith(`${root}/`));
