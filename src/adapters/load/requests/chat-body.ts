// The body of a chat request: the prompt of the request with this number, as OpenAI-compatible servers want it.
import { promptSource } from '../../../core/load/prompts.ts';
import type { PromptPlan } from '../../../core/model/workload.ts';

/** A function from the number of a request to its body. */
export function chatBody(plan: PromptPlan): (index: number) => Uint8Array {
  const promptOf = promptSource(plan);
  const { model, outputTokens } = plan;
  return (index) =>
    Buffer.from(
      JSON.stringify({
        model,
        messages: [{ role: 'user', content: promptOf(index).text }],
        max_tokens: outputTokens.max,
        ...(outputTokens.ignoreEos ? { ignore_eos: true } : {}),
        stream: true,
        // Tokens are counted by the server, not guessed from chunks.
        stream_options: { include_usage: true },
      }),
      'utf8',
    );
}
