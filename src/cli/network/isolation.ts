import type { NetworkModel } from '../../facts/network/network.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { isolation } from '../../facts/network/reach.ts';
import type { Direction } from '../../facts/network/selection.ts';
import { tierName, tiersOnDirection } from '../../facts/network/tiers.ts';
import { row } from '../columns.ts';
import { endsText } from './words.ts';

const meaning: Readonly<Record<Direction, string>> = {
  ingress: 'whoever may send may connect to them',
  egress: 'they may connect to whatever lets them in',
};
/** What no policy selects, by direction; what a policy selects only perhaps; and what cluster-wide policies decide. */
export function isolationLines(network: NetworkModel, shown: (id: string) => boolean, width: number): readonly string[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const states = presentedOf(network)
      .endpoints.filter(({ id }) => shown(id))
      .map((endpoint) => ({
        id: endpoint.id,
        ...isolation(network, endpoint, direction),
        tiers: tiersOnDirection(network, endpoint, direction),
      }));
    const ids = (keep: (state: (typeof states)[number]) => boolean) => states.filter(keep).map(({ id }) => id);
    const open = ids(({ isolated, perhaps, tiers }) => !isolated && perhaps.length === 0 && tiers.length === 0);
    const maybe = ids(({ isolated, perhaps }) => !isolated && perhaps.length > 0);
    const tiered = states.filter(({ isolated, perhaps, tiers }) => !isolated && perhaps.length === 0 && tiers.length > 0);
    const names = [...new Set(tiered.flatMap(({ tiers }) => tiers.map(({ policy }) => tierName(policy))))];
    const left = tiered.map(({ id }) => id);
    return [
      ...row(
        2,
        [[`for ${direction}`, 14]],
        open.length === 0 ? 'nothing' : `${endsText(network, open)}: ${meaning[direction]}`,
        width,
      ),
      ...(left.length === 0
        ? []
        : row(
            2,
            [['', 14]],
            `${endsText(network, left)}, which cluster-wide policies act on: ${names.slice(0, 3).join(', ')}`,
            width,
          )),
      ...(maybe.length === 0 ? [] : row(2, [['', 14]], `perhaps ${endsText(network, maybe)}`, width)),
    ];
  });
}
