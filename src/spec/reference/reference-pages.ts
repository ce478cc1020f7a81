// The pages of docs/ that are written from the sources of the language: fields, requirement types, diagnostics.
import type { Limit } from '../../core/model/requirement.ts';
import type { OptionField, RequirementType, StatForm } from '../../core/slo/requirement-type.ts';
import { requirementTypes } from '../../core/slo/requirement-types.ts';
import { writtenForm } from '../check/stat-forms.ts';
import { diagnosticCodes } from '../diagnostics/diagnostic-codes.ts';
import { writtenUnits } from '../grammar/units.ts';
import { jsonSchema } from '../json-schema.ts';
import { type SchemaNode, schemaFields } from './describe-fields.ts';
import { markdownTable } from './markdown-table.ts';

export interface Page {
  /** Below docs/. */
  readonly path: string;
  readonly text: string;
}

/** Every generated page. The same sources give the same text. */
export function referencePages(): readonly Page[] {
  const types = Object.values(requirementTypes);
  return [
    { path: 'diagnostics.md', text: diagnosticsPage() },
    { path: 'reference/README.md', text: indexPage(types) },
    { path: 'reference/verification.md', text: fieldsPage() },
    ...types.map((type) => ({ path: `reference/${type.name}.md`, text: typePage(type) })),
  ];
}

const WRITTEN = '<!-- Written by docs/generate.ts from the sources. Do not edit. -->\n';

function diagnosticsPage(): string {
  const rows = Object.entries(diagnosticCodes).map(([code, { severity, title, doc }]) => [
    `\`${code}\``,
    severity,
    title,
    doc,
  ]);
  return `${WRITTEN}
# Diagnostics

Every problem that \`faultline check\` can report, by its stable code. Errors make a document unusable (exit 2); warnings and infos do not.
\`SPEC_\` is about what the document says, \`LINT_\` about what it will not decide.

${markdownTable([['code', 'severity', '', ''], ...rows])}
`;
}

function indexPage(types: readonly RequirementType[]): string {
  const rows = types.map(({ name, title }) => [`[\`${name}\`](${name}.md)`, title]);
  return `${WRITTEN}
# Reference

- [The \`Verification\` document](verification.md): every field.
- [Diagnostics](../diagnostics.md): every message of \`faultline check\`.
- The JSON Schema for editors: \`faultline export schema\`.

${markdownTable([['requirement type', ''], ...rows])}
`;
}

function fieldsPage(): string {
  return `${WRITTEN}
# The Verification document

\`*\` must be there (below an optional field: when that is there). \`[]\` is an item of a list. Values may come from the environment: \`\${NAME}\`, \`\${NAME:-default}\`, \`\${file:path}\`;
inside \`scenarios\`, \`\${name}\` is filled in for each request instead. Requirements have more fields by their type: see [the types](README.md).

${markdownTable([['field', ''], ...fieldRows()])}

## Rules

\`\`\`
rule      := clause { "and" clause }
clause    := stat op limit { condition }
           | "max" number "per" name
stat      := quantile | name [ "(" argument { "," argument } ")" ] | name quantile | ( "max" | "min" | "mean" ) name
quantile  := "p" digits [ "." digits ]
op        := "<=" | "<" | ">=" | ">" | "==" | "between"
limit     := quantity | "baseline" [ "+" quantity ] | number "x" stat | quantity "and" quantity    (behind "between")
condition := "in" share "of slices" | "over" duration | "while" "[" id { "," id } "]" | "after" phase
quantity  := number unit        ns us ms s m h d w | % | /s /min /h | B kB MB GB KiB MiB GiB | tok/s | USD | ms/h MiB/h | none
\`\`\`

The same as an object, for generators: \`{ stat: p99, op: lte, value: 300, unit: ms, target: 0.99 }\`, or a list of such. \`op\` is one of lte, lt, gte, gt, eq, between (\`low\`, \`high\`);
in place of \`value\`: \`baselinePlus: 10%\`, \`times: { factor: 2, stat: p95(idle) }\`; beside it: \`inSlices: 0.95\`, \`over: 1m\`, \`while: [ID]\`, \`after: phase\`. \`faultline fmt\` converts.
`;
}

/** Fields of every requirement; the object form of rules and the types' own fields are described elsewhere. */
function fieldRows(): readonly (readonly string[])[] {
  const schema = jsonSchema() as SchemaNode;
  const document = (schema['anyOf'] as readonly SchemaNode[])[0] ?? {};
  const own = Object.values(requirementTypes).flatMap(({ options }) =>
    Object.keys(options).map((name) => `spec.requirements[].${name}`),
  );
  const isElsewhere = (path: string): boolean =>
    own.some((field) => path.startsWith(field)) || /^spec\.requirements\[\]\.(require|warn)./.test(path);
  const rows = new Map<string, readonly string[]>();
  for (const { path, node, isRequired } of schemaFields(schema, document)) {
    if (!rows.has(path) && !isElsewhere(path))
      rows.set(path, [starred(path, isRequired), String(node['description'] ?? '')]);
  }
  return [...rows.values()];
}

function starred(path: string, isRequired: boolean): string {
  return `\`${path}\`${isRequired ? ' \\*' : ''}`;
}

function typePage(type: RequirementType): string {
  const { name, title, doc, example, stats, where, vantages, options, refs } = type;
  const references = Object.entries(refs).filter(([, presence]) => presence !== 'forbidden');
  const fields = [
    [
      '`where`',
      where.length === 0 ? 'nothing: it applies to the whole run' : where.map((field) => `\`${field}\``).join(', '),
    ],
    ['`source`', vantages.map((vantage, index) => `\`${vantage}\`${index === 0 ? ' (default)' : ''}`).join(', ')],
    ...references.map(([field, presence]) => [`\`${field}\``, presence]),
    ...Object.entries(options).flatMap(([field, option]) => optionRows(field, option)),
  ];
  return `${WRITTEN}
# ${name}

${title}.

\`\`\`yaml
${evenly(example)}
\`\`\`

${evenly(doc)}

## Statistics

${markdownTable([['', 'unit', 'compared with', 'conditions'], ...stats.map((form) => statRow(form, example))])}

## Fields

${markdownTable([['field', ''], ...fields])}
`;
}

/** Emphasis and quotes as formatters leave them. */
function evenly(text: string): string {
  return text.replaceAll(/(?<!\*)\*(\w[^*\n]*)\*(?!\*)/g, '_$1_').replaceAll(/'([^'"\n]*)'(?= })/g, '"$1"');
}

const COMPARED: Readonly<Record<Limit['kind'], string>> = {
  fixed: 'a quantity',
  range: 'a range',
  baseline: 'the baseline',
  multiple: 'another statistic',
};

function statRow(form: StatForm, example: string): readonly string[] {
  const conditions = [
    form.inSlices ? '`in 95% of slices`' : '',
    form.over ? '`over 1m`' : '',
    form.while ? '`while [ID]`' : '',
  ];
  const others = (form.of ?? []).slice(1).map((word) => `\`${word}\``);
  const any = form.kind === 'quantile' ? ' (any percentile)' : '';
  return [
    `\`${writtenForm(form, example)}\`${any}${others.length === 0 ? '' : `, also of ${others.join(', ')}`}`,
    form.units.map((unit) => (unit === '' ? 'none' : writtenUnits[unit])).join('; '),
    (form.limits ?? ['fixed', 'range']).map((limit) => COMPARED[limit]).join(', '),
    conditions.filter((text) => text !== '').join(', '),
  ];
}

function optionRows(path: string, field: OptionField): readonly (readonly string[])[] {
  const values = field.oneOf === undefined ? '' : ` One of ${field.oneOf.map((value) => `\`${value}\``).join(', ')}.`;
  return [
    [starred(path, field.required), field.doc + values],
    ...Object.entries(field.fields ?? {}).flatMap(([name, inner]) => optionRows(`${path}.${name}`, inner)),
  ];
}
