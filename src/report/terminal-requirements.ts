// The first part of the terminal report: every requirement with its numbers, worst first, and the where below the broken ones.
import type { Run } from '../core/model/run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { attributionOf, isSameCause } from './attribution-of.ts';
import { historyTexts } from './history-text.ts';
import { type Labelled, labelledLines } from './labelled-lines.ts';
import { printable } from './printable.ts';
import { requirementHeads } from './terminal-requirement-heads.ts';
import type { TerminalStyle } from './terminal-style.ts';
import { type ToldCause, whereLines } from './terminal-where.ts';
import { needText, reasonWords, verdictMarks } from './verdict-words.ts';
import { worstFirst } from './worst-first.ts';

interface Options {
  readonly width: number;
  readonly style: TerminalStyle;
}

/** Lines of the requirements part, without a heading. A run without requirements gets a sentence that says so. */
export function requirementLines(run: Run, options: Options): readonly string[] {
  const verdicts = worstFirst(run.verdicts);
  if (verdicts.length === 0)
    return [`No requirement was judged${run.message === undefined ? '.' : `: ${printable(run.message)}`}`];
  const { header, heads } = requirementHeads(verdicts, options);
  const told: ToldCause[] = [];
  return [
    ...(header === undefined ? [] : [header]),
    ...verdicts.flatMap((verdict, i) => {
      const details = labelledLines(detailsOf(run, verdict, told), { ...options, indent: 3 });
      remember(run, verdict, told);
      const next = verdicts[i + 1];
      return [...(heads[i] ?? []), ...details, ...(details.length > 0 && next !== undefined ? [''] : [])];
    }),
  ];
}

function remember(run: Run, verdict: Verdict, told: ToldCause[]): void {
  const finding = attributionOf(run, verdict.requirement).findings[0];
  if (finding === undefined || verdict.verdict === 'pass' || told.some((each) => isSameCause(each.finding, finding)))
    return;
  told.push({ requirement: verdict.requirement, finding });
}

/** A passing requirement needs no words but of its history; its remarks stand among the notes. */
function detailsOf(run: Run, verdict: Verdict, told: readonly ToldCause[]): readonly Labelled[] {
  const history: Labelled = { label: 'history', texts: historyTexts(run, verdict.requirement) };
  if (verdict.verdict === 'pass') return [history];
  const { file, line } = verdict.definedAt;
  const others = verdict.clauses.slice(1).filter((clause) => clause.verdict !== 'pass');
  return [
    { label: 'verdict', texts: [verdictSentence(verdict)] },
    { label: 'need', texts: [printable(needText(verdict))] },
    {
      label: 'clauses',
      texts: others.map((clause) => `${verdictMarks[clause.verdict]} ${printable(clause.explanation)}`),
    },
    ...(verdict.verdict === 'fail' || verdict.verdict === 'warn' ? whereLines(run, verdict, told) : []),
    history,
    { label: 'rule', texts: [`${printable(verdict.rule)} (${printable(file)}:${line})`], tone: 'quiet' },
  ];
}

function verdictSentence(verdict: Verdict): string {
  const reason = verdict.reason === undefined ? '' : `${reasonWords[verdict.reason]}: `;
  return `${reason}${printable(verdict.explanation)}`;
}
