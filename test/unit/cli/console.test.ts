// How wide the terminal is taken to be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widthOf } from '../../../src/cli/console.ts';

test('a terminal without columns is taken for one of 80, no terminal for 100, and nothing is wider than 140', () => {
  assert.deepEqual([{ columns: 0 }, {}, { columns: 60 }, { columns: 300 }].map(widthOf), [80, 100, 60, 140]);
});
