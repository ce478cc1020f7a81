// docs/accuracy.md: how right the attribution is on labelled data, with what to compare it with.
import type { Accuracy } from './accuracy.ts';
import type { Scores } from './scores.ts';

export function accuracyPage(scores: Scores): string {
  return [head, cases(scores), patterns(scores), metrics(scores), foot].filter((part) => part !== '').join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
const figure = (value: number): string => value.toFixed(3);

const head = `Written by \`npm run bench:rca -- --write\`. The analyser gets spans and series only, never a label or a file name. Nothing is trained on these cases; the rules
and their few constants were, however, developed with them in sight, so expect somewhat less elsewhere. AC@k: share of cases whose true service is among
the first k ranked; brackets: 95% Wilson interval.
`;

const row = (name: string, { cases: count, ac1, ac3, ac5, avg5, ac1Interval }: Accuracy): string =>
  `| ${name} | ${count} | ${figure(ac1)} [${ac1Interval.map((each) => each.toFixed(2)).join(', ')}] | ${figure(ac3)} | ${figure(ac5)} | ${figure(avg5)} |`;

const tableHead = '| | cases | AC@1 | AC@3 | AC@5 | Avg@5 |\n| --- | --- | --- | --- | --- | --- |';

function cases({ cases: scores }: Scores): string {
  if (scores === undefined) return '';
  const { spread, calibration, confidentlyWrong } = scores;
  const groups = [scores.byClass, scores.bySystem, scores.byFault].flatMap((group) => Object.entries(group));
  return `## Real injected faults

${tableHead}
${[row('all', scores.all), ...groups.map(([name, each]) => row(name, each))].join('\n')}

Over ${spread.folds} folds AC@1 of all faults lies between ${figure(spread.lowest)} and ${figure(spread.highest)} (standard deviation ${figure(spread.deviation)}).
For comparison, on the larger set of which these cases are a part: the best of thirteen simple rankers has AC@1 .564 on all faults and .845 on latency faults.
Published top-1 figures on the same source, OnlineBoutique / TrainTicket: MicroRank (traces) .411 / .156, TraceAnomaly (traces) .304 / .133, Nezha with
traces only .143 / .067, without logs .643 / .422, with metrics, logs and traces .929 / .867. No logs are used here.

| confidence of the best finding | findings | right service |
| --- | --- | --- |
${calibration.map((each) => `| ${each.confidence} | ${each.findings} | ${percent(each.right)} [${each.interval.map(percent).join(', ')}] |`).join('\n')}

Wrong with high confidence: ${percent(confidentlyWrong)} of all cases. Faults that change a return value or throw leave no mark in these traces, which record neither
status nor exceptions; for most of them nothing is named, and that is the right answer.
`;
}

function patterns({ patterns: scores }: Scores): string {
  if (scores === undefined) return '';
  return `## Mechanisms on rewritten traces

${percent(scores.right)} of ${scores.positives} positives get the right mechanism at the right edge as their best finding; ${percent(scores.falseAlarms)} of ${scores.negatives} look-alikes get any finding. Semi-synthetic:
the labels are ours.

| pattern | named | |
| --- | --- | --- |
${scores.patterns.map(({ pattern, named, isRight }) => `| ${pattern} | ${named.join('; ') || 'nothing'} | ${isRight ? 'right' : 'wrong'} |`).join('\n')}
`;
}

function metrics({ metrics: scores }: Scores): string {
  if (scores === undefined) return '';
  return `## Metrics only, on a call graph

${tableHead}
${[row('all', scores.all), ...Object.entries(scores.byMeasure).map(([name, each]) => row(name, each))].join('\n')}

Over ${scores.spread.folds} folds AC@1 lies between ${figure(scores.spread.lowest)} and ${figure(scores.spread.highest)}. Deepest anomalous node, the usual simple method: .529 / .912 on the larger set.
`;
}

const foot = `Sources of the data: IntelligentDDS/Nezha (MIT), amazon-science/petshop-root-cause-analysis (CC-BY-4.0).
`;
