// replay.yaml: which documents a recording is judged by, and which verdicts that must give.
import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Mechanism } from '../core/model/finding.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { InconclusiveReason, VerdictName } from '../core/model/verdict.ts';
import type { ExpectedRequirement, ExpectedVerdicts } from '../report/expected-verdicts.ts';
import { mechanismWords } from '../report/mechanism-words.ts';
import { reasonWords, verdictMarks } from '../report/verdict-words.ts';

export interface ReplayFile {
  /** Files or folders, relative to this file. */
  readonly documents: readonly string[];
  /** Which of the documents' verifications. */
  readonly verification: string;
  /** As `--only` and `--set` of the recorded run. */
  readonly only: readonly string[];
  readonly set: readonly { readonly path: string; readonly value: string }[];
  readonly expect: ExpectedVerdicts;
}

const keysOf = <K extends string>(words: Readonly<Record<K, unknown>>): readonly K[] => Object.keys(words) as K[];

const verdictName = z.enum(keysOf<VerdictName>(verdictMarks));
const expectedRequirement = z.union([
  verdictName.transform((verdict): ExpectedRequirement => ({ verdict })),
  z.strictObject({
    verdict: verdictName,
    reason: z.enum(keysOf<InconclusiveReason>(reasonWords)).optional(),
    mechanism: z.enum(keysOf<Mechanism>(mechanismWords)).optional(),
    service: z.string().optional(),
  }),
]);
const override = z
  .string()
  .regex(/^[^=]+=/, 'wanted path=value')
  .transform((text) => ({ path: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }));

const schema = z.strictObject({
  documents: z.union([z.string().transform((path) => [path]), z.array(z.string()).min(1)]),
  verification: z.string(),
  only: z.array(z.string()).default([]),
  set: z.array(override).default([]),
  expect: z.strictObject({
    verdict: verdictName.optional(),
    requirements: z.record(z.string(), expectedRequirement),
  }),
});

/** The error names the file, the field, and what was wanted. */
export async function readReplayFile(path: string): Promise<Result<ReplayFile, string>> {
  try {
    const parsed = schema.safeParse(parse(await readFile(path, 'utf8')));
    if (parsed.success) return ok(parsed.data);
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`);
    return err(`${path}: ${problems.join('; ')}`);
  } catch (cause) {
    return err(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** The file's text. Plain verdicts are one word each. */
export function replayFileText({ documents, verification, only, set, expect }: ReplayFile): string {
  const file = {
    documents: documents.length === 1 ? documents[0] : documents,
    verification,
    ...(only.length === 0 ? {} : { only }),
    ...(set.length === 0 ? {} : { set: set.map(({ path, value }) => `${path}=${value}`) }),
    expect: {
      ...(expect.verdict === undefined ? {} : { verdict: expect.verdict }),
      requirements: Object.fromEntries(
        Object.entries(expect.requirements).map(([id, wanted]) => [
          id,
          Object.keys(wanted).length === 1 ? wanted.verdict : wanted,
        ]),
      ),
    },
  };
  return `# What judging this recording must give: \`faultline replay\` compares, \`faultline replay --update\` writes what it gives now.
# \`documents\` may name the documents in use instead of the copies made when the run was recorded.
${stringify(file, { lineWidth: 0, flowCollectionPadding: true })}`;
}
