// `faultline check`: validates and lints documents.
import process from 'node:process';
import { Command } from 'commander';
import type { Diagnostic } from '../../core/model/diagnostic.ts';
import { expandVerification } from '../../spec/expand.ts';
import { lintVerifications } from '../../spec/lint.ts';
import { type ParsedDocuments, parseVerifications } from '../../spec/parse-documents.ts';
import { diagnosticsJson } from '../../spec/render-diagnostic.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { printDiagnostics } from '../load-verifications.ts';
import { readDocuments, readReferencedFile } from '../read-documents.ts';
import { readFeeds } from '../read-feeds.ts';
import { missingWorkloadFiles } from '../workload-files.ts';

interface CheckFlags {
  readonly json: boolean;
  readonly expand: boolean;
}

export function checkCommand({ console, finish }: Cli): Command {
  return new Command('check')
    .description('validate and lint documents')
    .argument('<paths...>', 'YAML documents, TypeScript modules, or folders of documents')
    .option('--json', 'print diagnostics as JSON', false)
    .option('--expand', 'print the documents with phases and defaults filled in', false)
    .addHelpText('after', '\nExamples:\n  faultline check slos/\n  faultline check slos/checkout.yaml --expand')
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      const files = await readDocuments(paths);
      if (!files.ok) {
        console.error(`faultline: ${files.error}`);
        return finish(exitCode.invalid);
      }
      const parsed = parseVerifications(files.value, {
        environment: (name) => process.env[name],
        readFile: readReferencedFile,
        // A document can be checked where it is not run.
        missingVariables: 'warning',
      });
      const diagnostics = [
        ...parsed.diagnostics,
        ...(await fileProblems(parsed)),
        ...lintVerifications(parsed.verifications, parsed.locate),
      ];
      const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
      if (flags.json) console.out(JSON.stringify(diagnosticsJson(diagnostics), null, 2));
      else printDiagnostics(diagnostics, files.value, console);
      if (flags.expand && errors === 0) {
        for (const verification of parsed.verifications) console.out(expandVerification(verification));
      } else if (!flags.json) {
        console.error(summary(files.value.length, parsed.verifications.length, diagnostics.length, errors));
      }
      return finish(errors > 0 ? exitCode.invalid : exitCode.ok);
    });
}

/** What a run would say of the data feeds and of the other files of the workload. */
async function fileProblems({ verifications, diagnostics, locate }: ParsedDocuments): Promise<readonly Diagnostic[]> {
  // A text with an environment variable that is not set here still looks like one that a feed is to fill in.
  const unset = diagnostics.filter(({ code }) => code === 'SPEC_VARIABLE_MISSING').map(({ range }) => range.file);
  const problems = verifications.map(async (verification): Promise<readonly Diagnostic[]> => {
    const [feeds, files] = await Promise.all([readFeeds(verification), missingWorkloadFiles(verification)]);
    const isWhole = !unset.includes(verification.definedAt.file);
    const known = feeds.ok ? [] : feeds.error.filter(({ step }) => step === undefined || isWhole);
    const at = (...path: readonly (string | number)[]): Diagnostic['range'] =>
      locate(verification, ['spec', 'workload', ...path]);
    return [
      ...known.map(({ message, scenario, step }): Diagnostic => {
        const severity = 'error';
        return step === undefined
          ? { code: 'SPEC_FILE_MISSING', severity, message, range: at('scenarios', scenario, 'feed') }
          : { code: 'SPEC_TEMPLATE_UNKNOWN', severity, message, range: at('scenarios', scenario, 'steps', step) };
      }),
      ...files.map(({ message, place }): Diagnostic => {
        const help = 'a path is relative to the document';
        return { code: 'SPEC_FILE_MISSING', severity: 'error', message, help, range: at(...place) };
      }),
    ];
  });
  return (await Promise.all(problems)).flat();
}

function summary(files: number, verifications: number, diagnostics: number, errors: number): string {
  const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${counted(files, 'file')}, ${counted(verifications, 'verification')}: ${counted(errors, 'error')}, ${counted(diagnostics - errors, 'remark')}`;
}
