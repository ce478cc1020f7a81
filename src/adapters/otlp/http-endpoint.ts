// OTLP/HTTP: POST /v1/traces in Protobuf or JSON, plain or compressed; /v1/metrics and /v1/logs are taken and dropped.
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { contentTypes, type Encoding, exportAnswer, rpcCode, statusAnswer } from './answers.ts';
import type { TraceIntake } from './trace-intake.ts';

export interface HttpEndpointOptions {
  readonly intake: TraceIntake;
  /** Largest body after inflation. */
  readonly maxBodyBytes: number;
  /** Requests whose bodies may be held at one time; more are told to come again. */
  readonly maxInFlight: number;
}

/** The routes. Compressed bodies may be gzip, deflate, br or zstd; the limit counts inflated bytes, so a bomb ends at the limit. */
export function httpEndpoint({ intake, maxBodyBytes, maxInFlight }: HttpEndpointOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  let inFlight = 0;
  app.use((request, response, next) => {
    if (inFlight >= maxInFlight) {
      response.setHeader('retry-after', '1');
      refuse(request, response, 503, rpcCode.unavailable, `more than ${maxInFlight} requests at one time`);
      return;
    }
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
    });
    next();
  });
  const body = express.raw({ type: (request) => encodingOf(request) !== undefined, limit: maxBodyBytes });
  app.post('/v1/traces', body, (request, response) => {
    const encoding = encodingOf(request);
    if (encoding === undefined) return refuseType(request, response);
    const taken = intake.take(encoding, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    if (!taken.ok) return refuse(request, response, 400, rpcCode.invalidArgument, taken.error.message);
    return answer(response, 200, encoding, exportAnswer(encoding, taken.value.refused, taken.value.message));
  });
  app.post(['/v1/metrics', '/v1/logs'], body, (request, response) => {
    const encoding = encodingOf(request);
    if (encoding === undefined) return refuseType(request, response);
    intake.drop();
    return answer(response, 200, encoding, exportAnswer(encoding, 0, ''));
  });
  app.all(['/v1/traces', '/v1/metrics', '/v1/logs'], (request, response) => {
    response.setHeader('allow', 'POST');
    refuse(request, response, 405, rpcCode.unimplemented, `${request.method} is not OTLP: use POST`);
  });
  app.use((request, response) => {
    refuse(
      request,
      response,
      404,
      rpcCode.unimplemented,
      'the paths of OTLP/HTTP are /v1/traces, /v1/metrics and /v1/logs',
    );
  });
  app.use(badBody(maxBodyBytes));
  return app;
}

/** Reading the body failed: too large (413), an unknown content-encoding (415), damaged compression or a cut-off upload (400). */
function badBody(maxBodyBytes: number): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent || response.destroyed) return next(error);
    const { status, type, message } = error as { status?: number; type?: string; message?: string };
    if (type === 'entity.too.large') {
      return refuse(
        request,
        response,
        413,
        rpcCode.resourceExhausted,
        `a body above ${maxBodyBytes} bytes; send smaller batches`,
      );
    }
    const code = status === 415 ? 415 : status !== undefined && status < 500 ? 400 : 500;
    return refuse(
      request,
      response,
      code,
      rpcCode.invalidArgument,
      `the body cannot be read: ${message ?? type ?? 'no reason given'}`,
    );
  };
}

function encodingOf(request: { headers: { 'content-type'?: string | undefined } }): Encoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}

function refuseType(request: Request, response: Response): void {
  const found = request.headers['content-type'] ?? 'none';
  refuse(
    request,
    response,
    415,
    rpcCode.invalidArgument,
    `content-type must be application/x-protobuf or application/json, found ${found}`,
  );
}

function refuse(request: Request, response: Response, status: number, code: number, message: string): void {
  const encoding = encodingOf(request) ?? 'json';
  answer(response, status, encoding, statusAnswer(encoding, code, message));
}

/** `end` instead of `send`: no charset is added, as OTLP has it. */
function answer(response: Response, status: number, encoding: Encoding, body: Buffer): void {
  response.writeHead(status, { 'content-type': contentTypes[encoding], 'content-length': body.length });
  response.end(body);
}
