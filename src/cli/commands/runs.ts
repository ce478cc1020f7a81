// `faultline runs`: what the run store remembers.
import { Command, Option } from 'commander';
import { runListText } from '../../report/run-list.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { openStore } from '../wire.ts';

export function runsCommand({ console, finish }: Cli): Command {
  return new Command('runs')
    .description('list recorded runs, newest first')
    .argument('[verification]', 'only runs of this verification')
    .option('--limit <n>', 'how many', (text) => Math.max(1, Number(text) || 20), 20)
    .option('--json', 'print as JSON', false)
    .addOption(new Option('--data <dir>', 'folder of the run store').default('.faultline').env('FAULTLINE_DATA'))
    .action(
      async (
        verification: string | undefined,
        flags: { readonly limit: number; readonly json: boolean; readonly data: string },
      ) => {
        const store = openStore(flags.data);
        if (!store.ok) {
          console.error(`faultline: ${store.error}`);
          return finish(exitCode.couldNotRun);
        }
        const listed = await store.value.runs.list({
          limit: flags.limit,
          ...(verification === undefined ? {} : { verification }),
        });
        await store.value.runs.close();
        if (!listed.ok) {
          console.error(`faultline: ${listed.error.message}`);
          return finish(exitCode.couldNotRun);
        }
        console.out(flags.json ? JSON.stringify(listed.value, null, 2) : runListText(listed.value, console.style));
        return finish(exitCode.ok);
      },
    );
}
