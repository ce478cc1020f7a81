// A run as Markdown: the job summary of a CI step, and report.md.
import type { Run } from '../core/model/run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { attributionOf } from './attribution-of.ts';
import { breakpointSentence, gaveWayText, stepsAroundKnee } from './breakpoint-text.ts';
import { clauseNumbers, decidingClause, marginText } from './clause-numbers.ts';
import { formatCount, formatMillis, formatQuantity, formatShare } from './format-quantity.ts';
import { formatDuration, readableTime } from './format-time.ts';
import { historyTexts } from './history-text.ts';
import { markdownCode, markdownLink, markdownTable, markdownText } from './markdown-text.ts';
import { mechanismAt } from './mechanism-words.ts';
import { type ReportLinks, traceLink } from './report-links.ts';
import { changeText } from './result-requirement.ts';
import { failureTexts } from './step-failures.ts';
import { chain, effectText } from './terminal-where.ts';
import {
  needText,
  reasonWords,
  traceCoverageText,
  validityText,
  verdictCounts,
  verdictMarks,
} from './verdict-words.ts';
import { worstFirst } from './worst-first.ts';

/** Heading, requirement table (worst first), the where of each broken one, validity, load by step. Ends in a newline. */
export function markdownReport(run: Run, links: ReportLinks = {}): string {
  const verdicts = worstFirst(run.verdicts);
  const parts = [
    headPart(run, links),
    verdicts.length === 0 ? 'No requirement was judged.' : requirementTable(run, verdicts, links),
    ...verdicts.filter((verdict) => verdict.verdict !== 'pass').map((verdict) => detailPart(run, verdict)),
    historyPart(run, verdicts),
    breakpointPart(run),
    validityPart(run),
    stepTable(run),
    failuresPart(run),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headPart(run: Run, links: ReportLinks): string {
  const { plan } = run;
  const facts = [
    `${markdownText(plan.service)} in ${markdownText(plan.environment)}`,
    `run ${markdownCode(plan.runId)}`,
    `${readableTime(plan.startedAt)}, ${formatDuration(run.endedAt - plan.startedAt)}`,
    plan.target === undefined ? '' : `against ${markdownCode(plan.target)}`,
    plan.commit === undefined ? '' : `commit ${markdownCode(plan.commit.slice(0, 12))}`,
    links.report === undefined ? '' : markdownLink('report', links.report),
    links.dashboard === undefined ? '' : markdownLink('dashboard', links.dashboard),
  ].filter((fact) => fact !== '');
  const message = run.message === undefined ? '' : `\n\n> ${markdownText(run.message)}`;
  const title = `## ${verdictMarks[run.verdict]} ${markdownText(plan.verification)}: ${run.verdict}`;
  return `${title}\n\n${verdictCounts(run.verdicts)}. ${facts.join(' · ')}${message}`;
}

function requirementTable(run: Run, verdicts: readonly Verdict[], links: ReportLinks): string {
  const header = ['', 'Requirement', 'Observed', 'Interval', 'Limit', 'Margin', 'Change', 'Where', 'Trace'];
  return markdownTable(
    header,
    verdicts.map((verdict) => {
      const clause = decidingClause(verdict);
      const numbers = clause === undefined ? undefined : clauseNumbers(clause);
      const finding = verdict.verdict === 'pass' ? undefined : attributionOf(run, verdict.requirement).findings[0];
      return [
        `${verdictMarks[verdict.verdict]} ${verdict.verdict}`,
        `**${verdict.requirement}** ${markdownText(verdict.title)}${verdict.priority === 'must' ? '' : ` (${verdict.priority})`}`,
        numbers?.value ?? '',
        numbers?.interval ?? '',
        markdownText(numbers === undefined ? verdict.rule : `${numbers.stat} ${numbers.limit}`),
        marginText(verdict),
        verdict.baseline === undefined ? '' : changeText(verdict.baseline.change),
        finding === undefined ? '' : markdownText(chain(finding)),
        traceCell(finding?.traces[0], links),
      ];
    }),
  );
}

function traceCell(trace: string | undefined, links: ReportLinks): string {
  if (trace === undefined) return '';
  const short = markdownCode(trace.slice(0, 8));
  const link = traceLink(links, trace);
  return link === undefined ? short : markdownLink(short, link);
}

function detailPart(run: Run, verdict: Verdict): string {
  const { findings, notAttributable } = attributionOf(run, verdict.requirement);
  const first = verdict.verdict === 'fail' || verdict.verdict === 'warn' ? findings[0] : undefined;
  const reason = verdict.reason === undefined ? '' : `${reasonWords[verdict.reason]}: `;
  const lines = [
    `${markdownText(`${reason}${verdict.explanation}`)}`,
    needText(verdict) === '' ? '' : `Needed: ${markdownText(needText(verdict))}`,
    first === undefined ? '' : `**Where**: ${markdownText(chain(first))}`,
    first === undefined
      ? ''
      : `**Cause**: ${mechanismAt(first.mechanism)} ${markdownText(first.service)} ${markdownCode(first.operation)}, ${effectText(first)}, ${first.confidence} confidence`,
    markdownText(first?.explanation ?? ''),
    first === undefined ? '' : `**Do**: ${markdownText(first.advice)}`,
    first === undefined ? '' : `**Traces**: ${first.traces.map(markdownCode).join(', ')}`,
    first === undefined && verdict.verdict === 'fail' && notAttributable !== undefined
      ? `**Where**: not attributable: ${markdownText(notAttributable)}`
      : '',
    ...historyTexts(run, verdict.requirement).map((text) => `**History**: ${markdownText(text)}`),
    `Rule ${markdownCode(verdict.rule)}, ${markdownCode(`${verdict.definedAt.file}:${verdict.definedAt.line}`)}`,
  ].filter((line) => line !== '');
  const title = `### ${verdictMarks[verdict.verdict]} ${verdict.requirement} ${markdownText(verdict.title)}`;
  return `${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function breakpointPart(run: Run): string {
  const { breakpoint } = run;
  const gaveWay = gaveWayText(run);
  if (breakpoint === undefined) return '';
  const table = markdownTable(
    ['Load', 'State', 'Value', 'Limit', 'Samples', 'Phase'],
    stepsAroundKnee(breakpoint).map(({ step, load, state, why, value, limit, requests }) => [
      load,
      why === '' ? state : `${state}: ${why}`,
      value,
      limit,
      requests,
      markdownText(step.phase),
    ]),
  );
  return `**Breaking point**: ${markdownText(breakpointSentence(breakpoint))} (${markdownCode(breakpoint.rule)})\n\n${table}${gaveWay === undefined ? '' : `\n\n${markdownText(gaveWay)}`}`;
}

/** Of requirements that are kept: the others tell theirs among their details. */
function historyPart(run: Run, verdicts: readonly Verdict[]): string {
  const lines = verdicts
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ requirement }) =>
      historyTexts(run, requirement).map((text) => `- ${markdownText(`${requirement}: ${text}`)}`),
    );
  return lines.length === 0 ? '' : ['**History**:', ...lines].join('\n');
}

function validityPart(run: Run): string {
  const { reasons, droppedShare, sendLagP99Ms } = run.validity;
  const head = `**Validity**: ${validityText(run.validity)}; dropped ${formatShare(droppedShare)}, send lag p99 ${formatMillis(sendLagP99Ms)}, ${traceCoverageText(run.validity)}`;
  const gaps = run.gaps.map((gap) => `${gap.kind} from ${gap.source} ${gap.reason}: ${gap.message}`);
  return [head, ...[...reasons, ...gaps].map((reason) => `- ${markdownText(reason)}`)].join('\n');
}

function failuresPart(run: Run): string {
  const texts = failureTexts(run);
  return texts.length === 0 ? '' : ['**Failed**:', ...texts.map((text) => `- ${markdownText(text)}`)].join('\n');
}

function stepTable(run: Run): string {
  if (run.steps.length === 0) return '';
  const header = ['Step', 'Phase', 'Requests', 'Rate', 'p50', 'p95', 'p99', 'max', 'Failed'];
  return markdownTable(
    header,
    run.steps.map((step) => [
      markdownText(step.step),
      markdownText(step.phase),
      formatCount(step.requests),
      formatQuantity(step.ratePerSecond, '/s'),
      formatMillis(step.p50Ms),
      formatMillis(step.p95Ms),
      formatMillis(step.p99Ms),
      formatMillis(step.maxMs),
      formatCount(step.failed),
    ]),
  );
}
