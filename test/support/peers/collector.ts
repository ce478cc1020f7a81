// A real OpenTelemetry Collector: OTLP in, OTLP out to another endpoint, as teams have it between their services and their back ends.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPeer } from './find-peer.ts';
import { freePorts, scratchFolder, startPeer } from './start-peer.ts';

export interface CollectorOptions {
  /** Base URLs of OTLP/HTTP to pass traces on to, to each of several; absent: they are dropped. */
  readonly forwardTo?: string | readonly string[];
  /** host:port of OTLP/gRPC to pass traces on to, without TLS. */
  readonly forwardToGrpc?: string;
  readonly compression?: 'gzip' | 'zstd' | 'none';
  readonly encoding?: 'proto' | 'json';
}

export interface StartedCollector {
  readonly otlpUrl: string;
  readonly otlpGrpcUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Throws when no Collector is installed. */
export async function startCollector(options: CollectorOptions = {}): Promise<StartedCollector> {
  const program = findPeer('otelcol');
  if (program === undefined) throw new Error('otelcol is not installed: npm run peers -- otelcol');
  const [http, grpc] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`);
  const folder = await scratchFolder('collector');
  const config = join(folder.path, 'collector.yaml');
  const exporters = exportersOf(options);
  await writeFile(
    config,
    JSON.stringify({
      receivers: { otlp: { protocols: { http: { endpoint: http }, grpc: { endpoint: grpc } } } },
      exporters,
      service: {
        pipelines: { traces: { receivers: ['otlp'], exporters: Object.keys(exporters) } },
        telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      },
    }),
  );
  try {
    const peer = await startPeer({
      name: 'otelcol',
      program,
      args: ['--config', config],
      // This build has no health endpoint: an empty export shows that the receiver listens.
      ready: () => isListening(`http://${http}/v1/traces`),
    });
    return {
      otlpUrl: `http://${http}`,
      otlpGrpcUrl: `http://${grpc}`,
      pid: peer.pid,
      async stop() {
        await peer.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function exportersOf({
  forwardTo,
  forwardToGrpc,
  compression = 'gzip',
  encoding = 'proto',
}: CollectorOptions): Record<string, unknown> {
  if (forwardTo !== undefined) {
    return Object.fromEntries(
      [forwardTo].flat().map((endpoint, i) => [`otlphttp/${i}`, { endpoint, compression, encoding }]),
    );
  }
  if (forwardToGrpc !== undefined) return { otlp: { endpoint: forwardToGrpc, compression, tls: { insecure: true } } };
  return { nop: {} };
}

async function isListening(url: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: '{}', signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.status === 200;
}
