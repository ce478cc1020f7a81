// Every requirement type through the public use case: a document, a world, a verdict; and the same verdict again from the recording.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAnswers } from '../../../src/adapters/recording/record-answers.ts';
import { readRecording, writeRecording } from '../../../src/adapters/recording/recording.ts';
import { replayAnswers } from '../../../src/adapters/recording/replay-answers.ts';
import { minutes } from '../../../src/core/model/units.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import type { Verification } from '../../../src/core/model/verification.ts';
import { requirementTypes } from '../../../src/core/slo/requirement-types.ts';
import { mergeTraceSets } from '../../../src/verify/merge-trace-sets.ts';
import { inMemoryTraceSource } from '../../support/fakes/in-memory-trace-source.ts';
import { type World, worldBackends, worldStart } from '../../support/recorded-world.ts';
import { spanRecord } from '../../support/span-records.ts';
import { freshStore, shopVerification, verifyWith, verifyWorld } from '../../support/verified-run.ts';
import { type VerifiedCase, verifiedCases } from './cases/verified-cases.ts';

test('every type has its cases', () => {
  const covered = new Set(verifiedCases.map(({ type }) => type));
  assert.deepEqual([...covered].sort(), Object.keys(requirementTypes).sort());
});

for (const verifiedCase of verifiedCases) {
  const name = `${verifiedCase.type}, ${/require: "?(.*?)"? }/.exec(verifiedCase.requirements[0] ?? '')?.[1]}`;

  test(`${name}: passes`, async () => {
    await assertVerdict(verifiedCase, 'pass');
  });
  test(`${name}: fails`, async () => {
    await assertVerdict(verifiedCase, 'fail');
  });
  test(`${name}: cannot be told`, async () => {
    const verdict = await assertVerdict(verifiedCase, 'open');
    assert.equal(verdict.reason, verifiedCase.reason, verdict.explanation);
    assert.ok((verdict.need ?? '').length > 5, verdict.explanation);
  });
}

async function assertVerdict(verifiedCase: VerifiedCase, which: 'pass' | 'fail' | 'open'): Promise<Verdict> {
  const verification = documentFor(verifiedCase);
  const store = freshStore();
  const earlier = which === 'open' ? undefined : verifiedCase.before;
  for (let i = 0; earlier !== undefined && i < 5; i++) await verifyWorld(verification, earlier, store, `0${i}`);

  const recorder = recordAnswers({ ...worldBackends(verifiedCase[which]), store });
  const seen = await verifyWith(verification, recorder.backends, '10');
  const [verdict] = seen.verdicts;
  assert.ok(verdict !== undefined);
  const wanted = which === 'open' ? 'inconclusive' : which;
  assert.equal(verdict.verdict, wanted, `${verdict.explanation} ${verdict.notes.join('; ')}`);

  const text = writeRecording({ ...recorder.answers(), plan: seen.plan });
  const recording = readRecording(text);
  assert.ok(recording.ok);
  const replayed = replayAnswers(recording.value, mergeTraceSets(recorder.traceSets()));
  const again = await verifyWith(verification, replayed, '10');
  assert.deepEqual(again.verdicts, seen.verdicts);
  assert.deepEqual(replayed.remarks(), []);
  return verdict;
}

test('what production did is judged and replayed in the same way', async () => {
  const requirement = '{ id: OBS-01, type: latency, source: trace, require: p95 <= 300ms }';
  const verification = documentFor({ requirements: [requirement], pass: observedWorld });
  const traces = inMemoryTraceSource();
  const startedAt = BigInt(worldStart - 300_000) * 1_000_000n;
  traces.store(
    Array.from({ length: 600 }, (_, i) => {
      const start = startedAt + BigInt(i) * 500_000_000n;
      const took = BigInt(i % 10 === 0 ? 900 : 50) * 1_000_000n;
      const id = (i + 1).toString(16);
      return spanRecord({
        traceId: id.padStart(32, '0'),
        spanId: id.padStart(16, '0'),
        startUnixNanos: start,
        endUnixNanos: start + took,
      });
    }),
  );
  const recorder = recordAnswers({ ...worldBackends(observedWorld), traces: [traces], store: freshStore() });
  const observing = { observeSince: minutes(5) };
  const seen = await verifyWith(verification, recorder.backends, '1', observing);
  assert.equal(seen.verdicts[0]?.verdict, 'fail', seen.verdicts[0]?.explanation);
  const replayed = replayAnswers({ ...recorder.answers(), plan: seen.plan }, mergeTraceSets(recorder.traceSets()));
  const again = await verifyWith(verification, replayed, '1', observing);
  assert.deepEqual(again.verdicts, seen.verdicts);
});

const observedWorld: World = { requests: [], phases: [{ name: 'peak', startMs: 0, endMs: 300_000 }] };

function documentFor({
  requirements,
  judged,
  pass,
}: Pick<VerifiedCase, 'requirements' | 'judged' | 'pass'>): Verification {
  const phases = pass.phases.map(({ name, users }) =>
    users === undefined
      ? `{ name: ${name}, rate: 40/s, duration: 5m }`
      : `{ name: ${name}, concurrency: ${users}, duration: 5m }`,
  );
  const isChat = /type: (ttft|tpot|itl|tokens|goodput)/.test(requirements[0] ?? '');
  return shopVerification(requirements, {
    phases,
    ...(judged === undefined ? {} : { judged }),
    ...(isChat ? { protocol: 'openai-chat-stream' } : {}),
  });
}
