// Reads the data feeds that scenarios draw their variables from: CSV with a header line, or a JSON array of objects.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Verification } from '../core/model/verification.ts';

type Row = Readonly<Record<string, string>>;

/** Paths are relative to the document. Rows by feed name. */
export async function readFeeds(
  verification: Verification,
): Promise<Result<Readonly<Record<string, readonly Row[]>>, string>> {
  const feeds: Record<string, readonly Row[]> = {};
  for (const feed of (verification.workload?.scenarios ?? []).flatMap((scenario) => scenario.feeds)) {
    const path = resolve(dirname(verification.definedAt.file), feed.path);
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => cause);
    if (text instanceof Error)
      return err(`feed ${feed.name}: ${path}: ${text.code === 'ENOENT' ? 'no such file' : text.message}`);
    const rows = path.endsWith('.json') ? jsonRows(text) : ok(csvRows(text));
    if (!rows.ok) return err(`feed ${feed.name}: ${path}: ${rows.error}`);
    if (rows.value.length === 0) return err(`feed ${feed.name}: ${path} holds no rows`);
    feeds[feed.name] = rows.value;
  }
  return ok(feeds);
}

function jsonRows(text: string): Result<readonly Row[], string> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return err('wanted a JSON array of objects');
    return ok(
      parsed.map((row: unknown) =>
        Object.fromEntries(
          Object.entries(Object(row)).map(([key, value]) => [
            key,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ),
      ),
    );
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
}

/** RFC 4180: quoted fields may hold commas, quotes ("") and line breaks. */
function csvRows(text: string): readonly Row[] {
  const [header = [], ...records] = csvRecords(text.replace(/^\uFEFF/, ''));
  return records.map((record) => Object.fromEntries(header.map((name, i) => [name.trim(), record[i] ?? ''])));
}

function csvRecords(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) break;
    const [, value = '', end] = match;
    record.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== ',') {
      if (record.length > 1 || record[0] !== '') records.push(record);
      record = [];
    }
  }
  return records;
}
