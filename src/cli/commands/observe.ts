// `faultline observe`: the same judgement on production telemetry, without load.
import { Command, InvalidArgumentError } from 'commander';
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
    .requiredOption('--since <duration>', 'how far back the window reaches, e.g. 15m, 1h', parseSince, parseSince('1h'))
    .addHelpText('after', '\nExample:\n  faultline observe slos/checkout.yaml --since 1h --json -');
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
  if (!duration.ok) throw new InvalidArgumentError(`wanted a duration such as 15m or 1h, found "${text}"`);
  return duration.value;
}
