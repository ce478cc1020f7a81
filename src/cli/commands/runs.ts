// `faultline runs`: what the run store remembers.
import { Command, Option } from 'commander';
import type { Run, RunSummary } from '../../core/model/run.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { historyJson } from '../../report/result-history.ts';
import { runListText, standingText } from '../../report/run-list.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { parseCount } from '../load-flags.ts';
import { openExistingStore } from '../wire.ts';

export function runsCommand({ console, finish }: Cli): Command {
  return new Command('runs')
    .description('list recorded runs, newest first')
    .argument('[verification]', 'only runs of this verification')
    .addHelpText(
      'after',
      `
Below the list stands what is broken and since which run and commit, what was mended by the newest run, and what changed its
level over the last runs (advisory). The commit is that of FAULTLINE_COMMIT, GITHUB_SHA, CI_COMMIT_SHA or git.

Examples:
  faultline runs
  faultline runs checkout-peak --limit 50 --json`,
    )
    .option('--limit <n>', 'how many', parseCount, 20)
    .option('--json', 'print as JSON', false)
    .addOption(new Option('--data <dir>', 'folder of the run store').default('.faultline').env('FAULTLINE_DATA'))
    .action(
      async (
        verification: string | undefined,
        flags: { readonly limit: number; readonly json: boolean; readonly data: string },
      ) => {
        const store = openExistingStore(flags.data);
        if (!store.ok) {
          console.error(`faultline: ${store.error.message}`);
          return finish(store.error.code);
        }
        const listed = await store.value.runs.list({
          limit: flags.limit,
          ...(verification === undefined ? {} : { verification }),
        });
        const newest = listed.ok ? await newestRuns(listed.value, store.value.runs) : [];
        await store.value.runs.close();
        if (!listed.ok) {
          console.error(`faultline: ${listed.error.message}`);
          return finish(exitCode.couldNotRun);
        }
        if (flags.json)
          console.out(
            JSON.stringify(
              listed.value.map((run) => withHistory(run, newest)),
              null,
              2,
            ),
          );
        else console.out(runListText(listed.value, console.style, { width: console.width }) + standingText(newest));
        return finish(exitCode.ok);
      },
    );
}

/** The newest judged run of each verification and environment in the list: it knows how things stand. */
async function newestRuns(listed: readonly RunSummary[], store: RunStore): Promise<readonly Run[]> {
  const newest = new Map<string, RunSummary>();
  for (const run of listed) {
    const key = `${run.verification}\n${run.environment}`;
    const isJudged = run.status === 'completed' || run.status === 'aborted';
    if (isJudged && !newest.has(key)) newest.set(key, run);
  }
  const runs: Run[] = [];
  for (const { runId } of newest.values()) {
    const run = await store.get(runId);
    if (run.ok) runs.push(run.value);
  }
  return runs;
}

function withHistory(summary: RunSummary, newest: readonly Run[]): unknown {
  const run = newest.find(({ plan }) => plan.runId === summary.runId);
  if (run?.history === undefined) return summary;
  return {
    ...summary,
    history: run.history.map((each) => ({ requirement: each.requirement, ...historyJson(each) })),
  };
}
