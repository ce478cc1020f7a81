// OTLP/gRPC: the three collector services, with bodies as they are; no schema is loaded, the reader is the same as for HTTP.
import type { handleUnaryCall, Server, ServiceDefinition } from '@grpc/grpc-js';
import { exportAnswer } from './answers.ts';
import type { TraceIntake } from './trace-intake.ts';

export interface GrpcEndpointOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly intake: TraceIntake;
  readonly maxBodyBytes: number;
}

export interface GrpcEndpoint {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens; rejects when the port cannot be had. grpc-js is loaded here because it costs a tenth of a second that HTTP users need not pay. */
export async function grpcEndpoint({ host, port, intake, maxBodyBytes }: GrpcEndpointOptions): Promise<GrpcEndpoint> {
  const { logVerbosity, Server, ServerCredentials, setLogVerbosity, status } = await import('@grpc/grpc-js');
  // What goes wrong comes back as a value; grpc-js would write it to stderr as well.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({ 'grpc.max_receive_message_length': maxBodyBytes });
  const exportTraces: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    const taken = intake.take('protobuf', call.request);
    if (taken.ok) callback(null, exportAnswer('protobuf', taken.value.refused, taken.value.message));
    else callback({ code: status.INVALID_ARGUMENT, details: taken.error.message });
  };
  const drop: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
    intake.drop();
    callback(null, exportAnswer('protobuf', 0, ''));
  };
  server.addService(collectorService('trace', 'Trace'), { export: exportTraces });
  server.addService(collectorService('metrics', 'Metrics'), { export: drop });
  server.addService(collectorService('logs', 'Logs'), { export: drop });
  const bound = await bind(
    server,
    `${host.includes(':') ? `[${host}]` : host}:${port}`,
    ServerCredentials.createInsecure(),
  );
  return { port: bound, close: () => shutDown(server) };
}

function collectorService(signal: string, name: string): ServiceDefinition {
  const identity = (bytes: Buffer): Buffer => bytes;
  return {
    export: {
      path: `/opentelemetry.proto.collector.${signal}.v1.${name}Service/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    },
  };
}

function bind(server: Server, address: string, credentials: Parameters<Server['bindAsync']>[1]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  return promise;
}

/** Lets running calls finish for half a second, then ends them. */
function shutDown(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const force = setTimeout(() => {
    server.forceShutdown();
    resolve();
  }, 500);
  server.tryShutdown(() => {
    clearTimeout(force);
    resolve();
  });
  return promise;
}
