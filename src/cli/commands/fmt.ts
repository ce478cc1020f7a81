// `faultline fmt`: rules of documents in one form.
import { Command, Option } from 'commander';
import { formatDocument, type RuleForm } from '../../spec/format.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { printDiagnostics } from '../load-verifications.ts';
import { writeOutputFile } from '../output-files.ts';
import { isModule, readDocuments } from '../read-documents.ts';

interface FmtFlags {
  readonly rules: RuleForm;
  readonly check: boolean;
}

export function fmtCommand({ console, finish }: Cli): Command {
  return new Command('fmt')
    .description('write rules evenly, as lines or as objects; everything else of a file stays as it is')
    .argument('<paths...>', 'YAML documents or folders of them')
    .addOption(new Option('--rules <form>', 'form of require and warn').choices(['line', 'object']).default('line'))
    .option('--check', 'change nothing; exit 1 when something would change', false)
    .addHelpText('after', '\nExamples:\n  faultline fmt slos/\n  faultline fmt slos/checkout.yaml --rules object')
    .action(async (paths: readonly string[], { rules, check }: FmtFlags) => {
      const module = paths.find(isModule);
      if (module !== undefined) {
        console.error(`faultline: ${module}: fmt writes YAML; a module is formatted by the tools of its language`);
        return finish(exitCode.invalid);
      }
      const files = await readDocuments(paths);
      if (!files.ok) {
        console.error(`faultline: ${files.error}`);
        return finish(exitCode.invalid);
      }
      const formatted = files.value.map((file) => ({ ...file, ...formatDocument(file, rules), before: file.text }));
      const diagnostics = formatted.flatMap((each) => each.diagnostics);
      printDiagnostics(diagnostics, files.value, console);
      const changed = formatted.filter((each) => each.text !== each.before);
      for (const { file, text } of changed) {
        const written = check ? undefined : await writeOutputFile(file, text);
        if (written?.ok === false) {
          console.error(`faultline: ${written.error}`);
          return finish(exitCode.couldNotRun);
        }
        console.error(`${check ? 'would change' : 'changed'} ${file}`);
      }
      if (diagnostics.some(({ severity }) => severity === 'error')) return finish(exitCode.invalid);
      return finish(check && changed.length > 0 ? exitCode.failed : exitCode.ok);
    });
}
