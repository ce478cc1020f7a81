// The special functions against published values.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { betaCdf, betaQuantile } from '../../../src/core/slo/statistics/beta.ts';
import { binomialCdf, binomialQuantile } from '../../../src/core/slo/statistics/binomial.ts';
import { gammaCdf, gammaQuantile } from '../../../src/core/slo/statistics/gamma.ts';
import { logGamma } from '../../../src/core/slo/statistics/log-gamma.ts';
import { normalCdf, normalQuantile } from '../../../src/core/slo/statistics/normal.ts';
import { studentTCdf, studentTQuantile } from '../../../src/core/slo/statistics/student-t.ts';

const near = (found: number, wanted: number, slack = 1e-9): void =>
  assert.ok(Math.abs(found - wanted) <= slack * Math.max(1, Math.abs(wanted)), `${found} is not ${wanted}`);

test('ln Gamma of whole and half numbers', () => {
  near(logGamma(1), 0, 1e-13);
  near(logGamma(5), Math.log(24), 1e-13);
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
  near(logGamma(101), 363.73937555556347, 1e-13);
});

test('the normal distribution', () => {
  near(normalCdf(0), 0.5);
  near(normalCdf(1.96), 0.9750021048517795);
  near(normalCdf(-3), 0.0013498980316300946);
  near(normalQuantile(0.95), 1.6448536269514722);
  near(normalQuantile(0.005), -2.5758293035489004);
  assert.equal(normalQuantile(1), Number.POSITIVE_INFINITY);
});

test("Student's t", () => {
  near(studentTQuantile(0.95, 29), 1.6991270265334972, 1e-7);
  near(studentTQuantile(0.975, 4), 2.7764451051977987, 1e-7);
  near(studentTCdf(-2, 10), 0.03669401738537018, 1e-9);
  near(studentTQuantile(0.95, Number.POSITIVE_INFINITY), 1.6448536269514722);
  assert.equal(studentTQuantile(0.95, 0), Number.POSITIVE_INFINITY);
});

test('beta and gamma, and their inverses', () => {
  near(betaCdf(0.5, 2, 3), 0.6875);
  near(betaQuantile(0.6875, 2, 3), 0.5);
  near(betaCdf(0.2, 1, 30), 1 - 0.8 ** 30, 1e-12);
  near(betaCdf(0.5, 0.5, 0.5), 0.5, 1e-12);
  near(gammaCdf(1, 1), 1 - Math.exp(-1));
  near(gammaQuantile(0.975, 11), 18.39035603, 1e-7);
  for (const p of [0.001, 0.3, 0.999]) near(gammaCdf(gammaQuantile(p, 3.7), 3.7), p);
});

test('the binomial distribution', () => {
  near(binomialCdf(4, 1000, 0.01), 0.028686399998995707);
  near(binomialCdf(0, 299, 0.01), 0.99 ** 299);
  assert.equal(binomialCdf(-1, 10, 0.5), 0);
  assert.equal(binomialCdf(10, 10, 0.5), 1);
  assert.equal(binomialQuantile(0.5, 10, 0.5), 5);
  assert.equal(binomialQuantile(0.95, 6000, 0.01), 73);
});
