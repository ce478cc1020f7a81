// `faultline explain RUN`: every number behind the verdicts of a recorded run.
import { Command, Option } from 'commander';
import { explainRun } from '../../report/explain.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { openStore } from '../wire.ts';

/** Runs looked through for one with a result. */
const lookedThrough = 1_000;

export function explainCommand({ console, finish }: Cli): Command {
  return new Command('explain')
    .description('print every number behind the verdicts of a recorded run')
    .argument('[run]', 'run id; the newest run with a result when absent')
    .addOption(new Option('--data <dir>', 'folder of the run store').default('.faultline').env('FAULTLINE_DATA'))
    .addHelpText('after', '\nExamples:\n  faultline explain\n  faultline explain 01JK2... --data /var/lib/faultline')
    .action(async (runId: string | undefined, flags: { readonly data: string }) => {
      const store = openStore(flags.data);
      if (!store.ok) {
        console.error(`faultline: ${store.error}`);
        return finish(exitCode.couldNotRun);
      }
      try {
        const listed = runId === undefined ? await store.value.runs.list({ limit: lookedThrough }) : undefined;
        const [newest, ...older] = listed?.ok ? listed.value : [];
        const judged = [newest, ...older].find((each) => each?.verdict !== undefined) ?? newest;
        const id = runId ?? judged?.runId;
        if (id === undefined) {
          console.error(`faultline: ${flags.data} holds no run yet; \`faultline run\` makes one`);
          return finish(exitCode.invalid);
        }
        if (newest !== undefined && newest.runId !== id)
          console.error(
            `faultline: run ${newest.runId} has no result (${newest.status}); this is the newest that has one`,
          );
        const run = await store.value.runs.get(id);
        if (!run.ok) {
          console.error(`faultline: ${run.error.message}; \`faultline runs\` lists what there is`);
          return finish(exitCode.invalid);
        }
        console.out(explainRun(run.value, console.style, { width: console.width }));
        return finish(exitCode.ok);
      } finally {
        await store.value.runs.close();
      }
    });
}
