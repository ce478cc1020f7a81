// `faultline export`: requirements in other tools' languages, and the schema and dashboards that come with the product.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { jsonSchema } from '../../spec/json-schema.ts';
import { exportOpenSlo } from '../../spec/openslo-export.ts';
import { exportRules } from '../../spec/rules-export.ts';
import type { Cli } from '../cli.ts';
import type { Console } from '../console.ts';
import { type ExitCode, exitCode } from '../exit-codes.ts';
import { parseDocuments } from '../load-verifications.ts';
import { unwritableOutputs, writeOutputFile } from '../output-files.ts';

export function exportCommand(cli: Cli): Command {
  const command = new Command('export')
    .description('write requirements as Prometheus rules or OpenSLO, the JSON Schema, the dashboards')
    .addHelpText(
      'after',
      `
Examples:
  faultline export rules slos/ --out prometheus/slo-rules.yaml
  faultline export openslo slos/ > openslo.yaml
  faultline export schema > faultline.schema.json
  faultline export dashboards --out grafana/dashboards`,
    );
  // What is typed wrong below a sub-command ends with the code of all wrong usage.
  for (const make of [rulesCommand, openSloCommand, schemaCommand, dashboardsCommand])
    command.addCommand(make(cli).exitOverride().showHelpAfterError('(run with --help for the options)'));
  return command;
}

interface RulesFlags {
  readonly out?: string;
  readonly compat?: 'sloth';
}

function rulesCommand({ console, finish }: Cli): Command {
  return new Command('rules')
    .description('multi-window burn-rate rules for Prometheus; with --out also a promtool unit test beside them')
    .argument('<paths...>', 'YAML documents, TypeScript modules, or folders of documents')
    .option('--out <file>', 'rule file to write; the unit test gets the ending .test.yaml')
    .addOption(new Option('--compat <tool>', 'also the labels and series of another tool').choices(['sloth']))
    .action(async (paths: readonly string[], flags: RulesFlags) => {
      const parsed = await parseDocuments(paths, [], console, 'warning');
      if (parsed === undefined) return finish(exitCode.invalid);
      const rulesFile = flags.out === undefined ? 'rules.yaml' : basename(flags.out);
      const compat = flags.compat === undefined ? {} : { compat: flags.compat };
      const { rules, tests, notes } = exportRules(parsed.verifications, parsed.openslo, { rulesFile, ...compat });
      for (const note of notes) console.error(`note: ${note}`);
      if (flags.out === undefined) console.out(rules.trimEnd());
      else {
        const testFile = flags.out.replace(/(\.ya?ml)?$/, '.test.yaml');
        const files = [
          { path: flags.out, text: rules },
          { path: testFile, text: tests },
        ];
        const code = await writeAll(files, console);
        if (code !== exitCode.ok) return finish(code);
        console.error(`wrote ${flags.out} and ${testFile}: promtool test rules ${testFile}`);
      }
      return finish(exitCode.ok);
    });
}

function openSloCommand({ console, finish }: Cli): Command {
  return new Command('openslo')
    .description('latency, errors and errorBudget requirements as OpenSLO v1 documents')
    .argument('<paths...>', 'YAML documents, TypeScript modules, or folders of documents')
    .action(async (paths: readonly string[]) => {
      const parsed = await parseDocuments(paths, [], console, 'warning');
      if (parsed === undefined) return finish(exitCode.invalid);
      const { text, notes } = exportOpenSlo(parsed.verifications, parsed.openslo);
      for (const note of notes) console.error(`note: ${note}`);
      console.out(text.trimEnd());
      return finish(exitCode.ok);
    });
}

function schemaCommand({ console, finish }: Cli): Command {
  return new Command('schema').description('the JSON Schema (draft 7) of documents, for editors').action(() => {
    console.out(JSON.stringify(jsonSchema(), null, 2));
    return finish(exitCode.ok);
  });
}

function dashboardsCommand({ console, finish }: Cli): Command {
  return new Command('dashboards')
    .description('the Grafana dashboards that come with the product')
    .requiredOption('--out <folder>', 'folder to write them to')
    .action(async ({ out }: { readonly out: string }) => {
      const folder = fileURLToPath(new URL('../../../dashboards/', import.meta.url));
      const names = (await readdir(folder)).filter((each) => each.endsWith('.json'));
      const files = await Promise.all(
        names.map(async (name) => ({ path: join(out, name), text: await readFile(join(folder, name), 'utf8') })),
      );
      const code = await writeAll(files, console);
      if (code === exitCode.ok) for (const { path } of files) console.error(`wrote ${path}`);
      return finish(code);
    });
}

/** All or, where one of the paths cannot be written, none. */
async function writeAll(
  files: readonly { readonly path: string; readonly text: string }[],
  console: Console,
): Promise<ExitCode> {
  const unwritable = await unwritableOutputs(files.map(({ path }) => path));
  for (const problem of unwritable) console.error(`faultline: --out: ${problem}`);
  if (unwritable.length > 0) return exitCode.invalid;
  for (const { path, text } of files) {
    const written = await writeOutputFile(path, text);
    if (written.ok) continue;
    console.error(`faultline: --out: ${written.error}`);
    return exitCode.couldNotRun;
  }
  return exitCode.ok;
}
