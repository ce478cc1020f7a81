// Streamed answers end to end: a server that streams tokens at a known pace, and the times that the engine reports of it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadEngine } from '../../src/adapters/load/load-engine.ts';
import { quantileOf } from '../../src/core/model/histogram-data.ts';
import type { LoadResult, MeasureName, Watch } from '../../src/core/model/load.ts';
import { millis, ratio } from '../../src/core/model/units.ts';
import type { Expectation, Workload } from '../../src/core/model/workload.ts';
import { loadPlan, phase, rate, step, users } from '../support/load-plan.ts';

const FIRST_MS = 60;
const GAP_MS = 20;
const TOKENS = 6;

interface ChatRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly max_tokens: number;
  readonly messages: readonly { readonly content: string }[];
}

describe('streamed answers', { timeout: 60_000 }, () => {
  const asked: ChatRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    incoming.on('end', () => {
      if (incoming.url === '/health') {
        response.end('fine');
        return;
      }
      if (incoming.url === '/busy/chat/completions') {
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"busy"}}');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (incoming.url === '/events') void events();
      else void chat(JSON.parse(body) as ChatRequest);
    });
    const say = (data: string): void => void response.write(`data: ${data}\n\n`);
    async function chat(request: ChatRequest): Promise<void> {
      asked.push(request);
      say('{"choices":[{"delta":{"role":"assistant","content":""}}]}');
      await sleep(FIRST_MS);
      for (let i = 0; i < TOKENS; i += 1) {
        if (i > 0) await sleep(GAP_MS);
        say(`{"choices":[{"delta":{"content":"t${i} "}}]}`);
      }
      say(
        `{"choices":[],"usage":{"prompt_tokens":${request.messages[0]?.content.split(' ').length},"completion_tokens":${TOKENS}}}`,
      );
      if (request.model !== 'cut') say('[DONE]');
      response.end();
    }
    async function events(): Promise<void> {
      for (let i = 0; i < 3; i += 1) {
        say(`{"i":${i}}`);
        await sleep(GAP_MS);
      }
      response.end();
    }
  });
  let target = '';
  before(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const chatWorkload = (model: string): Partial<Workload> => ({
    protocol: 'openai-chat-stream',
    prompts: {
      model,
      inputTokens: { p50: 40, p95: 80 },
      outputTokens: { max: TOKENS, ignoreEos: true },
      sharedPrefix: ratio(0.5),
      seed: 3,
    },
  });

  async function drive(fields: Omit<Parameters<typeof loadPlan>[0], 'target'>): Promise<LoadResult> {
    const driven = await loadEngine().drive(loadPlan({ target, ...fields }), { signal: new AbortController().signal });
    assert.ok(driven.ok, driven.ok ? '' : driven.error.message);
    return driven.value;
  }

  const median = (result: LoadResult, measure: MeasureName): number => {
    const data = result.groups[0]?.histograms[measure];
    return data === undefined ? Number.NaN : (quantileOf(data, 0.5) as number);
  };

  it('give time to first token, per token and between tokens, tokens and goodput', async () => {
    const watch: Watch = {
      id: 'G',
      phases: ['peak'],
      measure: 'response',
      thresholds: [millis(60_000)],
      bounds: [{ measure: 'ttft', atMost: millis(FIRST_MS / 2) }],
      slice: millis(500),
    };
    const result = await drive({
      scenarios: [{ name: 'chat', steps: [step({ method: 'POST', path: '/v1/chat/completions', timeout: 10_000 })] }],
      phases: [phase('peak', users(4), 1000)],
      workload: chatWorkload('chat'),
      plan: { watches: [watch] },
    });
    const [group] = result.groups;
    assert.ok(group !== undefined && group.requests >= 8 && group.failed === 0, JSON.stringify(group?.failureCounts));
    assert.ok(median(result, 'ttft') / 1000 >= FIRST_MS - 2 && median(result, 'ttft') / 1000 < FIRST_MS + 60);
    assert.ok(median(result, 'tpot') / 1000 >= GAP_MS - 2 && median(result, 'tpot') / 1000 < GAP_MS + 20);
    assert.equal(group.histograms.itl?.count, group.requests * (TOKENS - 1));
    assert.equal(median(result, 'outputTokens'), TOKENS);
    const inputs = group.histograms.inputTokens;
    assert.ok(inputs !== undefined && inputs.min < 40 && inputs.max > 40);
    assert.deepEqual(result.watches[0]?.over, [group.requests]);
    assert.equal(result.watches[0]?.boundsApplied, true);
    assert.ok(asked.every(({ model, stream, max_tokens }) => model === 'chat' && stream && max_tokens === TOKENS));
    assert.ok(new Set(asked.map(({ messages }) => messages[0]?.content)).size > asked.length / 2);
  });

  it('are not good when they break off', async () => {
    const result = await drive({
      scenarios: [{ name: 'chat', steps: [step({ method: 'POST', path: '/v1/chat/completions', timeout: 10_000 })] }],
      phases: [phase('peak', users(2), 300)],
      workload: chatWorkload('cut'),
    });
    assert.deepEqual(Object.keys(result.groups[0]?.failureCounts ?? {}), ['expectation']);
  });

  it('are judged by their status first, and steps beside them are plain requests', async () => {
    const post = (expect: Expectation, name: string) =>
      step({ method: 'POST', path: '/busy/chat/completions', expect, name, timeout: 10_000 });
    const result = await drive({
      scenarios: [
        {
          steps: [step({ path: '/health' }), post({ status: [{ from: 503, to: 503 }] }, 'shed'), post({}, 'refused')],
        },
      ],
      phases: [phase('peak', rate(20), 300)],
      workload: chatWorkload('chat'),
    });
    const found = Object.fromEntries(result.groups.map((group) => [group.step, group.failureCounts]));
    assert.deepEqual(found, { 'GET /health': {}, shed: {}, refused: { status: 6 } });
    assert.equal(result.groups.find((group) => group.step === 'refused')?.histograms.outputTokens, undefined);
  });

  it('are timed for any step that accepts an event stream', async () => {
    const result = await drive({
      scenarios: [{ steps: [step({ path: '/events', headers: { Accept: 'text/event-stream' } })] }],
      phases: [phase('peak', users(2), 300)],
    });
    assert.equal(median(result, 'outputTokens'), 3);
    assert.ok(median(result, 'ttft') < 50_000);
  });
});
