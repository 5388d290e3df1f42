import type { Workload } from '../../kube/workload.ts';
import { clusterAdmin, type Danger, node } from './danger.ts';
import { type Need, needs } from './need.ts';
import { grantsIn, type Permission, reaches } from './permission.ts';
import type { Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';
import { templateKinds, templateNeeds } from './template-kinds.ts';

/** E10 to E14: code in Pods. New Pods may use every ServiceAccount and mount every Secret; running ones have what they have. */
export function podDangers(rights: Rights, place: string, around: Surroundings, owner: boolean): readonly Danger[] {
  const found: Danger[] = [];
  const maker = podMaker(rights, place, around.workloadsIn(place));
  if (maker) {
    if (!owner) found.push({ ...maker, gain: { kind: 'namespace', namespace: place } });
    found.push(...nodeDanger(maker, rights, place, around));
  }
  if (owner) return found;
  const added = addedContainers(rights, place);
  // A container that is added to a running Pod may be privileged as well, and the same guards refuse it.
  if (added && (maker === undefined || maker.assumption !== undefined)) found.push(...nodeDanger(added, rights, place, around));
  return [...found, ...runningPods(rights, place, around), ...controlPlaneDangers(rights, place)];
}

function addedContainers(rights: Rights, place: string): Maker | undefined {
  const change = rights.permit(needs.changeEphemeral);
  if (change === undefined) return undefined;
  const { names, grants } = change;
  const note = `add containers to running Pods of ${place}`;
  return names === 'all' ? { edge: 'E14', note, grants } : { edge: 'E14', note, grants, assumption: namedPods(names, place) };
}

const namedPods = (names: readonly string[], place: string): string =>
  `a Pod ${names.join(' or ')} runs in ${place} and holds more`;

function runningPods(rights: Rights, place: string, around: Surroundings): readonly Danger[] {
  const found: Danger[] = [];
  const add = (edge: string, note: string, permission: Permission | undefined, assumption?: string) => {
    if (!permission) return;
    const named = permission.names === 'all' ? undefined : namedPods(permission.names, place);
    const open = assumption ?? named;
    found.push({
      edge,
      gain: { kind: 'pods', namespace: place },
      note,
      grants: permission.grants,
      ...(open === undefined ? {} : { assumption: open }),
    });
  };
  add('E12', `change the image of running Pods in ${place}`, rights.permit(needs.changePods));
  for (const [resource, create, get] of shells) {
    const note = `run commands in Pods of ${place} (${resource})`;
    const created = rights.permit(create);
    if (created) add('E13', note, created);
    else if (around.websocketByGet !== false)
      add(
        'E13',
        note,
        rights.permit(get),
        around.websocketByGet === true
          ? undefined
          : 'the cluster is older than Kubernetes 1.35, where get alone opens a websocket',
      );
  }
  add('E14', `add containers to running Pods of ${place}`, rights.permit(needs.changeEphemeral));
  return found;
}

const shells: readonly (readonly [string, Need, Need])[] = [
  ['pods/exec', needs.createExec, needs.getExec],
  ['pods/attach', needs.createAttach, needs.getAttach],
];

/** E50: ways to the ports of etcd, the scheduler and their like; a shell in them is E13. */
function controlPlaneDangers(rights: Rights, place: string): readonly Danger[] {
  if (place !== 'kube-system') return [];
  const used = [needs.createPortForward, needs.proxyPods, needs.proxyServices].map(rights.permit);
  const grants = grantsIn(...used);
  return grants.length === 0
    ? []
    : [
        {
          edge: 'E50',
          gain: clusterAdmin,
          note: 'reach the ports of the control plane in kube-system past every network policy',
          grants,
          assumption: 'a Pod or Service of kube-system that leads to the cluster answers without credentials',
        },
      ];
}

type Maker = Pick<Danger, 'edge' | 'note' | 'grants' | 'assumption'>;

/** The surest way by which the subject gets a Pod of its own making. */
function podMaker(rights: Rights, place: string, running: readonly Workload[]): Maker | undefined {
  const pods = rights.permit(needs.createPods);
  if (pods) return { edge: 'E10', note: `create Pods in ${place}`, grants: pods.grants };
  let unsure: Maker | undefined;
  for (const row of templateKinds) {
    const { group, plural, kind, mutable, custom } = row;
    const { create: creating, change: changing } = templateNeeds(row);
    const create = rights.permit(creating);
    const change = mutable ? rights.permit(changing) : undefined;
    const used = create ?? change;
    if (!used) continue;
    const existing = running.find(
      (workload) => workload.object.group === group && workload.ref.kind === kind && reaches(change, workload.ref.name),
    );
    const note = create
      ? `create ${plural} in ${place}, and so Pods`
      : existing
        ? `change ${kind} ${place}/${existing.ref.name}, and so its Pods`
        : `change ${plural} in ${place}, and so their Pods`;
    if (custom)
      unsure ??= { edge: 'E11', note, grants: used.grants, assumption: `the controller of ${kind} runs in the cluster` };
    else if (create || existing) return { edge: 'E11', note, grants: used.grants };
    else unsure ??= { edge: 'E11', note, grants: used.grants, assumption: `there is a ${kind} in ${place} that it may change` };
  }
  return unsure;
}

/** A Pod of one's own making takes the node where nothing refuses hostPath and privileged: Pod Security Admission, or E33 over it. */
function nodeDanger(maker: Maker, rights: Rights, place: string, around: Surroundings): readonly Danger[] {
  const security = around.podSecurity(place);
  const relabel = rights.permit(needs.changeNamespaces);
  if (security.status === 'open')
    return [
      {
        ...maker,
        gain: node,
        note: `${maker.note}; ${place} admits privileged ones`,
        at: { object: security.object, path: ['metadata'] },
      },
    ];
  if (reaches(relabel, place))
    return [
      {
        ...maker,
        edge: 'E33',
        gain: node,
        note: `${maker.note}, once it has lifted the Pod Security level of ${place} by changing its Namespace`,
        grants: grantsIn({ names: 'all', grants: maker.grants }, relabel),
      },
    ];
  return security.status === 'closed' ? [] : [{ ...maker, gain: node, assumption: maker.assumption ?? security.why }];
}
