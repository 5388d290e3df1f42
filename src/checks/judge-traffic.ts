import type { AssumptionId } from '../facts/network/assumptions.ts';
import type { NetworkModel } from '../facts/network/network.ts';
import type { Endpoint } from '../facts/network/peers.ts';
import type { Step } from '../facts/network/reach.ts';
import { standingOf } from '../facts/network/standing.ts';
import type { Because, Judgement } from './define-check.ts';

/** A pass, as assumed where it rests on what somebody declared, or on a convention, in the place of objects. */
export function passOn(
  judgement: Judgement,
  network: NetworkModel,
  ends: readonly Endpoint[],
  assumptions: readonly AssumptionId[],
): Judgement {
  const { assumed, until } = standingOf(network, ends, assumptions);
  return assumed ? { ...judgement, reason: 'assumed', ...(until === undefined ? {} : { until }) } : judgement;
}

/** An unknown that more manifests would not settle. */
export const undecidable = (judgement: Judgement): Judgement => ({ ...judgement, reason: 'undecidable' });

const longestProof = 6;

/** The steps of a proof, each once, and no more than a reader follows. */
export function proofOf(steps: readonly Step[]): readonly Because[] {
  return [...new Map(steps.map((step) => [step.note, step])).values()].slice(0, longestProof);
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listing(names: readonly string[], most = 3): string {
  const unique = [...new Set(names)];
  if (unique.length <= most)
    return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}`;
  return `${unique.slice(0, most).join(', ')} and ${unique.length - most} more`;
}

/** `1 workload`, `2 workloads`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
