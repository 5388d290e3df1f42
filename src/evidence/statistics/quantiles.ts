import { betaQuantile } from './beta.ts';

/**
 * One-sided quantile of Student's t: the value that a variable with `degrees` degrees of freedom stays below with probability p, for
 * 0.5 <= p < 1. P(T > t) = I_x(degrees / 2, 1 / 2) / 2 with x = degrees / (degrees + t^2).
 */
export function studentQuantile(p: number, degrees: number): number {
  const x = betaQuantile(2 * (1 - p), degrees / 2, 0.5);
  return Math.sqrt((degrees * (1 - x)) / x);
}

/** Upper bound of a share of which x of n were seen, if each were independent of the others (Clopper and Pearson 1934). 1 where n is 0. */
export const clopperPearsonUpper = (x: number, n: number, confidence: number): number =>
  x >= n ? 1 : betaQuantile(confidence, x + 1, n - x);

/** Lower bound, as above. */
export const clopperPearsonLower = (x: number, n: number, confidence: number): number =>
  x <= 0 ? 0 : betaQuantile(1 - confidence, x, n - x + 1);
