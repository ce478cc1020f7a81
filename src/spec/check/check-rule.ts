// Whether a rule says something that its requirement type can judge: statistics, arguments, units, limits that can hold and can fail.
import type { CanonicalUnit, Limit, Quantity, Stat } from '../../core/model/requirement.ts';
import type { StatArgument, StatForm } from '../../core/slo/requirement-type.ts';
import { suggest } from '../diagnostics/did-you-mean.ts';
import { parseDuration } from '../grammar/duration.ts';
import type { ClauseParts, ParsedClause, ParsedRule } from '../grammar/parsed-rule.ts';
import { looksLikeQuantile } from '../grammar/parse-stat.ts';
import { describeUnits, parseQuantity } from '../grammar/quantity.ts';
import type { Token } from '../grammar/scanner.ts';
import type { TextProblem } from '../grammar/text-problem.ts';
import type { RequirementLanguage } from '../requirement-language.ts';

/** All problems of a rule, at their places in its text. Names of phases and requirements are checked elsewhere. */
export function checkRule(rule: ParsedRule, language: RequirementLanguage): readonly TextProblem[] {
  return rule.clauses.flatMap((clause) => checkClause(clause, language));
}

/** How a statistic of a type is written, for messages and the reference: `p95`, `perUser p10`, `burnRate(1h)`. */
export function writtenForm(form: StatForm): string {
  const of = form.of?.[0];
  if (form.kind === 'quantile') return of === undefined ? 'p99' : `${of} p99`;
  const args = form.args.length === 0 ? '' : `(${form.args.map((arg) => EXAMPLES[arg]).join(', ')})`;
  return `${form.name}${args}${of === undefined ? '' : ` ${of}`}`;
}

const EXAMPLES: Readonly<Record<StatArgument, string>> = {
  phase: 'peak',
  requirement: 'CHK-01',
  duration: '1h',
  quantile: 'p95',
  number: '4',
  name: 'name',
};

function checkClause({ clause, parts }: ParsedClause, language: RequirementLanguage): readonly TextProblem[] {
  const form = findForm(clause.stat, language.stats);
  if (form === undefined) return [unknownStat(clause.stat, parts.stat, language)];
  const problems = [
    ...checkArguments(form, clause.stat, parts.stat, parts.args),
    ...checkLimit(clause.limit, form, parts.limit, language),
    ...checkConditions(parts, form, language),
  ];
  if (clause.limit.kind === 'fixed') problems.push(...checkPossible(clause.op, clause.limit.quantity, parts.limit));
  return problems;
}

/** Conditions that the statistic would ignore. */
function checkConditions(parts: ClauseParts, form: StatForm, language: RequirementLanguage): TextProblem[] {
  const refuse = (token: Token | undefined, written: string, isKnown: true | undefined): TextProblem[] => {
    if (token === undefined || isKnown) return [];
    return [
      {
        code: 'SPEC_RULE_LIMIT',
        message: `\`${writtenForm(form)}\` of type \`${language.name}\` is not judged \`${written}\``,
        help: 'remove the condition',
        from: token.from,
        to: token.to,
      },
    ];
  };
  return [
    ...refuse(parts.inSlices, 'in a share of slices', form.inSlices),
    ...refuse(parts.over, 'over a duration', form.over),
    ...refuse(parts.while[0], 'while others hold', form.while),
  ];
}

/** The form that a statistic has in a type, if any. */
export function findForm(stat: Stat, forms: readonly StatForm[]): StatForm | undefined {
  const fitting = forms.filter((form) => {
    const isOf = stat.of === undefined ? form.of === undefined : (form.of?.includes(stat.of) ?? false);
    if (stat.kind === 'quantile') return form.kind === 'quantile' && isOf;
    return form.kind === 'named' && form.name === stat.name && isOf;
  });
  // `slope` takes a percentile or a name: of several forms, the one whose arguments fit.
  return (
    fitting.find((form) => form.kind === 'quantile' || (stat.kind === 'named' && haveForm(stat.args, form.args))) ??
    fitting[0]
  );
}

function haveForm(given: readonly string[], wanted: readonly StatArgument[]): boolean {
  return (
    given.length === wanted.length &&
    given.every((arg, index) => wanted[index] !== 'quantile' || looksLikeQuantile(arg))
  );
}

function unknownStat(stat: Stat, token: Token, language: RequirementLanguage): TextProblem {
  const known = [...new Set(language.stats.map(writtenForm))];
  const word = stat.kind === 'named' ? stat.name : token.text;
  const named = language.stats.flatMap((form) => (form.kind === 'named' ? [form.name] : []));
  const near = suggest(word, named, 'statistic');
  const help = near.startsWith('did') ? near : `statistics of ${language.name}: ${known.join(', ')}`;
  return {
    code: 'SPEC_RULE_STATISTIC',
    message: `a requirement of type \`${language.name}\` has no statistic \`${token.text}\``,
    help,
    from: token.from,
    to: token.to,
  };
}

function checkArguments(form: StatForm, stat: Stat, token: Token, args: readonly Token[]): TextProblem[] {
  const wanted = form.kind === 'named' ? form.args : [];
  const given = stat.kind === 'named' ? args : [];
  if (given.length !== wanted.length) {
    const message =
      wanted.length === 0
        ? `\`${token.text}\` takes no argument`
        : `\`${form.kind === 'named' ? form.name : ''}\` takes ${wanted.length} argument${wanted.length === 1 ? '' : 's'}, found ${given.length}`;
    return [
      { code: 'SPEC_RULE_ARGUMENT', message, help: `write \`${writtenForm(form)}\``, from: token.from, to: token.to },
    ];
  }
  return given.flatMap((arg, index) => checkArgument(arg, wanted[index]!));
}

function checkArgument(arg: Token, kind: StatArgument): TextProblem[] {
  const wrong = (wanted: string): TextProblem[] => [
    {
      code: 'SPEC_RULE_ARGUMENT',
      message: `${wanted} is wanted here, found \`${arg.text}\``,
      from: arg.from,
      to: arg.to,
    },
  ];
  if (kind === 'duration') {
    const duration = parseDuration(arg.text);
    if (!duration.ok) return [{ ...duration.error, from: arg.from, to: arg.to }];
  }
  if (kind === 'quantile' && !looksLikeQuantile(arg.text)) return wrong('a percentile such as p95');
  if (kind === 'number' && !/^\d+(\.\d+)?$/.test(arg.text)) return wrong('a number');
  return [];
}

function checkLimit(limit: Limit, form: StatForm, token: Token, language: RequirementLanguage): TextProblem[] {
  if (!(form.limits ?? ['fixed', 'range']).includes(limit.kind))
    return [wrongKindOfLimit(limit, form, token, language)];
  switch (limit.kind) {
    case 'fixed':
      return checkUnit(limit.quantity, form.units, token);
    case 'range':
      return [...checkUnit(limit.low, form.units, token), ...checkUnit(limit.high, form.units, token)];
    case 'baseline':
      return limit.plus.unit === 'ratio' ? [] : checkUnit(limit.plus, form.units, token);
    case 'multiple':
      return findForm(limit.stat, language.stats) === undefined ? [unknownStat(limit.stat, token, language)] : [];
  }
}

function wrongKindOfLimit(limit: Limit, form: StatForm, token: Token, language: RequirementLanguage): TextProblem {
  const what = { fixed: 'a fixed quantity', range: 'a range', baseline: 'earlier runs', multiple: 'another statistic' }[
    limit.kind
  ];
  const isComparison = limit.kind === 'baseline' || limit.kind === 'multiple';
  const help = isComparison
    ? 'comparisons are judged by `type: degradation`'
    : 'write `baseline + 10%` or `2 x p95(idle)`';
  return {
    code: 'SPEC_RULE_LIMIT',
    message: `\`${writtenForm(form)}\` of type \`${language.name}\` is not compared with ${what}`,
    help,
    from: token.from,
    to: token.to,
  };
}

function checkUnit(quantity: Quantity, allowed: readonly CanonicalUnit[], token: Token): TextProblem[] {
  if (allowed.includes(quantity.unit)) return [];
  const place = { from: token.from, to: token.to };
  if (quantity.unit !== '') {
    const help = allowed.length === 1 && allowed[0] === '' ? 'write the number alone' : undefined;
    return [
      {
        code: 'SPEC_RULE_UNIT',
        message: `the unit must be ${describeUnits(allowed)}; found \`${quantity.text}\``,
        ...(help === undefined ? {} : { help }),
        ...place,
      },
    ];
  }
  const asked = parseQuantity(quantity.text, allowed);
  return asked.ok ? [] : [{ ...asked.error, ...place }];
}

/** Limits that decide nothing: shares of 100% and more, times below zero. */
function checkPossible(op: string, { value, unit, text }: Quantity, token: Token): TextProblem[] {
  const place = { from: token.from, to: token.to };
  const impossible = (message: string, help?: string): TextProblem[] => [
    { code: 'SPEC_RULE_IMPOSSIBLE', message, ...(help === undefined ? {} : { help }), ...place },
  ];
  const isUpper = op === 'lte' || op === 'lt';
  if (value < 0 && unit !== 'ms/h' && unit !== 'B/h' && unit !== '')
    return impossible(`nothing is below zero, found \`${text}\``);
  if (unit === 'ratio' && value > 1)
    return impossible(`a share never exceeds 100%, found \`${text}\``, 'of a growth, write `baseline + 150%`');
  if (unit === 'ratio' && value === 1 && isUpper) return impossible('every share is at most 100%: this always holds');
  if (unit === 'ratio' && value === 0 && op === 'gte')
    return impossible('every share is at least 0%: this always holds');
  if (unit === 'ratio' && value === 1 && op === 'gt') return impossible('no share exceeds 100%: this can never hold');
  if (unit === 'ms' && value === 0 && isUpper) return impossible(`nothing takes no time: \`${text}\` can never hold`);
  return [];
}
