// ttft: how long a user waits for the first word of an answer.
import type { RequirementType } from '../requirement-type.ts';
import { streamLatency } from './stream-latency.ts';

export const ttft: RequirementType = streamLatency({
  name: 'ttft',
  title: 'The first token comes soon enough',
  doc: `Time to first token: from sending the request to the first **non-empty** content chunk, judged like latency. A request without a token is bad. \`source: server\` reads the buckets of
\`gen_ai_server_time_to_first_token_seconds\` (edges 1 ms to 10 s) or \`query\`. \`buckets: inputTokens\` tells the time for each length of prompt as well (up to 128, 512, 2,048, 8,192 tokens and beyond, as the server counts them), because it grows with the prompt: keep the prompt mix of two runs alike.`,
  example: `- id: LLM-01
  type: ttft
  require: p95 <= 500ms`,
  noun: 'answers',
  mustExist: true,
  options: {
    buckets: {
      kind: 'text',
      required: false,
      oneOf: ['inputTokens'],
      doc: 'Report by prompt size, because the time grows with the prompt.',
    },
  },
  metric: 'gen_ai_server_time_to_first_token_seconds',
});
