// What the server says of itself on /metrics, under the names that vLLM gives these things.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchingEngine } from './batching-engine.ts';
import type { RequestRecord } from './sequence.ts';

export interface LlmMetrics {
  readonly text: () => Promise<string>;
  readonly contentType: string;
  readonly ended: (record: RequestRecord) => void;
}

const TTFT_EDGES = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 10, 20, 40];
const TOKEN_EDGES = [
  0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
];
const E2E_EDGES = [0.1, 0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60];

export function llmMetrics(engine: BatchingEngine, model: string): LlmMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ model_name: model, service_name: 'chat-llm' });
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `vllm:${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string): Counter => new Counter({ name: `vllm:${name}`, help, registers });
  /** A count that the engine keeps itself. */
  const follow = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `vllm:${name}`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const histogram = (name: string, help: string, buckets: number[]): Histogram =>
    new Histogram({ name: `vllm:${name}`, help, buckets, registers });

  gauge('num_requests_running', 'Requests in the batch.', () => engine.running());
  gauge('num_requests_waiting', 'Requests that wait to be admitted.', () => engine.waiting());
  const usage = (): number => engine.pool.used() / engine.pool.blocks;
  gauge('kv_cache_usage_perc', 'Share of the KV cache in use; 1 is all of it.', usage);
  gauge('gpu_cache_usage_perc', 'Older name of vllm:kv_cache_usage_perc.', usage);
  follow('num_preemptions_total', 'Requests that lost their place in the batch.', () => engine.preemptions);
  follow('prefix_cache_queries_total', 'Prompt tokens looked up in the cache.', () => engine.prefixQueries);
  follow('prefix_cache_hits_total', 'Prompt tokens found in the cache.', () => engine.prefixHits);
  const promptTokens = counter('prompt_tokens_total', 'Tokens of prompts.');
  const generationTokens = counter('generation_tokens_total', 'Tokens of answers.');
  const ttft = histogram('time_to_first_token_seconds', 'From arrival to the first token.', TTFT_EDGES);
  const tpot = histogram('time_per_output_token_seconds', 'Mean time between the tokens of an answer.', TOKEN_EDGES);
  const itl = histogram('inter_token_latency_seconds', 'Between two tokens of an answer.', TOKEN_EDGES);
  const e2e = histogram('e2e_request_latency_seconds', 'From arrival to the last token.', E2E_EDGES);
  const successes = new Counter({
    name: 'vllm:request_success_total',
    help: 'Requests that ended, by reason.',
    labelNames: ['finished_reason'] as const,
    registers,
  });

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    ended: (record) => {
      const { tokenMs, arrivedMs, endedMs } = record;
      const [first] = tokenMs;
      const last = tokenMs.at(-1);
      promptTokens.inc(record.promptTokens);
      generationTokens.inc(tokenMs.length);
      if (record.outcome !== 'cancelled') successes.inc({ finished_reason: record.outcome });
      if (first === undefined || last === undefined) return;
      ttft.observe((first - arrivedMs) / 1000);
      e2e.observe((endedMs - arrivedMs) / 1000);
      if (tokenMs.length > 1) tpot.observe((last - first) / 1000 / (tokenMs.length - 1));
      for (let i = 1; i < tokenMs.length; i += 1) itl.observe(((tokenMs[i] ?? 0) - (tokenMs[i - 1] ?? 0)) / 1000);
    },
  };
}
