// `faultline run`: one run per Verification.
import { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { loadVerifications } from '../load-verifications.ts';
import { type RunFlags, withRunFlags } from '../run-options.ts';
import { runVerifications } from '../run-verifications.ts';

export function runCommand({ console, finish }: Cli): Command {
  const command = new Command('run')
    .description('drive load, observe, judge, attribute: one run per Verification')
    .argument('<paths...>', 'documents or folders of documents')
    .addHelpText(
      'after',
      `
Examples:
  faultline run slos/checkout.yaml
  faultline run slos/checkout.yaml --out out --fail-on fail,error
  faultline run slos/checkout.yaml --only CHK-01 --set spec.workload.target=http://127.0.0.1:9000`,
    );
  return withRunFlags(command).action(async (paths: readonly string[], flags: RunFlags) => {
    const verifications = await loadVerifications(paths, flags, console);
    if (verifications === undefined) return finish(exitCode.invalid);
    const [withoutLoad] = verifications.filter((verification) => verification.workload === undefined);
    if (withoutLoad !== undefined) {
      console.error(
        `faultline: ${withoutLoad.name} has no workload; use \`faultline observe\` to judge production telemetry`,
      );
      return finish(exitCode.invalid);
    }
    return finish(await runVerifications({ verifications, paths, flags, console }));
  });
}
