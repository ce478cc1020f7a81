import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSummary } from '../../../src/core/model/run.ts';
import { unixMillis } from '../../../src/core/model/units.ts';
import { criticalPathText } from '../../../src/report/critical-path-text.ts';
import { runListText } from '../../../src/report/run-list.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { startedAt } from '../../support/run-builder.ts';

const done: RunSummary = {
  runId: '01J9ZK3W6Q',
  verification: 'checkout-peak',
  service: 'checkout',
  environment: 'staging',
  status: 'completed',
  verdict: 'fail',
  startedAt,
  endedAt: unixMillis(startedAt + 423_000),
  commit: '521747298a37c0ffee',
  workloadHash: 'sha256:9f2b5c',
  mode: 'run',
  failed: ['CHK-01', 'CHK-03'],
};

test('a run list shows verdict, time and what failed; a run going on has no verdict yet', () => {
  const {
    verdict: _v,
    endedAt: _e,
    ...going
  } = { ...done, runId: '01J9ZK3W6R', status: 'running' as const, failed: [] };
  const lines = runListText([going, done], plainStyle).split('\n');
  assert.match(lines[1] ?? '', /^… {2}01J9ZK3W6R {2}checkout-peak .* running /);
  assert.match(
    lines[2] ?? '',
    /^✗ {2}01J9ZK3W6Q .* fail .* 2026-03-01 10:20:30 UTC {2}7 min 3 s {2}521747298a37 {2}CHK-01 CHK-03$/,
  );
  assert.equal(runListText([], plainStyle), 'No runs recorded.\n');
});

test('a critical path lists operations by time on the path', () => {
  const text = criticalPathText(
    [
      {
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        rootDurationNs: 100e6,
        sections: [],
        exclusiveNsByOperation: { '[gateway] GET': 20e6, '[fraud] POST /score': 80e6 },
        selfNsByOperation: { '[gateway] GET': 25e6, '[fraud] POST /score': 80e6 },
        dragNsByOperation: { '[fraud] POST /score': 60e6 },
        slackNsByOperation: {},
        errorPaths: [],
      },
    ],
    plainStyle,
    { width: 80 },
  );
  const lines = text.split('\n');
  assert.equal(lines[0], '4bf92f3577b34da6a3ce929d0e0e4736  100 ms');
  assert.match(lines[2] ?? '', /^\[fraud\] POST \/score\s+80 ms\s+80%\s+80 ms\s+60 ms$/);
  assert.equal(criticalPathText([], plainStyle, { width: 80 }), 'No traces in the file.\n');
});
