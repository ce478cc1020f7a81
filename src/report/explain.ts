// `faultline explain`: every number behind each verdict of a run, and the evidence behind each finding.
import type { Finding } from '../core/model/finding.ts';
import type { Run } from '../core/model/run.ts';
import type { ClauseVerdict, ShareDecision, Verdict } from '../core/model/verdict.ts';
import { attributionOf } from './attribution-of.ts';
import { clauseNumbers, marginText } from './clause-numbers.ts';
import { completenessText } from './completeness-text.ts';
import { evidenceText } from './evidence-text.ts';
import { formatCount, formatNumber, formatQuantity, formatShare } from './format-quantity.ts';
import { historyTexts } from './history-text.ts';
import { type Labelled, labelledLines } from './labelled-lines.ts';
import { printable } from './printable.ts';
import { changeText } from './result-requirement.ts';
import { breakpointLines } from './terminal-breakpoint.ts';
import { headLines } from './terminal-head.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { runFacts, stepLines } from './terminal-totals.ts';
import { causeLines } from './terminal-where.ts';
import { needText, reasonWords, verdictMarks } from './verdict-words.ts';
import { worstFirst } from './worst-first.ts';
import { lengthOf, wrapText } from './wrap-text.ts';

interface Options {
  readonly width: number;
  readonly style: TerminalStyle;
}

/** Worst first; nothing is left out. Ends in a newline. */
export function explainRun(run: Run, style: TerminalStyle, options: { readonly width: number }): string {
  const width = Math.max(32, Math.floor(options.width) || 80);
  const steps = stepLines(run, { width, style });
  const breakpoint = breakpointLines(run, { width, style });
  const lines = [
    ...headLines(run, style, width),
    ...worstFirst(run.verdicts).flatMap((verdict) => ['', ...verdictLines(run, verdict, { width, style })]),
    ...(run.verdicts.length === 0 ? ['', 'No requirement was judged.'] : []),
    '',
    ...(breakpoint.length > 0 ? [...breakpoint, ''] : []),
    ...(steps.length > 0 ? [...steps, ''] : []),
    ...labelledLines([...runFacts(run), { label: 'traces', texts: [completenessText(run.attribution.completeness)] }], {
      width,
      indent: 0,
      style,
    }),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function verdictLines(run: Run, verdict: Verdict, options: Options): readonly string[] {
  const { style } = options;
  const mark = `${verdictMarks[verdict.verdict]} ${verdict.requirement} ${verdict.verdict}`;
  const [title = '', ...more] = wrapText(printable(verdict.title), options.width - lengthOf(mark) - 2);
  const { findings, notAttributable } = attributionOf(run, verdict.requirement);
  const broken = verdict.verdict !== 'pass';
  return [
    `${style.paint(verdict.verdict, mark)}  ${style.paint('strong', title)}`,
    ...more.map((line) => ' '.repeat(lengthOf(mark) + 2) + style.paint('strong', line)),
    ...labelledLines(factsOf(run, verdict), { ...options, indent: 2 }),
    ...verdict.clauses.flatMap((clause) => clauseLines(clause, options)),
    ...(broken ? findings.flatMap((finding) => findingLines(finding, options)) : []),
    ...(broken && notAttributable !== undefined
      ? labelledLines([{ label: 'where', texts: [`not attributable: ${printable(notAttributable)}`] }], {
          ...options,
          indent: 2,
        })
      : []),
  ];
}

function factsOf(run: Run, verdict: Verdict): readonly Labelled[] {
  const { definedAt, vantage, baseline } = verdict;
  const unit = verdict.clauses[0]?.observed?.unit ?? '';
  const clocks = Object.entries(vantage ?? {}).map(
    ([clock, value]) => `${clockWords[clock] ?? clock} ${formatQuantity(value, unit)}`,
  );
  return [
    {
      label: 'rule',
      texts: [
        `${printable(verdict.rule)} (${verdict.type}, ${verdict.priority}, ${printable(definedAt.file)}:${definedAt.line})`,
      ],
    },
    { label: 'verdict', texts: [printable(verdict.explanation)] },
    { label: 'reason', texts: verdict.reason === undefined ? [] : [reasonWords[verdict.reason]] },
    { label: 'need', texts: [printable(needText(verdict))] },
    { label: 'margin', texts: [marginText(verdict)] },
    { label: 'clocks', texts: [clocks.join(', ')] },
    {
      label: 'before',
      texts:
        baseline === undefined
          ? []
          : [
              `${formatQuantity(baseline.value, unit)} over ${baseline.runs} passed runs, ${changeText(baseline.change)} since`,
            ],
    },
    { label: 'history', texts: historyTexts(run, verdict.requirement) },
    { label: 'notes', texts: verdict.notes.map(printable) },
  ];
}

const clockWords: Readonly<Record<string, string>> = { client: 'client', server: 'server', traceRoot: 'trace root' };

function clauseLines(clause: ClauseVerdict, options: Options): readonly string[] {
  const numbers = clauseNumbers(clause);
  const { observed, decision } = clause;
  const confidence = observed === undefined ? '' : ` at ${formatShare(observed.confidence)}`;
  const interval = numbers.interval === '' ? ', no interval' : ` (${numbers.interval}${confidence})`;
  const entries: readonly Labelled[] = [
    {
      label: 'seen',
      texts: [observed === undefined ? 'nothing' : `${numbers.value}${interval}, limit ${numbers.limit}`],
    },
    { label: 'decided', texts: decision === undefined ? [] : decisionTexts(decision) },
    {
      label: 'because',
      texts: [clause.reason === undefined ? '' : reasonWords[clause.reason], printable(clause.need ?? '')],
    },
  ];
  const [first = '', ...more] = wrapText(printable(clause.clause), options.width - 4);
  const head = `  ${options.style.paint(clause.verdict, verdictMarks[clause.verdict])} ${first}`;
  return [head, ...more.map((line) => `    ${line}`), ...labelledLines(entries, { ...options, indent: 4 })];
}

/** The arithmetic of the verdict, so that a reader can redo it. */
function decisionTexts(decision: ShareDecision): readonly string[] {
  const { samples, bad, badShare, allowed, designEffect, interval } = decision;
  const [low, high] = interval;
  const effective = designEffect > 0 ? samples / designEffect : samples;
  const outcome =
    low > allowed
      ? `even the lower bound ${formatShare(low)} is above ${formatShare(allowed)}`
      : high <= allowed
        ? `even the upper bound ${formatShare(high)} is within ${formatShare(allowed)}`
        : `${formatShare(allowed)} lies between ${formatShare(low)} and ${formatShare(high)}`;
  return [
    `${formatCount(bad)} bad of ${formatCount(samples)} samples = ${formatShare(badShare)}, ${formatShare(allowed)} may be bad`,
    `design effect ${formatNumber(designEffect)}: worth ${formatCount(effective)} independent samples; ${outcome}`,
  ];
}

function findingLines(finding: Finding, options: Options): readonly string[] {
  const evidence: Labelled = { label: 'evidence', texts: finding.evidence.map(evidenceText) };
  const all: Labelled = { label: 'traces', texts: finding.traces.map(printable), tone: 'accent' };
  const lines = causeLines(finding).filter((line) => line.label !== 'traces');
  return [
    `  ${options.style.paint('strong', `finding ${finding.rank}`)}`,
    ...labelledLines([...lines, evidence, all], { ...options, indent: 4 }),
  ];
}
