import type { NetworkModel } from '../../facts/network/network.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { isolation } from '../../facts/network/reach.ts';
import type { Direction } from '../../facts/network/selection.ts';
import { row } from '../columns.ts';
import { endsText } from './words.ts';

const meaning: Readonly<Record<Direction, string>> = {
  ingress: 'whoever may send may connect to them',
  egress: 'they may connect to whatever lets them in',
};
/** Cluster-wide policies act on what is not isolated too. */
const meaningWithTiers = 'what cluster-wide policies leave open is open';

/** What no policy selects, by direction; and what a policy selects only perhaps. */
export function isolationLines(network: NetworkModel, shown: (id: string) => boolean, width: number): readonly string[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const states = presentedOf(network)
      .endpoints.filter(({ id }) => shown(id))
      .map((endpoint) => ({ id: endpoint.id, ...isolation(network, endpoint, direction) }));
    const open = states.filter(({ isolated, perhaps }) => !isolated && perhaps.length === 0).map(({ id }) => id);
    const maybe = states.filter(({ isolated, perhaps }) => !isolated && perhaps.length > 0).map(({ id }) => id);
    const text =
      open.length === 0
        ? 'nothing'
        : `${endsText(network, open)}: ${network.tierPolicies.length > 0 ? meaningWithTiers : meaning[direction]}`;
    return [
      ...row(2, [[`for ${direction}`, 14]], text, width),
      ...(maybe.length === 0 ? [] : row(2, [['', 14]], `perhaps ${endsText(network, maybe)}`, width)),
    ];
  });
}
