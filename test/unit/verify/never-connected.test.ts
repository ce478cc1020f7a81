// A run that never got a connection says nothing of the system.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadGroup, LoadResult } from '../../../src/core/model/load.ts';
import { neverConnected } from '../../../src/verify/never-connected.ts';
import { loadResultOf } from '../../support/load-result-of.ts';

const phases = [{ name: 'peak', startMs: 0, endMs: 1000 }];
const requests = Array.from({ length: 20 }, (_, i) => ({ atMs: i * 50, latencyMs: 5, failed: true }));
const driven = loadResultOf({ requests, phases, watches: [] });

function without(connectionsOpened: number, failure: LoadGroup['failureMessages'], part: Partial<LoadResult> = {}) {
  const groups = driven.groups.map((group) => ({ ...group, good: 0, failureMessages: failure ?? {} }));
  const result = { ...driven, groups, generator: { ...driven.generator, connectionsOpened }, ...part };
  return neverConnected(result, 'https://shop')?.message;
}

test('a certificate that nobody trusts is told with what to write', () => {
  assert.equal(
    without(0, { tls: 'self-signed certificate' }),
    'no connection to https://shop could be made for any of 20 requests: tls: self-signed certificate; `workload.transport` names certificates to trust (`caFile`), or accepts any (`verifyCertificate: false`)',
  );
});

test('other reasons stand for themselves', () => {
  assert.match(without(0, { connect: 'ECONNREFUSED' }) ?? '', /20 requests: connect: ECONNREFUSED$/);
});

test('one connection is enough to judge by, and a run that was cut short says why itself', () => {
  assert.equal(without(1, { tls: 'self-signed certificate' }), undefined);
  assert.equal(without(0, { tls: 'self-signed certificate' }, { interrupted: true }), undefined);
  assert.equal(without(0, {}), undefined);
});
