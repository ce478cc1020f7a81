// tpot: how fast an answer is written once it has begun.
import type { RequirementType } from '../requirement-type.ts';
import { streamLatency } from './stream-latency.ts';

export const tpot: RequirementType = streamLatency({
  name: 'tpot',
  title: 'Answers are written fast enough',
  doc: `Time per output token: (end - first token) / (output tokens - 1), one value a request; answers of one token have none and are skipped. Judged like latency; a failed request is bad.
\`source: server\` reads the buckets of \`gen_ai_server_time_per_output_token_seconds\` or \`query\`.`,
  example: `- id: LLM-02
  type: tpot
  require: p95 <= 40ms`,
  noun: 'answers',
  metric: 'gen_ai_server_time_per_output_token_seconds',
});
