// `faultline serve`: verifies continuously, behind an API, a page, metrics and webhooks.
import { Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import { exitCode } from '../exit-codes.ts';
import { runService } from '../run-service.ts';
import { type ServeFlags, serveDefaults, serveSettings } from '../serve-settings.ts';

export function serveCommand({ console, finish }: Cli): Command {
  return new Command('serve')
    .description('verify continuously: schedules, API, page, /metrics, webhooks')
    .option('--config <file>', 'settings as YAML; flags go before them')
    .option('--port <n>', `port of the API and page, 0 for a free one (default ${serveDefaults.port})`)
    .option('--host <address>', `address to listen on (default ${serveDefaults.host})`)
    .option('--slos <dir>', `folder of requirement documents (default ${serveDefaults.slos})`)
    .addOption(
      new Option('--data <dir>', `folder of the run store (default ${serveDefaults.data})`).env('FAULTLINE_DATA'),
    )
    .option('--public-url <url>', 'what links in notifications begin with')
    .addOption(
      new Option('--otlp-endpoint <url>', "send the service's own spans there (OTLP/HTTP)").env(
        'OTEL_EXPORTER_OTLP_ENDPOINT',
      ),
    )
    .addHelpText(
      'after',
      `
Tokens: FAULTLINE_TOKENS=role:token,... or FAULTLINE_TOKENS_FILE with the roles viewer, runner, admin.
Without any, one admin token is made for this start and printed.

Example:
  FAULTLINE_TOKENS=admin:change-me-please faultline serve --slos slos/ --port 8700`,
    )
    .action(async (flags: ServeFlags) => {
      const settings = await serveSettings(flags);
      if (!settings.ok) {
        console.error(`faultline: ${settings.error}`);
        return finish(exitCode.invalid);
      }
      return finish(await runService(settings.value, console));
    });
}
