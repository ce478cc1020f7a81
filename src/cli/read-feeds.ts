// Reads the data feeds that scenarios draw their variables from: CSV with a header line, or a JSON array of objects.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type UnfilledVariable, unfilledVariables } from '../core/load/unfilled-variables.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Verification } from '../core/model/verification.ts';
import type { Feed, FeedRow, Scenario } from '../core/model/workload.ts';
import { besideDocument } from '../spec/beside-document.ts';

/** `scenario` and `step` are indexes; without `step` the problem is the feed's own. */
export interface FeedProblem {
  readonly message: string;
  readonly scenario: number;
  readonly step?: number;
}

/** Rows by feed name; every variable of every journey has its value then. Paths are relative to the document. */
export async function readFeeds(
  verification: Verification,
): Promise<Result<Readonly<Record<string, readonly FeedRow[]>>, readonly FeedProblem[]>> {
  const scenarios = verification.workload?.scenarios ?? [];
  const rows: Record<string, readonly FeedRow[]> = {};
  const pathOf = new Map<string, string>();
  const problems: FeedProblem[] = [];
  for (const [scenario, { feeds }] of scenarios.entries()) {
    for (const feed of feeds) {
      const problem = (message: string): number =>
        problems.push({ message: `feed ${feed.name}: ${message}`, scenario });
      const path = resolve(besideDocument(feed.path, verification.definedAt.file));
      const before = pathOf.get(feed.name);
      if (before !== undefined && before !== path) problem(`the name stands for two files, ${before} and ${path}`);
      if (before !== undefined) continue;
      pathOf.set(feed.name, path);
      const read = await readRows(path);
      if (read.ok) rows[feed.name] = read.value;
      else problem(`${path}: ${read.error}`);
    }
  }
  // What a feed that cannot be read would fill in is not to be reported as well.
  if (problems.length > 0) return err(problems);
  const unfilled = scenarios.flatMap((scenario, index) =>
    unfilledVariables(scenario, rows).map((each) => ({
      message: unfilledText(each, scenario, rows),
      scenario: index,
      step: each.step,
    })),
  );
  return unfilled.length > 0 ? err(unfilled) : ok(rows);
}

function unfilledText(
  { step, variable, lackedBy }: UnfilledVariable,
  { steps, feeds }: Scenario,
  rows: Readonly<Record<string, readonly FeedRow[]>>,
): string {
  const what = `step ${steps[step]?.name}: nothing fills in \`\${${variable}}\``;
  if (lackedBy !== undefined) return `${what} for row ${lackedBy.row + 1} of feed ${lackedBy.feed}`;
  const columns = feeds.map(({ name }: Feed) => `feed ${name} has ${Object.keys(rows[name]?.[0] ?? {}).join(', ')}`);
  return `${what}: ${[...columns, 'no earlier step captures it'].join('; ')}`;
}

async function readRows(path: string): Promise<Result<readonly FeedRow[], string>> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => cause);
  if (text instanceof Error) return err(text.code === 'ENOENT' ? 'no such file' : text.message);
  const rows = path.endsWith('.json') ? jsonRows(text) : csvRows(text);
  return rows.ok && rows.value.length === 0 ? err('no rows') : rows;
}

function jsonRows(text: string): Result<readonly FeedRow[], string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    return err((cause as SyntaxError).message);
  }
  if (!Array.isArray(parsed)) return err('wanted a JSON array of objects');
  const rows: readonly unknown[] = parsed;
  const wrong = rows.findIndex((row) => typeof row !== 'object' || row === null || Array.isArray(row));
  if (wrong !== -1) return err(`wanted a JSON array of objects, and item ${wrong + 1} is none`);
  return ok(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row as object).map(([key, value]: [string, unknown]) => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ),
    ),
  );
}

/** RFC 4180. Lines of another length than the header's are an error, not rows with holes. */
function csvRows(text: string): Result<readonly FeedRow[], string> {
  try {
    return ok(
      parse(text, {
        bom: true,
        columns: (header: readonly string[]) => header.map((name) => name.trim()),
        skip_empty_lines: true,
      }),
    );
  } catch (cause) {
    return err((cause as Error).message);
  }
}
