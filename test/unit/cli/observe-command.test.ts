// What `observe` refuses to look at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeCommand } from '../../../src/cli/commands/observe.ts';
import { heardConsole } from '../../support/heard-console.ts';

for (const since of ['0s', '-5m', 'soon']) {
  test(`a window of ${since} is refused`, async () => {
    const command = observeCommand({ console: heardConsole().console, finish: () => assert.fail('it looked') });
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    const given = command.parseAsync(['slos', `--since=${since}`], { from: 'user' });
    await assert.rejects(given, /wanted a duration above 0 such as 15m or 1h/);
  });
}
