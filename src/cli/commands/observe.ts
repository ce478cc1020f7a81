// `faultline observe`: the same judgement on production telemetry, without load.
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Millis } from '../../core/model/units.ts';
import { parseDuration } from '../../spec/grammar/duration.ts';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { loadVerifications } from '../load-verifications.ts';
import { type RunFlags, withRunFlags } from '../run-options.ts';
import { runVerifications } from '../run-verifications.ts';

export function observeCommand({ console, finish }: Cli): Command {
  const command = new Command('observe')
    .description('judge the production telemetry of a window, without load')
    .argument('<paths...>', 'documents or folders of documents')
    .addOption(
      new Option('--since <duration>', 'how far back the window reaches, e.g. 15m, 1h')
        .argParser(parseSince)
        .default(parseSince('1h'), '1h'),
    )
    .addHelpText(
      'after',
      `
The documents must name back ends that hold the telemetry: traces from jaeger, tempo or file, metrics from prometheus. The demo stack
(docker compose up) has them.

Example:
  faultline observe demo/stack/slos/checkout.yaml --since 15m`,
    );
  return withRunFlags(command).action(
    async (paths: readonly string[], flags: RunFlags & { readonly since: Millis }) => {
      const verifications = await loadVerifications(paths, flags, console);
      if (verifications === undefined) return finish(exitCode.invalid);
      return finish(await runVerifications({ verifications, paths, flags, console, observeSince: flags.since }));
    },
  );
}

function parseSince(text: string): Millis {
  const duration = parseDuration(text);
  if (!duration.ok || duration.value <= 0)
    throw new InvalidArgumentError(`wanted a duration above 0 such as 15m or 1h, found "${text}"`);
  return duration.value;
}
