// Writes docs/statistics.md from a run of the simulation suite.
import { clearFactors, type Suite } from './suite.ts';

export function statisticsPage(suite: Suite, runs: number): string {
  return `# How often verdicts are wrong

Written by \`npm run bench:verdicts\` (${runs.toLocaleString('en-US')} simulated runs a cell, fixed seeds); do not edit. Latencies are log-normal (sigma 0.5) with correlation \`rho\` from
request to request (AR(1) on the logarithm), counted in slices as the load engine counts them, and judged by the same code as a real run. The method is described in
[ADR 001](adr/001-verdict-intervals.md).

## At the limit

The true percentile lies exactly on its limit, so every pass and every fail is wrong: wanted are at most 10% each (7% where requests are independent). *Coverage* is that of the reported interval at
nominal 95% (two bounds of 97.5%), wanted 93%: with the limit on the percentile, and with the limit 1.3 times above it. *No interval*: share of runs with too few effective samples for one.

| percentile | rho | requests | duration | false pass | false fail | open | coverage | coverage, limit away | no interval |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${suite.atLimit.map(atLimitRow).join('\n')}

## Clear cases in a short run

1,000 requests in 25 s (slices of 1 s), the limit at a multiple of the true percentile: passed / failed / undecided.

| percentile | rho | ${clearFactors.map((factor) => `limit ${times(factor)}`).join(' | ')} |
| --- | --- | ${clearFactors.map(() => '---').join(' | ')} |
${suite.clear.map(clearRow).join('\n')}

## Requests until a violation by 1.3 is found

The true percentile is 1.3 times the limit; the smallest size (in steps of a quarter, at 200/s) at which the verdict is *fail* in 90% of runs.

| percentile | ${[0, 0.5, 0.9].map((rho) => `rho ${rho}`).join(' | ')} |
| --- | --- | --- | --- |
${detectionRows(suite).join('\n')}

## Other methods

The truth lies on the limit; wanted are at most 10% each. *Too low*: the whole interval lies below the truth; *too high*: above it.

| quantity | method | rho | too low | too high | declined |
| --- | --- | --- | --- | --- | --- |
${suite.methods.map(methodRow).join('\n')}

Rare failures in strong bursts (rho 0.9) are the hardest case: a run in which no burst happened to fall shows no sign of bursts, and unlike latency an error rate has no commoner event to learn them from.
Judge error rates on at least three times the smallest deciding sample (REQUIREMENTS.md 1.3).
`;
}

function atLimitRow({ traffic, verdicts, intervals, intervalsAway }: Suite['atLimit'][number]): string {
  return row([
    `p${Number((traffic.q * 100).toPrecision(6))}`,
    String(traffic.rho),
    traffic.requests.toLocaleString('en-US'),
    `${traffic.requests / traffic.rate} s`,
    percent(verdicts.passed),
    percent(verdicts.failed),
    percent(verdicts.open),
    percent(intervals.covered),
    percent(intervalsAway.covered),
    percent(1 - intervals.withInterval),
  ]);
}

function clearRow({ traffic, outcomes }: Suite['clear'][number]): string {
  const cells = outcomes.map(({ passed, failed, open }) => [passed, failed, open].map(percent).join(' / '));
  return row([`p${Number((traffic.q * 100).toPrecision(6))}`, String(traffic.rho), ...cells]);
}

function detectionRows({ detection }: Suite): readonly string[] {
  const quantiles = [...new Set(detection.map(({ q }) => q))];
  return quantiles.map((q) =>
    row([
      `p${Number((q * 100).toPrecision(6))}`,
      ...detection
        .filter((cell) => cell.q === q)
        .map(({ found }) =>
          found === undefined
            ? 'more than a million'
            : `${found.requests.toLocaleString('en-US')} (${Number(found.seconds.toPrecision(2))} s)`,
        ),
    ]),
  );
}

function methodRow({ method, outcome }: Suite['methods'][number]): string {
  return row([
    method.name,
    method.used,
    String(method.rho),
    percent(outcome.below),
    percent(outcome.above),
    percent(outcome.declined),
  ]);
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)}%`);
const times = (factor: number): string => `x ${Number(factor.toPrecision(2))}`;
