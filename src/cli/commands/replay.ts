// `faultline replay DIR`: judges recorded runs again and compares with the verdicts expected of them.
import { Command } from 'commander';
import { jsonReport } from '../../report/json.ts';
import { type ReplayOutcome, replayText } from '../../report/replay-text.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { findRecordings, replayRecording } from '../replay-recording.ts';

interface ReplayFlags {
  readonly json: boolean;
  readonly update: boolean;
}

export function replayCommand({ console, finish }: Cli): Command {
  return new Command('replay')
    .description('judge recorded runs again and compare with the verdicts expected of them: tests for requirements')
    .argument('<dirs...>', 'folders made by `run --record` or `observe --record`, or folders of such')
    .option('--update', 'expect from now on what the recordings give now', false)
    .option('--json', 'print expectations, verdicts and result documents as JSON', false)
    .addHelpText(
      'after',
      `
A recording holds what was observed (observations.json.gz, traces.jsonl.gz), the documents, and replay.yaml with the
verdicts to expect. Nothing is sent anywhere: a replay needs no system, no back end and no time.

Examples:
  faultline run slos/checkout.yaml --record recordings/checkout-slow
  faultline replay recordings/                  every recording below, in CI beside the documents
  faultline replay recordings/ --update         accept what they give now

Exit codes: 0 all as expected, 1 a verdict is another, 2 a recording or document that cannot be used`,
    )
    .action(async (dirs: readonly string[], flags: ReplayFlags) => {
      const folders: string[] = [];
      for (const dir of dirs) {
        const found = await findRecordings(dir);
        if (!found.ok) {
          console.error(`faultline: ${found.error}`);
          return finish(exitCode.invalid);
        }
        folders.push(...found.value);
      }
      const outcomes: ReplayOutcome[] = [];
      let unusable = 0;
      for (const folder of folders) {
        const outcome = await replayRecording(folder, { console, update: flags.update });
        if (!outcome.ok) {
          console.error(`faultline: ${outcome.error}`);
          unusable += 1;
          continue;
        }
        outcomes.push(outcome.value);
        if (!flags.json) console.out(replayText(outcome.value, console.style));
      }
      const different = outcomes.filter((outcome) => outcome.differences.length > 0).length;
      if (flags.json) console.out(JSON.stringify({ replays: outcomes.map(replayJson) }, null, 2));
      else if (different > 0) console.error(summary(different, folders.length, flags.update));
      if (unusable > 0) return finish(exitCode.invalid);
      return finish(different > 0 && !flags.update ? exitCode.failed : exitCode.ok);
    });
}

function summary(different: number, all: number, isUpdated: boolean): string {
  const counted = `${different} of ${all} recording${all === 1 ? '' : 's'} not as expected`;
  return isUpdated
    ? `${counted}; what they give now is expected from now on`
    : `${counted}; \`--update\` accepts what they give now`;
}

function replayJson({ folder, run, expected, differences, remarks }: ReplayOutcome): unknown {
  return { folder, isAsExpected: differences.length === 0, expected, differences, remarks, result: jsonReport(run) };
}
