// A run knows, from the runs before it, since when and by which commit a requirement is broken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayClock } from '../../../src/adapters/recording/replay-clock.ts';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { noRunTelemetry } from '../../../src/adapters/telemetry/run-telemetry.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import { verify } from '../../../src/verify/verify.ts';
import { documentWith, parseYaml } from '../../support/parse-yaml.ts';
import { worldBackends, worldStart } from '../../support/recorded-world.ts';
import { minutes5, traffic } from '../core-slo/cases/simulated.ts';

const phases = [{ name: 'peak', startMs: 0, endMs: minutes5 }];

test('good, bad, bad, good: opened by the first bad commit, closed by the next good one', async () => {
  const opened = openSqliteStore(':memory:');
  assert.ok(opened.ok);
  const [verification] = parseYaml(documentWith()).verifications;
  assert.ok(verification !== undefined);
  const runOf = (i: number, slow: number): Promise<Run> =>
    verify(
      verification,
      {
        ...worldBackends({ requests: traffic({ slow }), phases }),
        store: opened.value.runs,
        telemetry: noRunTelemetry,
        clock: replayClock(unixMillis(worldStart + i * 3_600_000)),
      },
      {
        signal: new AbortController().signal,
        trigger: 'cli',
        runId: `R${i}`,
        commit: `c${i}`,
        traceIdPrefix: '0123456789abcdef',
        environment: {},
        feeds: {},
      },
    );
  const history = [];
  for (const [i, slow] of [0, 0.2, 0.2, 0].entries()) history.push((await runOf(i, slow)).history?.[0]);
  const at = (i: number) => ({ runId: `R${i}`, at: worldStart + i * 3_600_000, commit: `c${i}` });
  assert.deepEqual(history, [
    undefined,
    { requirement: 'CHK-01', open: { since: at(1), runs: 1, lastKept: at(0) } },
    { requirement: 'CHK-01', open: { since: at(1), runs: 2, lastKept: at(0) } },
    { requirement: 'CHK-01', closed: { since: at(1), runs: 2, lastKept: at(0) } },
  ]);
});
