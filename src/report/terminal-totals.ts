// The second part of the terminal report: whether the run may judge, what load it drove, and how the generator fared.
import type { Run, StepSummary } from '../core/model/run.ts';
import { formatCount, formatMillis, formatQuantity, formatShare } from './format-quantity.ts';
import type { Labelled } from './labelled-lines.ts';
import { printable } from './printable.ts';
import { failureTexts } from './step-failures.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type Cell, type Column, textTable } from './text-table.ts';
import { traceCoverageText, validityText } from './verdict-words.ts';

const stepsShown = 24;

const columns: readonly Column[] = [
  { header: 'step', align: 'left', givesWay: 0, clipsTo: 10 },
  { header: 'phase', align: 'left', givesWay: 5, clipsTo: 8 },
  { header: 'requests', align: 'right', givesWay: 0 },
  { header: 'rate', align: 'right', givesWay: 3 },
  { header: 'p50', align: 'right', givesWay: 4 },
  { header: 'p95', align: 'right', givesWay: 6 },
  { header: 'p99', align: 'right', givesWay: 0 },
  { header: 'max', align: 'right', givesWay: 7 },
  { header: 'failed', align: 'right', givesWay: 1 },
];

/** The table of load by step, judged phases first; at most 24 rows, the rest counted in a last line. */
export function stepLines(
  run: Run,
  options: { readonly width: number; readonly style: TerminalStyle },
): readonly string[] {
  if (run.steps.length === 0) return [];
  const judged = (step: StepSummary): number => (run.phases.includes(step.phase) ? 0 : 1);
  const steps = [...run.steps].sort((a, b) => judged(a) - judged(b));
  const scenarios = new Set(steps.map((step) => step.scenario));
  const table = textTable(
    { columns, rows: steps.slice(0, stepsShown).map((step) => cellsOf(step, scenarios.size > 1)) },
    options,
  );
  const rest = steps.length - stepsShown;
  return [
    table.header,
    ...table.rows,
    ...(rest > 0 ? [options.style.paint('quiet', `and ${rest} more rows (report.json has them all)`)] : []),
  ];
}

function cellsOf(step: StepSummary, withScenario: boolean): readonly Cell[] {
  const failed = step.requests === 0 ? '' : ` (${formatShare(step.failed / step.requests)})`;
  return [
    { text: printable(withScenario ? `${step.scenario}: ${step.step}` : step.step) },
    { text: printable(step.phase), tone: 'quiet' },
    { text: formatCount(step.requests) },
    { text: formatQuantity(step.ratePerSecond, '/s') },
    ...[step.p50Ms, step.p95Ms, step.p99Ms, step.maxMs].map((value) => ({
      text: step.requests === 0 ? '–' : formatMillis(value),
    })),
    step.failed > 0 ? { text: `${formatCount(step.failed)}${failed}`, tone: 'fail' } : { text: '0', tone: 'quiet' },
  ];
}

/** Validity, generator, gaps and remarks as labelled lines. */
export function runFacts(run: Run): readonly Labelled[] {
  return [
    ...(run.status === 'failed' ? [] : [validityFacts(run)]),
    ...generatorFacts(run),
    { label: 'failed', texts: failureTexts(run).map(printable), tone: 'warn' },
    ...gapFacts(run),
    ...noteFacts(run),
  ];
}

function validityFacts(run: Run): Labelled {
  const { ok, reasons, droppedShare, sendLagP99Ms } = run.validity;
  const numbers =
    run.plan.mode === 'observe'
      ? ''
      : `dropped ${formatShare(droppedShare)}, send lag p99 ${formatMillis(sendLagP99Ms)}, ${traceCoverageText(run.validity)}`;
  const head = [validityText(run.validity), numbers].filter((each) => each !== '').join('; ');
  return {
    label: 'validity',
    texts: [head, ...reasons.map((reason) => `- ${printable(reason)}`)],
    ...(ok ? {} : { tone: 'warn' as const }),
  };
}

function generatorFacts(run: Run): readonly Labelled[] {
  const health = run.generator;
  if (health === undefined) return [];
  const drops = run.dropped.filter((drop) => drop.count > 0);
  const waits = health.connectionWaits ?? 0;
  const { plannedRate } = health;
  const planned = plannedRate === undefined ? '' : ` of ${formatQuantity(plannedRate, '/s')} planned`;
  const numbers = [
    health.healthy ? 'healthy' : 'not healthy',
    `${formatQuantity(health.achievedRate, '/s')}${planned}`,
    `lag p99 ${formatMillis(health.lagP99)}`,
    `${formatQuantity(health.cpuSeconds, '')} CPU s`,
    `${formatCount(health.connectionsOpened)} connections`,
    `${formatCount(health.maxInFlight)} in flight at most`,
  ].join(', ');
  return [
    {
      label: 'load',
      texts: [numbers, ...health.reasons.map((reason) => `- ${printable(reason)}`)],
      ...(health.healthy ? {} : { tone: 'warn' as const }),
    },
    {
      label: 'waited',
      texts:
        waits === 0
          ? []
          : [
              `${formatCount(waits)} requests, because all connections that safety.maxConnections allows were in use: the wait is part of their latency`,
            ],
      tone: 'warn',
    },
    {
      label: 'dropped',
      texts: drops.map((drop) => `${formatCount(drop.count)} in ${printable(drop.phase)}: ${drop.reason}`),
      tone: 'warn',
    },
  ];
}

function gapFacts(run: Run): readonly Labelled[] {
  const texts = run.gaps.map((gap) => {
    const whom = gap.requirements.length === 0 ? '' : ` (${gap.requirements.join(', ')})`;
    return printable(`${gap.kind} from ${gap.source} ${gap.reason}: ${gap.message}${whom}`);
  });
  return [{ label: 'unseen', texts, tone: 'warn' }];
}

function noteFacts(run: Run): readonly Labelled[] {
  const notes = run.verdicts.flatMap((verdict) =>
    verdict.notes.map((note) => printable(`${verdict.requirement}: ${note}`)),
  );
  return [{ label: 'notes', texts: notes }];
}
