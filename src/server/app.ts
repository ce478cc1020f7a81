// The HTTP face of the service: API, pages, metrics, health. Translates, decides nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { notificationRoutes } from './notification-routes.ts';
import { openApiDocument } from './openapi.ts';
import { runRoutes } from './run-routes.ts';
import type { Service } from './service.ts';
import { storeHealth } from './store-health.ts';
import type { Token } from './tokens.ts';
import { verificationRoutes } from './verification-routes.ts';

export interface AppOptions {
  readonly service: Service;
  readonly tokens: readonly Token[];
  /** Folder of the built pages. */
  readonly webFolder: string;
  readonly version: string;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The page may load nothing from elsewhere; its own script and style are inline. */
const contentPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export async function createApp(options: AppOptions): Promise<Express> {
  const { service, tokens } = options;
  const template = await readFile(join(options.webFolder, 'report.html'), 'utf8');
  const page = await readFile(join(options.webFolder, 'index.html'), 'utf8');
  const isStoreWell = storeHealth(service.store, service.clock);
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    next();
  });
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok', version: options.version });
  });
  app.get('/readyz', async (_request, response) => {
    const health = await isStoreWell();
    if (health.ok) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', message: health.error.message });
  });
  app.get('/metrics', async (_request, response) => {
    await service.refreshMetrics();
    service.metrics.runsActive(service.queue.active().length, service.queue.waiting().length);
    response.set('content-type', service.metrics.registry.contentType).send(await service.metrics.registry.metrics());
  });
  app.use('/api/v1/verifications', verificationRoutes(service, tokens));
  app.use('/api/v1/runs', runRoutes(service, tokens, template));
  app.use('/api/v1/notifications', notificationRoutes(service, tokens));
  app.get('/api/v1/openapi.json', (_request, response) => {
    response.json(openApiDocument(options.version));
  });
  app.get(['/', '/runs/:id', '/verifications/:name'], (_request, response) => {
    response.type('html').send(page);
  });
  app.use((request, response) => {
    response
      .status(404)
      .json({ error: 'not-found', message: `nothing at ${request.path}; /api/v1/openapi.json lists what there is` });
  });
  app.use(onError(options));
  return app;
}

function onError(options: AppOptions): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    if (status >= 500)
      options.log('request failed', {
        path: request.path,
        error: error instanceof Error ? error.stack : String(error),
      });
    response.status(status).json({
      error: status >= 500 ? 'internal' : 'bad-request',
      message: status >= 500 ? 'see the log of the service' : String(error),
    });
  };
}
