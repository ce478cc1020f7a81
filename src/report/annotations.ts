// GitHub workflow commands that mark broken requirements in the document itself.
import type { Run } from '../core/model/run.ts';
import type { Verdict, VerdictName } from '../core/model/verdict.ts';
import { attributionOf } from './attribution-of.ts';
import { defaultFailOn } from './default-fail-on.ts';
import { mechanismWords } from './mechanism-words.ts';
import { chain, effectText } from './terminal-where.ts';
import { needText, verdictWords } from './verdict-words.ts';
import { worstFirst } from './worst-first.ts';

/** GitHub shows so many annotations of each level a step. */
const shownPerLevel = 10;

type Level = 'error' | 'warning' | 'notice';

/**
 * Lines for the step's output, worst first: at most ten errors (a `must` that fails the step) and ten warnings (everything else that did not pass); where more are
 * broken, the tenth says how many were left out. Where none is broken and the run is no pass all the same, one line says why. Empty when all passed.
 */
export function githubAnnotations(run: Run, failOn: readonly VerdictName[] = defaultFailOn): readonly string[] {
  const broken = worstFirst(run.verdicts).filter((verdict) => verdict.verdict !== 'pass');
  if (broken.length === 0 && run.verdict === 'inconclusive' && run.message !== undefined) {
    const level: Level = failOn.includes('inconclusive') ? 'error' : 'warning';
    return [`::${level} title=${escapeProperty(`${run.plan.verification} inconclusive`)}::${escapeText(run.message)}`];
  }
  return (['error', 'warning', 'notice'] as const).flatMap((level) =>
    limited(
      level,
      broken.filter((verdict) => levelOf(verdict, failOn) === level).map((verdict) => lineOf(level, run, verdict)),
    ),
  );
}

/** As junit.xml: a `must` is an error where its verdict fails the step, and so is a warning that does. */
function levelOf({ priority, verdict, skipped }: Verdict, failOn: readonly VerdictName[]): Level {
  if (priority === 'info' || skipped === true) return 'notice';
  const isFailing = failOn.includes(verdict) && (priority === 'must' || verdict === 'warn');
  return isFailing ? 'error' : 'warning';
}

function limited(level: Level, lines: readonly string[]): readonly string[] {
  if (lines.length <= shownPerLevel) return lines;
  const left = lines.length - (shownPerLevel - 1);
  return [...lines.slice(0, shownPerLevel - 1), `::${level}::and ${left} more requirements; the report lists them`];
}

function lineOf(level: Level, run: Run, verdict: Verdict): string {
  const { file, line, endLine, column } = verdict.definedAt;
  const title = `${verdict.requirement} ${verdictWords[verdict.verdict]}: ${verdict.title}`;
  const properties = { file, line, endLine: Math.max(line, endLine), col: column, title };
  const place = Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${level} ${place}::${escapeText(messageOf(run, verdict))}`;
}

function messageOf(run: Run, verdict: Verdict): string {
  const { findings, notAttributable } = attributionOf(run, verdict.requirement);
  const first = findings[0];
  return [
    verdict.explanation,
    needText(verdict) === '' ? '' : `Needed: ${needText(verdict)}`,
    first === undefined ? '' : `Where: ${chain(first)} (${mechanismWords[first.mechanism]}, ${effectText(first)})`,
    first?.explanation ?? '',
    first === undefined ? '' : `Do: ${first.advice}`,
    first === undefined && notAttributable !== undefined ? `Not attributable: ${notAttributable}` : '',
  ]
    .filter((each) => each !== '')
    .join('\n');
}

/** actions/toolkit, packages/core/src/command.ts. */
function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
