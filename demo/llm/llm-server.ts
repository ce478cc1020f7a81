// The server: OpenAI-compatible chat completions on top of the batching engine, streamed token by token, with /metrics and /healthz.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../kit/listen.ts';
import { BatchingEngine } from './batching-engine.ts';
import { type ChatRequest, chatRequest } from './chat-request.ts';
import { llmMetrics } from './llm-metrics.ts';
import type { LlmSettings } from './llm-settings.ts';
import { newSequence, type RequestRecord } from './sequence.ts';

export interface LlmServerOptions {
  readonly settings: LlmSettings;
  /** 0: any free one. */
  readonly port: number;
  readonly model: string;
  /** Told of every request that has ended, with the trace context it came with. */
  readonly onEnded?: (record: RequestRecord, traceparent: string | undefined) => void;
}

export interface LlmServer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const MOST_BODY_BYTES = 4_000_000;
const WORDS = 'so it goes on and on until enough has been said of what was asked'.split(' ');

export async function startLlmServer(options: LlmServerOptions): Promise<LlmServer> {
  const { settings, model } = options;
  const engine = new BatchingEngine(settings);
  const metrics = llmMetrics(engine, model);
  const ended = (record: RequestRecord, traceparent: string | undefined): void => {
    metrics.ended(record);
    options.onEnded?.(record, traceparent);
  };
  const server = createServer((request, response) => {
    const { url = '/', method } = request;
    if (url === '/healthz') response.end('ok');
    else if (url === '/metrics')
      void metrics.text().then((text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text));
    else if (url === '/v1/models') json(response, 200, { object: 'list', data: [{ id: model, object: 'model' }] });
    else if (url === '/v1/chat/completions' && method === 'POST')
      void chat(request, response, { engine, settings, ended });
    else refuse(response, 404, `nothing is at ${method} ${url}`);
  });
  // Tokens are small and must leave at once.
  server.on('connection', (socket) => socket.setNoDelay(true));
  const port = await listen(server, options.port, '127.0.0.1');
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        engine.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Chat {
  readonly engine: BatchingEngine;
  readonly settings: LlmSettings;
  readonly ended: (record: RequestRecord, traceparent: string | undefined) => void;
}

async function chat(
  request: IncomingMessage,
  response: ServerResponse,
  { engine, settings, ended }: Chat,
): Promise<void> {
  const arrivedMs = performance.now();
  let body: string | undefined;
  try {
    body = await bodyOf(request);
  } catch {
    // The client went away in the middle of its request: nobody waits for an answer.
    return;
  }
  if (body === undefined) return refuse(response, 413, `the body is larger than ${MOST_BODY_BYTES} bytes`);
  const wanted = chatRequest(body, settings.cache.tokensPerBlock);
  if (typeof wanted === 'string') return refuse(response, 400, wanted);
  const traceparent = request.headers['traceparent'];
  const answer = wanted.isStream ? streamed(wanted, response) : whole(wanted, response);
  const sequence = newSequence({
    ...wanted,
    arrivedMs,
    onToken: answer.token,
    onEnd: (record) => {
      if (record.outcome !== 'cancelled') answer.end();
      ended(record, typeof traceparent === 'string' ? traceparent : undefined);
    },
  });
  response.on('close', () => engine.cancel(sequence));
  if (!engine.accept(sequence))
    refuse(response, 503, 'too many requests wait, or the conversation does not fit the KV cache');
}

interface Answer {
  readonly token: (index: number) => void;
  readonly end: () => void;
}

/** One event a token, as soon as it is there; the head goes out with the first. */
function streamed(wanted: ChatRequest, response: ServerResponse): Answer {
  const head = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: now(), model: wanted.model };
  const send = (rest: object): void => void response.write(`data: ${JSON.stringify({ ...head, ...rest })}\n\n`);
  const choice = (delta: object, finish: string | null = null): object => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  return {
    token: (index) => {
      if (index === 0) {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
        response.cork();
        send(choice({ role: 'assistant', content: '' }));
        send(choice({ content: wordAt(index) }));
        response.uncork();
      } else send(choice({ content: wordAt(index) }));
    },
    end: () => {
      send(choice({}, wanted.outcome));
      if (wanted.includesUsage) send({ choices: [], usage: usageOf(wanted) });
      response.end('data: [DONE]\n\n');
    },
  };
}

function whole(wanted: ChatRequest, response: ServerResponse): Answer {
  const words: string[] = [];
  return {
    token: (index) => words.push(wordAt(index)),
    end: () =>
      json(response, 200, {
        id: `chatcmpl-${randomUUID()}`,
        object: 'chat.completion',
        created: now(),
        model: wanted.model,
        choices: [{ index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: wanted.outcome }],
        usage: usageOf(wanted),
      }),
  };
}

const wordAt = (index: number): string => `${WORDS[index % WORDS.length]} `;

const now = (): number => Math.floor(Date.now() / 1000);

const usageOf = ({ promptTokens, outputTokens }: ChatRequest): object => ({
  prompt_tokens: promptTokens,
  completion_tokens: outputTokens,
  total_tokens: promptTokens + outputTokens,
});

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BODY_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function refuse(response: ServerResponse, status: number, message: string): void {
  json(response, status, {
    error: { message, type: status < 500 ? 'invalid_request_error' : 'overloaded_error', code: status },
  });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
