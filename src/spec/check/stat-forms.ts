// The statistics of a requirement type: which form a statistic of a rule has, and how forms are written.
import type { Stat } from '../../core/model/requirement.ts';
import type { StatArgument, StatForm } from '../../core/slo/requirement-type.ts';
import { nearestWord } from '../diagnostics/did-you-mean.ts';
import { looksLikeQuantile } from '../grammar/parse-stat.ts';
import type { Token } from '../grammar/scanner.ts';
import type { TextProblem } from '../grammar/text-problem.ts';
import type { RequirementLanguage } from '../requirement-language.ts';

/** The form that a statistic has in a type, if any. Of several of one name (`slope` takes a percentile or a name), the one whose arguments fit. */
export function findForm(stat: Stat, forms: readonly StatForm[]): StatForm | undefined {
  const fitting = forms.filter((form) => isOfForm(stat, form));
  const exact = fitting.find(
    (form) => stat.kind === 'quantile' || (form.kind === 'named' && haveForm(stat.args, form.args)),
  );
  return exact ?? fitting[0];
}

function isOfForm(stat: Stat, form: StatForm): boolean {
  // A percentile says of what; `max` alone is understood.
  const isOf =
    stat.of === undefined ? form.of === undefined || form.kind === 'named' : (form.of?.includes(stat.of) ?? false);
  if (stat.kind === 'quantile' || form.kind === 'quantile') return stat.kind === form.kind && isOf;
  return form.name === stat.name && isOf;
}

function haveForm(given: readonly string[], wanted: readonly StatArgument[]): boolean {
  return (
    given.length === wanted.length &&
    given.every((arg, index) => wanted[index] !== 'quantile' || looksLikeQuantile(arg))
  );
}

/** How a form is written: `p99`, `perUser p99`, `burnRate(1h)`; arguments as in the type's own example where it has them. */
export function writtenForm(form: StatForm, example: string): string {
  const of = form.of?.[0];
  if (form.kind === 'quantile') return of === undefined ? 'p99' : `${of} p99`;
  const name = form.name.replaceAll('.', '\\.');
  const shown = new RegExp(`\\b${name}\\(([^)]*)\\)`).exec(example)?.[1];
  const isShown = shown !== undefined && shown.split(',').length === form.args.length;
  const args = isShown ? shown : form.args.map((arg) => PLACEHOLDERS[arg]).join(', ');
  return `${form.name}${form.args.length === 0 ? '' : `(${args})`}${of === undefined ? '' : ` ${of}`}`;
}

const PLACEHOLDERS: Readonly<Record<StatArgument, string>> = {
  phase: 'peak',
  requirement: 'CHK-01',
  duration: '1h',
  quantile: 'p95',
  number: '4',
  name: 'name',
};

/** The problem of a statistic that the type does not have: the nearest one, or all it has. */
export function unknownStat(stat: Stat, token: Token, language: RequirementLanguage): TextProblem {
  const names = language.stats.flatMap((form) => (form.kind === 'named' ? [form.name] : []));
  const near = nearestWord(stat.kind === 'named' ? stat.name : token.text, names);
  const known = [...new Set(language.stats.map((form) => writtenForm(form, language.example)))].join(', ');
  return {
    code: 'SPEC_RULE_STATISTIC',
    message: `a requirement of type \`${language.name}\` has no statistic \`${token.text}\``,
    help: near === undefined ? `statistics of ${language.name}: ${known}` : `did you mean \`${near}\`?`,
    from: token.from,
    to: token.to,
  };
}
