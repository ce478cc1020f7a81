// Sends spans as an exporter would.
import { writeOtlpProtobuf } from '../../src/adapters/shared/otlp/write-protobuf.ts';
import type { SpanRecord } from '../../src/core/model/trace-set.ts';

/** One export over OTLP/HTTP in Protobuf; throws unless it was taken. */
export async function sendOtlp(endpoint: string, spans: readonly SpanRecord[]): Promise<void> {
  const response = await fetch(`${endpoint}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(writeOtlpProtobuf(spans)),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${endpoint} answered ${response.status}: ${text}`);
}
