import { logBeta } from './gamma.ts';

/**
 * Regularized incomplete beta function I_x(a, b) for a, b > 0: the continued fraction of DLMF 8.17.22 on the side where it converges
 * fast, the symmetry of DLMF 8.17.4 on the other.
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front / continuedFraction(x, a, b);
}

/** The smallest x with I_x(a, b) >= p, by bisection: the function only grows. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (regularizedBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** A double has 53 bits; a small quantile takes some more steps to have all of its own. */
const bisections = 80;

/** 1 + d1 / (1 + d2 / (1 + ...)), evaluated from the front (modified Lentz): each step multiplies by the ratio of two convergents. */
function continuedFraction(x: number, a: number, b: number): number {
  let value = 1;
  let numerator = 1;
  let denominator = 0;
  for (let term = 1; term <= mostTerms; term++) {
    const d = coefficient(term, x, a, b);
    denominator = 1 / awayFromZero(1 + d * denominator);
    numerator = awayFromZero(1 + d / numerator);
    value *= numerator * denominator;
    if (Math.abs(numerator * denominator - 1) < 1e-15) break;
  }
  return value;
}

/** About the root of the parameters are needed; the cap bounds the work for counts that nobody can measure. */
const mostTerms = 20_000;
const awayFromZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

/** The coefficients d of DLMF 8.17.23, odd and even. */
function coefficient(term: number, x: number, a: number, b: number): number {
  const m = Math.floor(term / 2);
  if (term % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
  return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
}
