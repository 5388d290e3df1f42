import { type AddressRange, splitRange } from '../../kube/address.ts';
import { blocksOf, networksOf } from './blocks.ts';
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

const blocksOn = (network: NetworkModel, endpoint: PodEndpoint, direction: Direction): readonly AddressRange[] => [
  ...selectionOf(network, endpoint)[direction].flatMap(({ policy }) => blocksOf(policy[direction])),
  ...tiersOnDirection(network, endpoint, direction).flatMap(({ policy }) => networksOf(policy[direction])),
];
