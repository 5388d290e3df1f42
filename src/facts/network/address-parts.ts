import { type AddressRange, parseCidr, splitRange } from '../../kube/address.ts';
import { selectionOf } from './direction.ts';
import type { NetworkModel } from './network.ts';
import { type Endpoint, type ExternalEndpoint, externalEndpoint, isPod, type PodEndpoint } from './peers.ts';
import type { Direction } from './selection.ts';
import { tiersOnDirection } from './tiers.ts';

/**
 * Parts of a range of addresses that no policy on the other end tells apart, in order.
 * @param direction of the policies: egress where the range is the destination.
 */
export function addressParts(
  network: NetworkModel,
  range: AddressRange,
  other: Endpoint,
  direction: Direction,
): readonly ExternalEndpoint[] {
  return splitRange(range, isPod(other) ? blocksOn(network, other, direction) : []).map(externalEndpoint);
}

function blocksOn(network: NetworkModel, endpoint: PodEndpoint, direction: Direction): readonly AddressRange[] {
  const written = selectionOf(network, endpoint)[direction].flatMap(({ policy }) =>
    policy[direction].flatMap(({ peers }) =>
      (peers ?? []).flatMap(({ ipBlock }) =>
        ipBlock === undefined ? [] : [ipBlock.cidr, ...ipBlock.except].flatMap((text) => parseCidr(text) ?? []),
      ),
    ),
  );
  const networks = tiersOnDirection(network, endpoint, direction).flatMap(({ policy }) =>
    policy[direction].flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === 'networks' ? peer.ranges : []))),
  );
  return [...written, ...networks];
}
