// A real Jaeger v2, all in one process, traces in memory.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPeer } from './find-peer.ts';
import { freePorts, scratchFolder, startPeer } from './start-peer.ts';

export interface StartedJaeger {
  /** The query API: for a source of type jaeger. */
  readonly url: string;
  /** OTLP/HTTP: for exporters. */
  readonly otlpUrl: string;
  /** OTLP/gRPC. */
  readonly otlpGrpcUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** All ports are free ones on loopback. Throws when no Jaeger is installed. */
export async function startJaeger(): Promise<StartedJaeger> {
  const program = findPeer('jaeger');
  if (program === undefined) throw new Error('jaeger is not installed: npm run peers -- jaeger');
  const [query, queryGrpc, otlpHttp, otlpGrpc, health] = (await freePorts(5)).map((port) => `127.0.0.1:${port}`);
  const folder = await scratchFolder('jaeger');
  const config = join(folder.path, 'jaeger.yaml');
  await writeFile(
    config,
    JSON.stringify({
      service: {
        extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
        pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
        telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      },
      extensions: {
        healthcheckv2: { use_v2: true, http: { endpoint: health } },
        jaeger_query: { storage: { traces: 'memory' }, http: { endpoint: query }, grpc: { endpoint: queryGrpc } },
        jaeger_storage: { backends: { memory: { memory: { max_traces: 100_000 } } } },
      },
      receivers: { otlp: { protocols: { http: { endpoint: otlpHttp }, grpc: { endpoint: otlpGrpc } } } },
      exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    }),
  );
  try {
    const peer = await startPeer({
      name: 'jaeger',
      program,
      args: ['--config', config],
      ready: `http://${query}/api/v3/services`,
      timeoutMs: 30_000,
    });
    return {
      url: `http://${query}`,
      otlpUrl: `http://${otlpHttp}`,
      otlpGrpcUrl: `http://${otlpGrpc}`,
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
