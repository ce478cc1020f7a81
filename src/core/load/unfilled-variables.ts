// Variables of a journey that neither an earlier step nor a feed fills in.
import type { FeedRow, Scenario, Step } from '../model/workload.ts';
import { parseTemplate } from './template.ts';

export interface UnfilledVariable {
  /** Index of the step in its scenario. */
  readonly step: number;
  readonly variable: string;
  /** The first row (from 0) of a feed whose other rows have the column. */
  readonly lackedBy?: { readonly feed: string; readonly row: number };
}

/** In the order of the steps, each once a step. `rows`: those of each feed of the scenario, by its name. */
export function unfilledVariables(
  scenario: Scenario,
  rows: Readonly<Record<string, readonly FeedRow[]>>,
): readonly UnfilledVariable[] {
  const captured = new Set<string>();
  return scenario.steps.flatMap((step, index) => {
    const unfilled = variablesOf(step)
      .filter((name) => !captured.has(name))
      .flatMap((variable) => lackOf(variable, scenario, rows).map((lack) => ({ step: index, variable, ...lack })));
    for (const { variable } of step.captures) captured.add(variable);
    return unfilled;
  });
}

/** Nothing when some feed has the column in every row, as `column` or as `feed.column`. */
function lackOf(
  variable: string,
  { feeds }: Scenario,
  rows: Readonly<Record<string, readonly FeedRow[]>>,
): readonly Pick<UnfilledVariable, 'lackedBy'>[] {
  const lacks = feeds.map(({ name }) => {
    const has = (row: FeedRow): boolean =>
      Object.hasOwn(row, variable) ||
      (variable.startsWith(`${name}.`) && Object.hasOwn(row, variable.slice(name.length + 1)));
    const all = rows[name] ?? [];
    return { feed: name, row: all.findIndex((row) => !has(row)), hasAny: all.some(has) };
  });
  if (lacks.some(({ row, hasAny }) => hasAny && row === -1)) return [];
  const partly = lacks.find(({ hasAny }) => hasAny);
  return [partly === undefined ? {} : { lackedBy: { feed: partly.feed, row: partly.row } }];
}

/** Names of the `${name}` variables in everything that a step sends. */
function variablesOf({ path, query, headers, body }: Step): readonly string[] {
  const names = new Set<string>();
  for (const template of [path, ...Object.values(query), ...Object.values(headers), ...bodyTemplates(body)]) {
    const parsed = parseTemplate(template);
    if (!parsed.ok) continue;
    for (const part of parsed.value) if (part.kind === 'variable') names.add(part.name);
  }
  return [...names];
}

function bodyTemplates(body: Step['body']): readonly string[] {
  switch (body?.kind) {
    case 'json':
    case 'text':
      return [body.template];
    case 'form':
      return Object.values(body.fields);
    default:
      return [];
  }
}
