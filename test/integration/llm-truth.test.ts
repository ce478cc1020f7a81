// What a run reports of a language model server beside the server's own record of every token: first tokens, pace, gaps, throughput, goodput.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type LlmServer, startLlmServer } from '../../demo/llm/llm-server.ts';
import { llmSettingsFor } from '../../demo/llm/llm-settings.ts';
import type { RequestRecord } from '../../demo/llm/sequence.ts';
import { type DocumentRun, runDocument } from '../support/run-document.ts';

const seconds = 12;
/** A few per cent, and what a busy machine adds between the write of a token and its arrival. */
const tolerance = 0.05;
const transportMs = 4;

describe('reported times of streamed answers', { timeout: 180_000 }, () => {
  const records: RequestRecord[] = [];
  const off: string[] = [];
  let server: LlmServer;
  let run: DocumentRun;

  before(async () => {
    server = await startLlmServer({
      // A cache that is too small at times: some requests wait, so that there is something to be wrong about.
      settings: { ...llmSettingsFor('none'), cache: { blocks: 110, tokensPerBlock: 16 } },
      port: 0,
      model: 'chat',
      onEnded: (record) => records.push(record),
    });
    run = await runDocument(documentOf(`http://127.0.0.1:${server.port}`));
    // A repeated run left its requests, too: those of the last run count.
    records.splice(0, records.length - requestsOf(run));
  });
  after(() => server.stop());

  const reported = (id: string): number => {
    const found = run.report.requirements.find((each) => each.id === id)?.observed?.value;
    assert.ok(typeof found === 'number', `no value for ${id}\n${run.stdout}`);
    return found;
  };
  const isNear = (what: string, found: number, truth: number, slack = 0): void => {
    off.push(`${what} ${((100 * (found - truth)) / truth).toFixed(1)}%`);
    const message = `${what}: reported ${found}, truth ${truth}`;
    assert.ok(Math.abs(found - truth) <= tolerance * truth + slack, message);
  };
  const quantile = (values: readonly number[], q: number): number =>
    values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)] ?? Number.NaN;

  const ttft = ({ tokenMs, arrivedMs }: RequestRecord): number => (tokenMs[0] ?? Number.NaN) - arrivedMs;
  const tpot = ({ tokenMs }: RequestRecord): number =>
    ((tokenMs.at(-1) ?? Number.NaN) - (tokenMs[0] ?? Number.NaN)) / (tokenMs.length - 1);
  const gaps = ({ tokenMs }: RequestRecord): readonly number[] =>
    tokenMs.slice(1).map((ms, i) => ms - (tokenMs[i] ?? Number.NaN));

  it('every request and every token is there', () => {
    assert.equal(records.length, requestsOf(run));
    assert.ok(records.length > 100 && records.every(({ outcome }) => outcome !== 'cancelled'), run.stdout);
  });

  it('time to the first token', () => {
    isNear('p50', 1000 * reported('TTFT-50'), quantile(records.map(ttft), 0.5), transportMs);
    isNear('p95', 1000 * reported('TTFT-95'), quantile(records.map(ttft), 0.95), transportMs);
  });

  it('time to the first token by the length of the prompt', () => {
    const note =
      /TTFT-50: p50 by length of the prompt: (\S+) ms up to 128 tokens \((\d+) answers\), (\S+) ms up to 512 tokens/;
    const [, short, count, long] = note.exec(run.stdout.replaceAll(/\s+/g, ' ')) ?? [];
    const shorter = records.filter(({ promptTokens }) => promptTokens <= 128);
    assert.equal(Number(count), shorter.length, run.stdout);
    isNear('p50 of short prompts', Number(short), quantile(shorter.map(ttft), 0.5), transportMs);
    assert.ok(Number(long) > Number(short));
  });

  it('time per output token, and the gaps between tokens', () => {
    isNear('tpot p50', 1000 * reported('TPOT-50'), quantile(records.map(tpot), 0.5), 0.5);
    isNear('tpot p95', 1000 * reported('TPOT-95'), quantile(records.map(tpot), 0.95), 0.5);
    isNear('itl p50', 1000 * reported('ITL-50'), quantile(records.flatMap(gaps), 0.5), 0.5);
    isNear('itl p95', 1000 * reported('ITL-95'), quantile(records.flatMap(gaps), 0.95), transportMs);
  });

  it('tokens a second, of the whole server and of a user', () => {
    const tokens = records.reduce((sum, { tokenMs }) => sum + tokenMs.length, 0);
    isNear('system', reported('TOK-ALL'), tokens / seconds);
    isNear(
      'user p10',
      reported('TOK-USER'),
      quantile(
        records.map((record) => 1000 / tpot(record)),
        0.1,
      ),
    );
  });

  it('the share of requests that met every bound', (t) => {
    const good = records.filter((record) => ttft(record) <= 100 && tpot(record) <= 18).length / records.length;
    assert.ok(Math.abs(reported('GOOD') - good) <= 0.04, `reported ${reported('GOOD')}, truth ${good}`);
    t.diagnostic(`off the truth: ${off.join(', ')}, goodput ${(100 * (reported('GOOD') - good)).toFixed(1)} points`);
  });
});

const requestsOf = ({ report }: DocumentRun): number => report.steps.reduce((sum, { requests }) => sum + requests, 0);

const documentOf = (url: string): string => `apiVersion: faultline/v1alpha1
kind: Verification
metadata: { name: truth }
spec:
  service: chat-llm
  workload:
    target: "${url}"
    protocol: openai-chat-stream
    model: chat
    prompts: { inputTokens: { p50: 150, p95: 400 }, outputTokens: { max: 40 }, sharedPrefix: 30%, seed: 5 }
    arrivals: poisson
    warmUp: 0s
    phases: [{ name: chat, rate: 12/s, duration: ${seconds}s }]
  evaluation: { slice: 500ms, settle: { traces: 0s, metrics: 0s }, validity: { sendLag: p99 <= 100ms } }
  requirements:
    - { id: TTFT-50, type: ttft, require: p50 <= 100ms, buckets: inputTokens }
    - { id: TTFT-95, type: ttft, require: p95 <= 100ms }
    - { id: TPOT-50, type: tpot, require: p50 <= 20ms }
    - { id: TPOT-95, type: tpot, require: p95 <= 20ms }
    - { id: ITL-50, type: itl, require: p50 <= 20ms }
    - { id: ITL-95, type: itl, require: p95 <= 20ms }
    - { id: TOK-ALL, type: tokens, require: system >= 100 tok/s }
    - { id: TOK-USER, type: tokens, require: perUser p10 >= 20 tok/s }
    - { id: GOOD, type: goodput, good: { ttft: <= 100ms, tpot: <= 18ms, status: ok }, require: ratio >= 50% }
`;
