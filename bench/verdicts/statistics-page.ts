// Writes docs/statistics.md from a run of the simulation suite.
import { smallestDecidingSample } from '../../src/core/slo/statistics/smallest-sample.ts';
import { type AtLimit, clearFactors, type Suite } from './suite.ts';

/** What is wanted of every cell (shares of runs); requests that are independent leave less room for excuses. */
const wanted = { wrong: 0.1, wrongWhereIndependent: 0.07, coverage: 0.93 } as const;
/** A coverage of fewer runs than this share says nothing. */
const fewIntervals = 0.05;

export function statisticsPage(suite: Suite, runs: number): string {
  return `# How often verdicts are wrong

A verdict is a statement about a limited number of requests, so it can be wrong by chance. This page says how often, measured: the judgement that a real run uses is put before simulated traffic whose true
percentiles are known, ${runs.toLocaleString('en-US')} times for each line below (${(runs * 0.3).toLocaleString('en-US')} times for runs of 60,000 requests). \`npm run bench:verdicts\` does it again and writes this page; do not edit it. A shortened
form is a test (\`test/property/slo.test.ts\`).

## What it means for your requirements

- **A verdict is \`pass\` or \`fail\` only when the whole confidence interval lies on one side of the limit.** Otherwise it is \`inconclusive\` and says how many more requests would decide it. A value that
  lies exactly on its limit is therefore nearly always \`inconclusive\`: that is the right answer.
- **Far from the limit verdicts are practically never wrong.** The errors below are those of the worst case, a true value exactly on the limit. In the clear cases below (a limit 1.3 times away or more) ${clearlyWrong(suite)}.
- **Give a run enough requests.** The smallest number that can ever pass, without a single bad request and with independent requests:
${smallestSamples()}
  Plan three times as many. The table of [requests until a violation is found](#requests-until-a-violation-by-13-is-found) says what it takes to find a percentile that is 1.3 times its limit.
- **Slow requests come in bursts, and bursts cost samples.** A pause, a full queue or a slow dependency makes neighbours slow together; a thousand such requests say less than a thousand independent ones. Faultline
  measures this (the *design effect* in the report: 4 means that four requests say as much as one independent one) and widens the interval accordingly. A naive interval would be wrong in a quarter to half of the runs.
- **Ten requirements on their limits are ten chances of a wrong verdict.** Look at the margin in the report, and page only when two of three runs fail (\`notify: after\`).

${summary(suite)}

## Terms

| term | meaning |
| --- | --- |
| false pass, false fail | the true percentile lies exactly on the limit, and the verdict says *pass*, or *fail* |
| open | the verdict is *inconclusive* |
| rho | correlation of the (logarithm of the) latency from one request to the next: 0 independent, 0.5 short bursts, 0.9 bursts of some twenty requests. An AR(1) process, log-normal with sigma 0.5 |
| coverage | share of runs in which the reported interval holds the true percentile; nominal 95% (two bounds of 97.5%) |

Latencies are counted in slices of time as the load engine counts them. The method is described in [ADR 001](adr/001-verdict-intervals.md).

## At the limit

Wanted: at most 10% false passes and 10% false failures (7% where requests are independent), coverage of at least 93%. *Limit away*: coverage with the limit 1.3 times above the true percentile. *No interval*: share of
runs with too few effective requests for one.

| percentile | rho | requests | duration | false pass | false fail | open | coverage | coverage, limit away | no interval |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${suite.atLimit.map(atLimitRow).join('\n')}

## Clear cases in a short run

1,000 requests in 25 s (slices of 1 s), the limit at a multiple of the true percentile: passed / failed / undecided. Limits below the true percentile (x 0.5, x 0.77) must fail, those above must pass.

| percentile | rho | ${clearFactors.map((factor) => `limit ${times(factor)}`).join(' | ')} |
| --- | --- | ${clearFactors.map(() => '---').join(' | ')} |
${suite.clear.map(clearRow).join('\n')}

## Requests until a violation by 1.3 is found

The true percentile is 1.3 times the limit; the smallest size (in steps of a quarter, at 200/s) at which the verdict is *fail* in 90% of runs.

| percentile | ${[0, 0.5, 0.9].map((rho) => `rho ${rho}`).join(' | ')} |
| --- | --- | --- | --- |
${detectionRows(suite).join('\n')}

## Other methods

Requirements that are no percentiles. The truth lies on the limit; wanted are at most 10% each. *Too low*: the whole interval lies below the truth; *too high*: above it.

| quantity | method | rho | too low | too high | declined |
| --- | --- | --- | --- | --- | --- |
${suite.methods.map(methodRow).join('\n')}

Rare failures in strong bursts (rho 0.9) are the hardest case: a run in which no burst happened to fall shows no sign of bursts, and unlike latency an error rate or a number of retries has no commoner event to learn
them from. Judge those on at least three times the smallest deciding sample.
`;
}

function smallestSamples(): string {
  const percentiles = [0.5, 0.9, 0.95, 0.99, 0.999];
  const cells = percentiles.map((q) => smallestDecidingSample(1 - q, 0.95).toLocaleString('en-US'));
  return `
  | ${percentiles.map(percentile).join(' | ')} |
  | ${percentiles.map(() => '---').join(' | ')} |
  | ${cells.join(' | ')} |
`;
}

/** A pass with the limit below the true percentile, a failure with the limit above it. */
function clearlyWrong({ clear }: Suite): string {
  const worst = Math.max(
    ...clear.flatMap(({ outcomes }) =>
      outcomes.map(({ passed, failed }, i) => ((clearFactors[i] ?? 1) < 1 ? passed : failed)),
    ),
  );
  return worst === 0 ? 'no verdict was wrong' : `at most ${percent(worst)} of the verdicts of a line were wrong`;
}

/** The worst figures, and every cell that misses what is wanted. */
function summary({ atLimit, methods }: Suite): string {
  const worst = (cells: readonly AtLimit[], pick: (cell: AtLimit) => number): string =>
    percent(Math.max(...cells.map(pick)));
  const independent = atLimit.filter(({ traffic }) => traffic.rho === 0);
  const bursty = atLimit.filter(({ traffic }) => traffic.rho > 0);
  const coverages = atLimit.flatMap(({ intervals, intervalsAway }) =>
    [intervals, intervalsAway].filter((each) => each.withInterval >= fewIntervals).map(({ covered }) => covered),
  );
  const missed = [...atLimit.flatMap(missesOf), ...methods.flatMap(missesOfMethod)];
  return `## In short

Of all lines below, the worst: independent requests ${worst(independent, ({ verdicts }) => verdicts.passed)} false passes and ${worst(independent, ({ verdicts }) => verdicts.failed)} false failures (7% wanted); bursts
${worst(bursty, ({ verdicts }) => verdicts.passed)} and ${worst(bursty, ({ verdicts }) => verdicts.failed)} (10% wanted); coverage ${percent(Math.min(...coverages))} (93% wanted).
${missed.length === 0 ? 'No line misses what is wanted of it.' : `Lines that miss what is wanted of them:\n\n${missed.map((line) => `- ${line}`).join('\n')}`}`;
}

function missesOf({ traffic, verdicts, intervals, intervalsAway }: AtLimit): readonly string[] {
  const where = `${percentile(traffic.q)}, rho ${traffic.rho}, ${traffic.requests.toLocaleString('en-US')} requests`;
  const most = traffic.rho === 0 ? wanted.wrongWhereIndependent : wanted.wrong;
  return [
    ...(verdicts.passed > most ? [`${where}: ${percent(verdicts.passed)} false passes`] : []),
    ...(verdicts.failed > most ? [`${where}: ${percent(verdicts.failed)} false failures`] : []),
    ...[intervals, intervalsAway]
      .filter((each) => each.withInterval >= fewIntervals && each.covered < wanted.coverage)
      .map((each) => `${where}: coverage ${percent(each.covered)}`),
  ];
}

function missesOfMethod({ method, outcome }: Suite['methods'][number]): readonly string[] {
  return [
    ...(outcome.below > wanted.wrong ? [`${method.name}, rho ${method.rho}: ${percent(outcome.below)} too low`] : []),
    ...(outcome.above > wanted.wrong ? [`${method.name}, rho ${method.rho}: ${percent(outcome.above)} too high`] : []),
  ];
}

function atLimitRow({ traffic, verdicts, intervals, intervalsAway }: AtLimit): string {
  const covered = (outcome: AtLimit['intervals']): string =>
    outcome.withInterval < fewIntervals ? '-' : percent(outcome.covered);
  return row([
    percentile(traffic.q),
    String(traffic.rho),
    traffic.requests.toLocaleString('en-US'),
    `${traffic.requests / traffic.rate} s`,
    percent(verdicts.passed),
    percent(verdicts.failed),
    percent(verdicts.open),
    covered(intervals),
    covered(intervalsAway),
    percent(1 - intervals.withInterval),
  ]);
}

function clearRow({ traffic, outcomes }: Suite['clear'][number]): string {
  const cells = outcomes.map(({ passed, failed, open }) => [passed, failed, open].map(percent).join(' / '));
  return row([percentile(traffic.q), String(traffic.rho), ...cells]);
}

function detectionRows({ detection }: Suite): readonly string[] {
  const quantiles = [...new Set(detection.map(({ q }) => q))];
  return quantiles.map((q) =>
    row([
      percentile(q),
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
const percentile = (q: number): string => `p${Number((q * 100).toPrecision(6))}`;
const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)}%`);
const times = (factor: number): string => `x ${Number(factor.toPrecision(2))}`;
