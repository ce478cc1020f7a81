// Whether a rule says something that its requirement type can judge.
import type { Comparison, Limit } from '../../core/model/requirement.ts';
import { isLower } from '../../core/slo/clauses/mean-clause.ts';
import type { StatArgument, StatForm } from '../../core/slo/requirement-type.ts';
import { parseDuration } from '../grammar/duration.ts';
import { isQuantile } from '../grammar/parse-stat.ts';
import type { ClauseParts, ParsedClause, ParsedRule } from '../grammar/parsed-rule.ts';
import type { Token } from '../grammar/scanner.ts';
import type { TextProblem } from '../grammar/text-problem.ts';
import type { RequirementLanguage } from '../requirement-language.ts';
import { checkPossible, checkUnit } from './check-quantity.ts';
import { findForm, unknownStat, writtenForm } from './stat-forms.ts';

/** All problems of a rule, at their places in its text. Names of phases and requirements are checked elsewhere. */
export function checkRule(rule: ParsedRule, language: RequirementLanguage): readonly TextProblem[] {
  return rule.clauses.flatMap((clause) => checkClause(clause, language));
}

function checkClause({ clause, parts }: ParsedClause, language: RequirementLanguage): readonly TextProblem[] {
  const form = findForm(clause.stat, language.stats);
  if (form === undefined) return [unknownStat(clause.stat, parts.stat, language)];
  return [
    ...checkArguments(form, parts, language),
    ...checkLimit(clause.limit, form, parts, language),
    ...checkConditions(form, parts, language),
    ...checkDirection(clause.op, form, parts, language),
    ...checkPossible(clause.op, clause.limit, form, parts.limit),
  ];
}

function checkArguments(
  form: StatForm,
  { stat, args }: Pick<ClauseParts, 'stat' | 'args'>,
  { example }: RequirementLanguage,
): readonly TextProblem[] {
  const wanted = form.kind === 'named' ? form.args : [];
  if (args.length === wanted.length) return args.flatMap((arg, index) => checkArgument(arg, wanted[index]!));
  const name = form.kind === 'named' ? form.name : stat.text;
  const message =
    wanted.length === 0
      ? `\`${name}\` takes no argument`
      : `\`${name}\` takes ${wanted.length} argument${wanted.length === 1 ? '' : 's'}, found ${args.length}`;
  return [
    {
      code: 'SPEC_RULE_ARGUMENT',
      message,
      help: `write \`${writtenForm(form, example)}\``,
      from: stat.from,
      to: stat.to,
    },
  ];
}

function checkArgument(arg: Token, kind: StatArgument): readonly TextProblem[] {
  const place = { from: arg.from, to: arg.to };
  if (kind === 'duration') {
    const duration = parseDuration(arg.text);
    if (!duration.ok) return [{ ...duration.error, ...place }];
    const message = `a duration above zero is wanted, found \`${arg.text}\``;
    return duration.value > 0 ? [] : [{ code: 'SPEC_VALUE_RANGE', message, ...place }];
  }
  const wanted =
    kind === 'quantile' && !isQuantile(arg.text)
      ? 'a percentile such as p95'
      : kind === 'number' && !(/^\d+(\.\d+)?$/.test(arg.text) && Number(arg.text) > 0)
        ? 'a number above zero'
        : undefined;
  return wanted === undefined
    ? []
    : [{ code: 'SPEC_RULE_ARGUMENT', message: `${wanted} is wanted here, found \`${arg.text}\``, ...place }];
}

function checkLimit(
  limit: Limit,
  form: StatForm,
  parts: ClauseParts,
  language: RequirementLanguage,
): readonly TextProblem[] {
  if (!(form.limits ?? ['fixed', 'range']).includes(limit.kind)) return [wrongKindOfLimit(limit, parts, language)];
  switch (limit.kind) {
    case 'fixed':
      return checkUnit(limit.quantity, form, parts.limit);
    case 'range':
      return [...checkUnit(limit.low, form, parts.limit), ...checkUnit(limit.high, form, parts.limit)];
    case 'baseline':
      return limit.plus.unit === 'ratio' ? [] : checkUnit(limit.plus, form, parts.limit);
    case 'multiple':
      return checkMultiple(limit, parts, language);
  }
}

/** What a multiple is of: a statistic that the type compares, of one phase. */
function checkMultiple(
  { factor, stat }: Extract<Limit, { kind: 'multiple' }>,
  { limit, limitArgs }: ClauseParts,
  language: RequirementLanguage,
): readonly TextProblem[] {
  const form = findForm(stat, language.stats);
  const place = { from: limit.from, to: limit.to };
  if (form === undefined) return [unknownStat(stat, limit, language)];
  if (!form.limits?.includes('multiple')) {
    const message = `\`${limit.text}\` is no multiple that \`${language.name}\` compares with`;
    return [{ code: 'SPEC_RULE_LIMIT', message, help: 'write `2 x p95(idle)`', ...place }];
  }
  if (!(factor > 0)) {
    const message = `\`${limit.text}\` is nothing, and nothing takes no time: this can never hold`;
    return [{ code: 'SPEC_RULE_IMPOSSIBLE', message, help: 'write `2 x p95(idle)`', ...place }];
  }
  if (form.kind === 'named' && form.args.length > 0)
    return checkArguments(form, { stat: limit, args: limitArgs }, language);
  const message = `\`${limit.text}\` does not say of which phase`;
  return [{ code: 'SPEC_RULE_ARGUMENT', message, help: `write \`${limit.text}(idle)\``, ...place }];
}

const KINDS_OF_LIMIT: Readonly<Record<Limit['kind'], string>> = {
  fixed: 'a fixed quantity',
  range: 'a range',
  baseline: 'earlier runs',
  multiple: 'another statistic',
};

function wrongKindOfLimit({ kind }: Limit, { stat, limit }: ClauseParts, { name }: RequirementLanguage): TextProblem {
  const isComparison = kind === 'baseline' || kind === 'multiple';
  const help = isComparison
    ? 'comparisons are judged by `type: degradation`'
    : 'write `baseline + 10%` or `2 x p95(idle)`';
  const message = `\`${stat.text}\` of type \`${name}\` is not compared with ${KINDS_OF_LIMIT[kind]}`;
  return { code: 'SPEC_RULE_LIMIT', message, help, from: limit.from, to: limit.to };
}

/** Conditions that the statistic would ignore. */
function checkConditions(form: StatForm, parts: ClauseParts, { name }: RequirementLanguage): readonly TextProblem[] {
  const refuse = (token: Token | undefined, written: string, isKnown: true | undefined): readonly TextProblem[] => {
    if (token === undefined || isKnown) return [];
    const message = `\`${parts.stat.text}\` of type \`${name}\` takes no \`${written}\``;
    return [{ code: 'SPEC_RULE_LIMIT', message, help: 'remove the condition', from: token.from, to: token.to }];
  };
  const isTwice = parts.inSlices !== undefined && parts.over !== undefined && form.inSlices && form.over;
  return [
    ...refuse(parts.inSlices, 'in 95% of slices', form.inSlices),
    ...refuse(parts.over, 'over 1m', form.over),
    ...refuse(parts.while[0], 'while [...]', form.while),
    ...(isTwice && parts.over !== undefined ? [sliceLengthElsewhere(parts.over)] : []),
    ...(form.while && parts.while.length === 0 ? [withoutWhile(parts.stat)] : []),
  ];
}

function sliceLengthElsewhere({ from, to }: Token): TextProblem {
  const message = 'the slices of `in ... of slices` have their length from `slice`, so `over` says nothing more';
  return { code: 'SPEC_RULE_LIMIT', message, help: 'write `slice: 1m` beside the rule, without `over`', from, to };
}

function withoutWhile({ text, from, to }: Token): TextProblem {
  const message = `\`${text}\` says how much load is carried while other requirements hold, and none is named`;
  return { code: 'SPEC_RULE_LIMIT', message, help: `write \`${text} >= 32 while [CHK-01]\``, from, to };
}

/** Limits that are judged in one direction only. */
function checkDirection(
  op: Comparison,
  form: StatForm,
  { op: token, stat }: ClauseParts,
  { name }: RequirementLanguage,
): readonly TextProblem[] {
  const isUpper = op === 'lte' || op === 'lt';
  const refuse = (wanted: string, why: string): readonly TextProblem[] => [
    {
      code: 'SPEC_RULE_LIMIT',
      message: `\`${stat.text}\` of type \`${name}\` ${why}, found \`${token.text}\``,
      help: `write \`${wanted}\``,
      from: token.from,
      to: token.to,
    },
  ];
  if (name === 'degradation' && !isUpper) return refuse('<=', 'may grow by at most so much');
  // That the largest of many reaches a limit, or that the smallest stays below one, says nothing of the others.
  if (form.kind === 'named' && form.name === 'max' && !isUpper) return refuse('<=', 'bounds the largest from above');
  if (form.kind === 'named' && form.name === 'min' && !isLower(op))
    return refuse('>=', 'bounds the smallest from below');
  return form.while && !isLower(op) ? refuse('>=', 'is at least so much') : [];
}
