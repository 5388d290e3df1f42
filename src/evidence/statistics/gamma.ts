/** Coefficients B(2k) / (2k (2k - 1)) of Stirling's series (DLMF 5.11.1). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/** Natural logarithm of the gamma function for z > 0: the recurrence up to where Stirling's series has all digits, then the series. */
export function logGamma(z: number): number {
  let shift = 0;
  let large = z;
  for (; large < 12; large++) shift += Math.log(large);
  let series = 0;
  let power = 1 / large;
  for (const coefficient of stirling) {
    series += coefficient * power;
    power /= large * large;
  }
  return (large - 0.5) * Math.log(large) - large + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);
