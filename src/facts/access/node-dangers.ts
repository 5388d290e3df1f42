import { type Danger, node } from './danger.ts';
import { needs } from './need.ts';
import { grantsIn } from './permission.ts';
import type { Held } from './rights.ts';
import { templateKinds, templateNeeds } from './template-kinds.ts';

const makingPods = [needs.createPods, ...templateKinds.filter(({ custom }) => !custom).map((kind) => templateNeeds(kind).create)];

/** E20, E25: ways to the nodes that go around admission. */
export function nodeDangers(held: Held): readonly Danger[] {
  const found: Danger[] = [];
  const rights = held.at(undefined);
  // `get` is enough for exec: the kubelet maps a websocket's GET to it, and no newer check covers this path.
  const proxy = rights.permit(needs.proxyNodes);
  if (proxy)
    found.push({
      edge: 'E20',
      gain: node,
      note: 'run commands in every Pod of a node by the kubelet API (nodes/proxy)',
      grants: proxy.grants,
    });
  const volumes = rights.permit(needs.createVolumes);
  if (!volumes) return found;
  for (const place of [undefined, ...held.places]) {
    const here = held.at(place);
    const claims = here.permit(needs.createClaims);
    const pods = claims && makingPods.map(here.permit).find((permission) => permission !== undefined);
    if (claims && pods)
      return [
        ...found,
        {
          edge: 'E25',
          gain: node,
          note: 'mount any path of a node by a hostPath PersistentVolume',
          grants: grantsIn(volumes, claims, pods),
        },
      ];
  }
  return [
    ...found,
    {
      edge: 'E25',
      gain: node,
      note: 'create hostPath PersistentVolumes',
      grants: volumes.grants,
      assumption: 'it can make a Pod mount one',
    },
  ];
}
