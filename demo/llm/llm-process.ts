// The server as a process of its own: told by its parent what to be, ends with it.

import { startLlmServer } from './llm-server.ts';
import { llmSettingsFor } from './llm-settings.ts';
import { llmSpans } from './llm-spans.ts';
import type { LlmOrder } from './start-llm.ts';

/** As OpenAI-compatible servers name it. */
const model = 'demo-chat';

if (process.send === undefined) throw new Error('this is the server of the demo: start it with `npm run demo:llm`');
process.once('message', (order: LlmOrder) => void serve(order));
// Ctrl-C reaches the whole process group; the parent decides when things end.
process.on('SIGINT', () => undefined);

async function serve({ fault, port, otlpEndpoint }: LlmOrder): Promise<void> {
  const spans = llmSpans({ otlpEndpoint, model });
  const server = await startLlmServer({ settings: llmSettingsFor(fault), port, model, onEnded: spans.ended });
  const stop = async (): Promise<void> => {
    await server.stop();
    await spans.stop();
    process.exit(0);
  };
  process.once('disconnect', () => void stop());
  process.once('SIGTERM', () => void stop());
  process.send?.({ port: server.port });
}
