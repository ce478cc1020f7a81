// The business port of a service: express, loaded only now, with the layers every service has.
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Express } from 'express';
import { failureHandler, requestObserver } from './express-layers.ts';
import type { ServiceMetrics } from './service-metrics.ts';

const KEEP_ALIVE_MS = 65_000;

/** Not listening yet. Call it after tracing has started: express is instrumented as it is loaded, and only through `require`. */
export function expressServer(metrics: ServiceMetrics, routes: (app: Express) => void): Server {
  const express = createRequire(import.meta.url)('express') as typeof import('express');
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestObserver(metrics));
  app.use(express.json({ limit: '64kb' }));
  routes(app);
  app.use(failureHandler());
  const server = createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return Object.assign(server, {
    // Like most servers, do not notice that a caller hung up: finish the work, then fail to deliver it.
    httpAllowHalfOpen: true,
  });
}
