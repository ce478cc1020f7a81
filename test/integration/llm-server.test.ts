// The language model server when clients and the cache are difficult: a client that goes away in its request, a prompt that others hold already.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchingEngine } from '../../demo/llm/batching-engine.ts';
import { chatRequest } from '../../demo/llm/chat-request.ts';
import { startLlmServer } from '../../demo/llm/llm-server.ts';
import { llmSettingsFor } from '../../demo/llm/llm-settings.ts';
import { newSequence, type Sequence } from '../../demo/llm/sequence.ts';

describe('the language model server', { timeout: 30_000 }, () => {
  it('outlives a client that goes away in the middle of its request', async () => {
    const server = await startLlmServer({ settings: llmSettingsFor('none'), port: 0, model: 'm' });
    try {
      const client = connect(server.port, '127.0.0.1');
      client.write('POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"a');
      await sleep(50);
      client.destroy();
      await sleep(50);
      const reply = await fetch(`http://127.0.0.1:${server.port}/healthz`);
      assert.equal(await reply.text(), 'ok');
    } finally {
      await server.stop();
    }
  });

  it('admits a prompt that begins like a running one when its own blocks are free', async () => {
    const { cache, ...settings } = llmSettingsFor('none');
    // Seven blocks for the first (96 tokens and its answer), one more for the second, which shares six.
    const engine = new BatchingEngine({ ...settings, cache: { ...cache, blocks: 10, tokensPerBlock: 16 } });
    const content = Array.from({ length: 96 }, (_, i) => `w${i}`).join(' ');
    const body = JSON.stringify({ messages: [{ role: 'user', content }], max_tokens: 10, ignore_eos: true });
    const request = chatRequest(body, 16);
    assert.ok(typeof request !== 'string');
    const sequence = (onToken: () => void): Sequence =>
      newSequence({ ...request, arrivedMs: 0, onToken, onEnd: () => undefined });
    await new Promise<void>((started) => engine.accept(sequence(started)));
    let running = 0;
    const second = await new Promise<Sequence>((started) => {
      const later = sequence(() => {
        running ||= engine.running();
        started(later);
      });
      engine.accept(later);
    });
    assert.equal(running, 2, 'the first is still at work');
    assert.equal(second.cachedTokens, 95);
    engine.stop();
  });
});
