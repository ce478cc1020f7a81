// `require` and `warn`: a line, one clause as an object, or several. All are read by the one grammar and checked against the type's statistics.
import * as z from 'zod';
import type { Rule } from '../../core/model/requirement.ts';
import { checkRule } from '../check/check-rule.ts';
import type { DiagnosticCode } from '../diagnostics/diagnostic-codes.ts';
import { clauseLine, type LineStretch } from '../grammar/clause-form.ts';
import { contradictingKeys } from '../grammar/clause-keys.ts';
import { readRule } from '../grammar/parse-rule.ts';
import type { ParsedRule } from '../grammar/parsed-rule.ts';
import type { TextProblem } from '../grammar/text-problem.ts';
import type { RequirementLanguage } from '../requirement-language.ts';
import type { ClauseInput, RuleInput } from '../verification-document.ts';
import { mapping } from './mapping.ts';

const clauseSchema = mapping({
  stat: z.string().min(1),
  op: z.enum(['lte', 'lt', 'gte', 'gt', 'eq', 'between']),
  value: z.number().optional(),
  unit: z.string().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
  baselinePlus: z.string().optional(),
  times: mapping({ factor: z.number().positive(), stat: z.string().min(1) }).optional(),
  target: z.number().gt(0).max(1).optional(),
  inSlices: z.number().gt(0).max(1).optional(),
  over: z.string().optional(),
  while: z.array(z.string()).min(1).optional(),
  after: z.string().optional(),
});

type Context = { readonly issues: z.core.$ZodRawIssue[] };

/** The schema of a rule on the statistics of one type. */
export function ruleSchema(language: RequirementLanguage): z.ZodType<Rule, RuleInput> {
  const line = z
    .unknown()
    .transform((value, context) => {
      if (typeof value !== 'string') {
        context.issues.push({
          code: 'custom',
          message: '',
          input: value,
          params: { wanted: 'a rule such as p99 <= 300ms' },
        });
        return z.NEVER;
      }
      const read = readLine(value, language);
      for (const found of read.problems) {
        const { message, ...params } = found;
        context.issues.push({ code: 'custom', message, input: value, params });
      }
      return read.rule === undefined ? z.NEVER : toRule([read.rule]);
    })
    .meta({ type: 'string', description: 'A rule such as p99 <= 300ms' });
  const single = clauseSchema.transform((clause, context) =>
    readClauses([clause as ClauseInput], [[]], language, context),
  );
  const several = z
    .array(clauseSchema)
    .min(1)
    .transform((clauses, context) =>
      readClauses(
        clauses as ClauseInput[],
        clauses.map((_, index) => [index]),
        language,
        context,
      ),
    );
  return z.union([line, single, several]) as unknown as z.ZodType<Rule, RuleInput>;
}

interface Line {
  readonly rule?: ParsedRule;
  readonly problems: readonly TextProblem[];
}

function readLine(text: string, language: RequirementLanguage): Line {
  const read = readRule(text);
  const problems = [...read.problems, ...checkRule(read.rule, language)];
  return problems.length === 0 ? { rule: read.rule, problems } : { problems };
}

function readClauses(
  clauses: readonly ClauseInput[],
  paths: readonly (readonly number[])[],
  language: RequirementLanguage,
  context: Context,
): Rule {
  const read: ParsedRule[] = [];
  for (const [index, clause] of clauses.entries()) {
    const { rule, problems } = readClause(clause, language);
    for (const { key, ...found } of problems) {
      const path = [...paths[index]!, ...(key === undefined ? [] : [key])];
      context.issues.push({
        code: 'custom',
        message: found.message,
        input: clause,
        path,
        params: { code: found.code, help: found.help },
      });
    }
    if (rule !== undefined) read.push(rule);
  }
  return toRule(read);
}

interface ReadClause {
  readonly rule?: ParsedRule;
  readonly problems: readonly {
    readonly code: DiagnosticCode;
    readonly message: string;
    readonly help?: string;
    /** Absent: the whole object. */
    readonly key?: keyof ClauseInput | undefined;
  }[];
}

function readClause(clause: ClauseInput, language: RequirementLanguage): ReadClause {
  const contradiction = contradictingKeys(clause);
  if (contradiction !== undefined) return { problems: [{ code: 'SPEC_KEYS_EXCLUSIVE', ...contradiction }] };
  const { text, stretches } = clauseLine(clause);
  const { rule, problems } = readLine(text, language);
  const second = rule?.clauses[1]?.parts.stat;
  if (second !== undefined) {
    const found = stretches.find(({ from, to }) => second.from >= from && second.from <= to)?.key ?? 'stat';
    // A number holds no words: its unit does.
    const key = typeof clause[found] === 'number' ? 'unit' : found;
    const message = `an object is one clause, and its \`${key}\` begins another`;
    return { problems: [{ code: 'SPEC_RULE_SYNTAX', message, help: 'write each clause as an object of a list', key }] };
  }
  const placed = problems.map((found) => ({ ...found, key: keyOf(found, stretches, clause) }));
  return rule === undefined ? { problems: placed } : { rule, problems: placed };
}

/** The key of the object that a problem of its line is about: the stretch that it starts in, if the object has that key. */
function keyOf(
  found: TextProblem,
  stretches: readonly LineStretch[],
  clause: ClauseInput,
): keyof ClauseInput | undefined {
  if (clause.unit !== undefined && UNIT_CODES.has(found.code)) return 'unit';
  const key = stretches.find((stretch) => found.from >= stretch.from && found.from <= stretch.to)?.key;
  return key === undefined || clause[key] === undefined ? undefined : key;
}

const UNIT_CODES: ReadonlySet<string> = new Set(['SPEC_RULE_UNIT', 'SPEC_UNIT_UNKNOWN', 'SPEC_UNIT_MISSING']);

function toRule(parsed: readonly ParsedRule[]): Rule {
  return {
    clauses: parsed.flatMap((rule) => rule.clauses.map((each) => each.clause)),
    text: parsed.map((rule) => rule.text).join(' and '),
  };
}
