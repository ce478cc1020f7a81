// Every YAML example of docs/language.md, and the README's, is right.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readReplayFile } from '../../../src/cli/replay-file.ts';
import { expandVerification } from '../../../src/spec/expand.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';

const path = join(import.meta.dirname, '../../../docs/language.md');
const page = readFileSync(path, 'utf8');

interface Example {
  readonly line: number;
  readonly text: string;
  readonly isReplay: boolean;
}

const examples: readonly Example[] = [...page.matchAll(/^(<!-- replay\.yaml -->\n)?```yaml\n([\s\S]*?)^```$/gm)].map(
  (match) => ({
    line: page.slice(0, match.index).split('\n').length + 1,
    text: match[2] ?? '',
    isReplay: match[1] !== undefined,
  }),
);

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** Whole documents as they are; requirements, other parts of `spec` and of its workload inside one that is right. */
function documentFor(text: string): string {
  if (text.startsWith('apiVersion')) return text;
  if (/^(#.*\n)*- /.test(text)) return documentWith({ requirements: indented(text, 4) });
  if (text.startsWith('transport:'))
    return documentWith().replace(/^ {4}target: .*\n/m, (target) => target + indented(text, 4));
  return documentWith({ spec: indented(text, 2) });
}

test('the page has its examples', () => {
  assert.ok(examples.length >= 9, String(examples.length));
});

for (const { line, text, isReplay } of examples)
  test(`the example at line ${line} is right`, async () => {
    if (isReplay) return assertReplayFile(text);
    const { diagnostics, verifications } = parseYaml(documentFor(text));
    assert.deepEqual(
      diagnostics.map(({ code, message, range }) => `${range.line} ${code} ${message}`),
      [],
    );
    assert.equal(verifications.length, 1);
    const openslo = documentFor(text)
      .split(/^---$/m)
      .filter((document) => document.includes('openslo/v1'));
    const again = parseYaml([...openslo, expandVerification(verifications[0]!)].join('\n---\n'));
    assert.deepEqual(withoutPlaces(again.verifications), withoutPlaces(verifications), 'written out it is another');
  });

/** Without where it was written and that its phases were not. */
function withoutPlaces(value: unknown): unknown {
  const isOfWriting = (key: string): boolean => key === 'definedAt' || key === 'hasPresetPhases';
  return JSON.parse(JSON.stringify(value, (key, inner) => (isOfWriting(key) ? undefined : inner)));
}

async function assertReplayFile(text: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'language-tour-'));
  writeFileSync(join(folder, 'replay.yaml'), text);
  const read = await readReplayFile(join(folder, 'replay.yaml'));
  rmSync(folder, { recursive: true });
  assert.ok(read.ok, read.ok ? '' : read.error);
}

test("the README's document is right", () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const [, indent = '', text = ''] = /^( *)```yaml\n([\s\S]*?)^\1```$/m.exec(readme) ?? [];
  const { diagnostics, verifications } = parseYaml(text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
  assert.deepEqual(diagnostics, []);
  assert.equal(verifications.length, 1);
});

test('every page that it links to is there', () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
  assert.deepEqual(
    links.filter((link) => !existsSync(join(dirname(path), link))),
    [],
  );
});
