import { type AddressRange, parseCidr } from '../../kube/address.ts';
import type { TierRule } from '../../kube/admin-network-policy.ts';
import type { PolicyRule } from '../../kube/network-policy.ts';

/** Every block and exception that these rules name. */
export const blocksOf = (rules: readonly PolicyRule[]): readonly AddressRange[] =>
  rules.flatMap(({ peers }) =>
    (peers ?? []).flatMap(({ ipBlock }) =>
      ipBlock === undefined ? [] : [ipBlock.cidr, ...ipBlock.except].flatMap((text) => parseCidr(text) ?? []),
    ),
  );

/** Every network that these rules of cluster-wide policies name. */
export const networksOf = (rules: readonly TierRule[]): readonly AddressRange[] =>
  rules.flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === 'networks' ? peer.ranges : [])));
