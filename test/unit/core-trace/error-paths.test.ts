// Where errors begin, pass through and end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareTraces } from '../../../src/core/trace/prepare/prepared-traces.ts';
import { errorPaths } from '../../../src/core/trace/views/error-paths.ts';
import { drawnSet } from '../../support/drawn-traces.ts';

test('an error begins in the deepest failed span, passes through failed ones and ends at the first that did not fail', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: 'a', at: [0, 100] },
      { id: 'b', parent: 'a', at: [10, 90], failed: true },
      { id: 'c', parent: 'b', at: [20, 60], failed: true },
      { id: 'd', parent: 'a', at: [91, 95] },
    ]),
  );
  const counts = { origins: 0, propagated: 0, recovered: 0 };
  assert.deepEqual(errorPaths(prepared, 0), [
    { path: ['[shop] a'], exclusiveNs: 0, ...counts, recovered: 1 },
    { path: ['[shop] a', '[shop] b'], exclusiveNs: 40e6, ...counts, propagated: 1 },
    { path: ['[shop] a', '[shop] b', '[shop] c'], exclusiveNs: 40e6, ...counts, origins: 1 },
  ]);
});

test('spans of one call path are counted together', () => {
  const prepared = prepareTraces(
    drawnSet([
      { id: 'a', at: [0, 100] },
      { id: 'b', name: 'try', parent: 'a', at: [10, 20], failed: true },
      { id: 'c', name: 'try', parent: 'a', at: [30, 40], failed: true },
    ]),
  );
  assert.deepEqual(
    errorPaths(prepared, 0).map(({ path, origins }) => [path.at(-1), origins]),
    [
      ['[shop] a', 0],
      ['[shop] try', 2],
    ],
  );
});

test('a trace without failures has no error path', () => {
  assert.deepEqual(errorPaths(prepareTraces(drawnSet([{ id: 'a', at: [0, 1] }])), 0), []);
});

test('who has failed may be decided by the caller', () => {
  const prepared = prepareTraces(drawnSet([{ id: 'a', at: [0, 1] }]));
  assert.equal(errorPaths(prepared, 0, () => true)[0]?.origins, 1);
});
