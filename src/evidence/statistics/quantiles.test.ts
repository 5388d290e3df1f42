import { describe, expect, it } from 'vitest';
import { regularizedBeta } from './beta.ts';
import { clopperPearsonLower, clopperPearsonUpper, studentQuantile } from './quantiles.ts';

/** Reference values: SciPy 1.17.1 (`special.betainc`, `stats.t.ppf`, `stats.beta.ppf`). */
const near = (value: number, reference: number) =>
  expect(Math.abs(value - reference)).toBeLessThan(1e-9 * Math.max(1e-3, reference));

describe('regularized incomplete beta', () => {
  it.each([
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.5, 2, 3, 0.6875],
    [0.9, 2, 3, 0.9963],
    [0.25, 5.5, 0.5, 0.00012940169548043978],
    [0.001, 1, 2995, 0.9500382966026436],
    [0.05, 1800, 34_200, 0.5028942511594535],
    [0.051, 1800, 34_200, 0.8084981054650197],
    [0.01, 3, 297, 0.5756843838892278],
    [1e-6, 2, 100_000, 0.004678889926534396],
    [0.3, 100_000, 240_000, 0.9999999999999679],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('I_%d(%d, %d)', (x, a, b, reference) => near(regularizedBeta(x, a, b), reference));
});

describe('quantiles of Student’s t, one-sided', () => {
  it.each([
    [0.95, 1, 6.313751514675037],
    [0.95, 2, 2.9199855803537242],
    [0.95, 11, 1.7958848187040433],
    [0.95, 29, 1.6991270265334972],
    [0.95, 59, 1.6710930321038946],
    [0.99, 11, 2.7180791838138623],
    [0.975, 5, 2.5705818356363146],
    [0.95, 1000, 1.6463788172854643],
    [0.95, 11.5, 1.78876627515423],
    [0.5, 3, 0],
  ])('t(%d, %d)', (p, degrees, reference) => near(studentQuantile(p, degrees), reference));
});

describe('bounds of Clopper and Pearson', () => {
  it.each([
    [0, 2995, 0.95, 0.000999744420901142],
    [1, 4744, 0.95, 0.0009995769500126634],
    [25, 34_917, 0.95, 0.0009998316551199204],
    [0, 58, 0.95, 0.050339338330420105],
    [0, 59, 0.95, 0.04950760988822693],
    [0, 299, 0.95, 0.009969146792899269],
    [1800, 36_000, 0.95, 0.05193031177391762],
    [9, 10, 0.95, 0.9948838031081763],
    [2, 36_000, 0.99, 0.0002334777516766456],
    [10, 10, 0.95, 1],
    [0, 0, 0.95, 1],
  ])('upper of %d in %d at %d', (x, n, confidence, reference) => near(clopperPearsonUpper(x, n, confidence), reference));

  it.each([
    [1, 1, 0.95, 0.05],
    [30, 300, 0.95, 0.07290080342559266],
    [10, 10, 0.95, 0.7411344491069478],
    [5, 3000, 0.95, 0.0006569388440191],
    [0, 10, 0.95, 0],
  ])('lower of %d in %d at %d', (x, n, confidence, reference) => near(clopperPearsonLower(x, n, confidence), reference));

  it('counts that nobody can measure take no time', () => {
    const start = performance.now();
    clopperPearsonUpper(3, Number.MAX_SAFE_INTEGER, 0.95);
    clopperPearsonLower(1e14, Number.MAX_SAFE_INTEGER, 0.95);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
