// The language model demo: what its server does under a fault, and what the requirements say of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { LlmFault } from '../../demo/llm/faults.ts';
import { startLlmServer } from '../../demo/llm/llm-server.ts';
import { llmSettingsFor } from '../../demo/llm/llm-settings.ts';
import type { RequestRecord } from '../../demo/llm/sequence.ts';
import type { ResultDocument } from '../../src/report/result-document.ts';
import { repository } from '../support/run-cli.ts';
import { skipWhenBusy } from '../support/skip-when-busy.ts';

interface DemoRun {
  readonly code: number;
  readonly report: ResultDocument;
  readonly failed: readonly string[];
  readonly output: string;
}

const attempts = 2;

/** Again when the machine was too busy to generate the load on time. */
async function demo(fault: LlmFault, flags: readonly string[] = []): Promise<DemoRun> {
  for (let attempt = 1; ; attempt += 1) {
    const run = await demoOnce(fault, flags);
    if (run.report.generator?.healthy !== false || attempt === attempts) return run;
  }
}

async function demoOnce(fault: LlmFault, flags: readonly string[]): Promise<DemoRun> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-llm-'));
  try {
    const args = ['--fault', fault, '--out', folder, '--data', join(folder, 'data'), ...flags];
    const child = spawn(process.execPath, [join(repository, 'demo/llm/demo.ts'), ...args], {
      cwd: repository,
      env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 90_000,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece: Buffer) => (output += piece.toString()));
    const [code] = (await once(child, 'close')) as [number];
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as ResultDocument;
    const failed = report.requirements.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
    return { code, report, failed, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('language model demo', { timeout: 400_000 }, () => {
  it('passes when healthy', async (t) => {
    const { code, failed, report, output } = await demo('none');
    if (skipWhenBusy(t, report)) return;
    assert.deepEqual(failed, [], output);
    assert.equal(code, 0, output);
  });

  it('fails the time to the first token when the KV cache is too small, and the cache says why', async (t) => {
    const { code, failed, report, output } = await demo('kv-cache', [
      // Seconds are at stake here: a generator that is half of one late can still tell.
      '--set',
      'spec.evaluation.validity.sendLag=p99 <= 500ms',
    ]);
    if (skipWhenBusy(t, report)) return;
    assert.equal(code, 1, output);
    assert.ok(failed.includes('LLM-01'), output);
    assert.ok(!failed.includes('LLM-02'), `the pace of those who are served is as before\n${output}`);
    const saturation = report.requirements.find(({ id }) => id === 'LLM-07');
    assert.notEqual(saturation?.verdict, 'pass', output);
  });
});

describe('language model server', { timeout: 60_000 }, () => {
  it('answers as OpenAI does, streamed and whole, and refuses what makes no sense', async () => {
    const server = await startLlmServer({ settings: llmSettingsFor('none'), port: 0, model: 'chat' });
    const ask = (fields: object): Promise<Response> =>
      fetch(`http://127.0.0.1:${server.port}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'say a few words' }], ...fields }),
      });
    try {
      const whole = (await (await ask({ max_tokens: 4, ignore_eos: true })).json()) as {
        readonly usage: object;
        readonly choices: readonly { readonly message: { readonly content: string } }[];
      };
      assert.deepEqual(whole.usage, { prompt_tokens: 4, completion_tokens: 4, total_tokens: 8 });
      assert.equal(whole.choices[0]?.message.content.trim().split(' ').length, 4);
      const text = await (await ask({ max_tokens: 3, stream: true, stream_options: { include_usage: true } })).text();
      const events = text.split('\n\n').filter((event) => event !== '');
      assert.equal(events.at(-1), 'data: [DONE]');
      assert.match(events.at(-2) ?? '', /"usage":\{"prompt_tokens":4/);
      assert.equal((await ask({ max_tokens: -1 })).status, 400);
      const tooLong = await ask({ max_tokens: 90_000, ignore_eos: true });
      assert.equal(tooLong.status, 503);
      const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
      for (const name of [
        'num_requests_running',
        'num_requests_waiting',
        'kv_cache_usage_perc',
        'gpu_cache_usage_perc',
      ])
        assert.match(metrics, new RegExp(`^vllm:${name}\\{.*\\} 0$`, 'm'));
      assert.match(metrics, /^vllm:generation_tokens_total\{.*\} [67]$/m);
      assert.match(metrics, /^vllm:time_to_first_token_seconds_count\{.*\} 2$/m);
    } finally {
      await server.stop();
    }
  });

  it('preempts when the cache is full, and starts over without losing a token', async () => {
    const records: RequestRecord[] = [];
    const server = await startLlmServer({
      // Three conversations of 32 tokens begin, and grow to 72: two fit.
      settings: { ...llmSettingsFor('none'), cache: { blocks: 10, tokensPerBlock: 16 } },
      port: 0,
      model: 'chat',
      onEnded: (record) => records.push(record),
    });
    try {
      const answers = await Promise.all(
        ['a', 'b', 'c'].map(async (word) => {
          const reply = await fetch(`http://127.0.0.1:${server.port}/v1/chat/completions`, {
            method: 'POST',
            body: JSON.stringify({
              messages: [{ role: 'user', content: `${word} `.repeat(32) }],
              max_tokens: 40,
              ignore_eos: true,
              stream: true,
            }),
          });
          return (await reply.text()).match(/"content":"\w/g)?.length;
        }),
      );
      assert.deepEqual(answers, [40, 40, 40]);
      assert.ok(records.some(({ preemptions }) => preemptions > 0));
      const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
      const counted = Number(/^vllm:num_preemptions_total\{.*\} (\d+)$/m.exec(metrics)?.[1]);
      assert.equal(
        counted,
        records.reduce((sum, { preemptions }) => sum + preemptions, 0),
      );
      for (const { stretches } of records)
        for (const [i, { startMs }] of stretches.entries())
          assert.equal(startMs, stretches[i - 1]?.endMs ?? startMs, 'stretches follow each other without a gap');
    } finally {
      await server.stop();
    }
  });
});
