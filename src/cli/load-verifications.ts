// Documents from the command line to verifications; prints every diagnostic on the way.
import process from 'node:process';
import type { Diagnostic } from '../core/model/diagnostic.ts';
import type { Verification } from '../core/model/verification.ts';
import { type ParsedDocuments, type ParseOptions, parseVerifications } from '../spec/parse-documents.ts';
import { renderDiagnostic } from '../spec/render-diagnostic.ts';
import type { Console } from './console.ts';
import { type DocumentFile, readDocuments, readReferencedFile } from './read-documents.ts';
import type { RunFlags } from './run-options.ts';

/** Undefined when something is wrong: it has been said on standard error. */
export async function loadVerifications(
  paths: readonly string[],
  flags: Pick<RunFlags, 'set' | 'only'>,
  console: Console,
  missingVariables: ParseOptions['missingVariables'] = 'error',
): Promise<readonly Verification[] | undefined> {
  const parsed = await parseDocuments(paths, flags.set, console, missingVariables);
  if (parsed === undefined) return undefined;
  if (parsed.verifications.length === 0) {
    console.error(`faultline: ${paths.join(', ')}: no document of kind Verification found; nothing to verify`);
    return undefined;
  }
  return restrictTo(parsed.verifications, flags.only, console);
}

/** All documents of files and folders; undefined when one has an error: it has been said on standard error. */
export async function parseDocuments(
  paths: readonly string[],
  overrides: RunFlags['set'],
  console: Console,
  missingVariables: ParseOptions['missingVariables'] = 'error',
): Promise<ParsedDocuments | undefined> {
  const files = await readDocuments(paths);
  if (!files.ok) {
    console.error(`faultline: ${files.error}`);
    return undefined;
  }
  const environment = (name: string): string | undefined => process.env[name];
  const parsed = parseVerifications(files.value, {
    environment,
    overrides,
    readFile: readReferencedFile,
    missingVariables,
  });
  printDiagnostics(
    parsed.diagnostics.filter((each) => each.severity !== 'info'),
    files.value,
    console,
  );
  return parsed.diagnostics.some((diagnostic) => diagnostic.severity === 'error') ? undefined : parsed;
}

export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly DocumentFile[],
  console: Console,
): void {
  const texts = new Map(files.map((file) => [file.file, file.isGenerated === true ? '' : file.text]));
  for (const diagnostic of diagnostics) {
    console.error(`${renderDiagnostic(diagnostic, texts.get(diagnostic.range.file) ?? '', console.errorStyle)}\n\n`);
  }
}

/** Keeps the named requirements; an id that no document has is an error. */
function restrictTo(
  verifications: readonly Verification[],
  only: readonly string[],
  console: Console,
): readonly Verification[] | undefined {
  if (only.length === 0) return verifications;
  const known = verifications.flatMap((verification) => verification.requirements.map((requirement) => requirement.id));
  const unknown = only.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    console.error(
      `faultline: --only ${unknown.join(', ')}: no such requirement; the documents have ${known.join(', ')}`,
    );
    return undefined;
  }
  return verifications
    .map((verification) => ({
      ...verification,
      requirements: verification.requirements.filter((requirement) => only.includes(requirement.id)),
    }))
    .filter((verification) => verification.requirements.length > 0);
}
