// Where Faultline's own spans go when nobody says: to the trace back end that the traces are read from, so that each trace there has its root.
import { connect } from 'node:net';
import type { TraceSourceConfig } from '../core/model/verification.ts';

/** Jaeger and Tempo answer queries and take OTLP/HTTP on these ports unless they are told otherwise. */
const queryPorts: Readonly<Record<string, string>> = { jaeger: '16686', tempo: '3200' };
const otlpHttpPort = 4318;
/** A back end that does not take a connection within this is not sent to: spans are no reason to wait. */
const probeMs = 500;

/**
 * The OTLP/HTTP base URL beside the first Jaeger or Tempo on its usual port, when something listens there. Undefined for other addresses, where nobody can
 * know the way in, and for the embedded receiver: the run adds its own spans to what that holds without any sending.
 */
export async function endpointBesideTraces(sources: readonly TraceSourceConfig[]): Promise<string | undefined> {
  const [source] = sources;
  if (source === undefined || (source.type !== 'jaeger' && source.type !== 'tempo')) return undefined;
  const { protocol, hostname, port } = new URL(source.url);
  if (protocol !== 'http:' || port !== queryPorts[source.type]) return undefined;
  return (await takesConnections(hostname, otlpHttpPort)) ? `http://${hostname}:${otlpHttpPort}` : undefined;
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
    const end = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), probeMs);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
