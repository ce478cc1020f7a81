// The measures of one request, in milliseconds (tokens for the two token counts).
import type { MeasureName } from '../../../core/model/load.ts';
import type { Exchange } from '../requests/hot-path.ts';

/** The value of a measure; NaN when this request has none (no reply, a reused connection, a reply in one piece, no stream). `itl` gives the largest gap. */
export function measureOf(exchange: Exchange, measure: MeasureName): number {
  const { stream } = exchange;
  switch (measure) {
    case 'response':
      return exchange.endedMs - exchange.dueMs;
    case 'service':
      return exchange.endedMs - exchange.sentMs;
    case 'lag':
      return exchange.sentMs - exchange.dueMs;
    case 'connect':
      return exchange.connectMs < 0 ? Number.NaN : exchange.connectMs;
    case 'tls':
      return exchange.connectMs < 0 || exchange.tlsMs < 0 ? Number.NaN : exchange.tlsMs;
    case 'transfer':
      return exchange.status > 0 && exchange.firstByteMs >= 0 && exchange.endedMs > exchange.firstByteMs
        ? exchange.endedMs - exchange.firstByteMs
        : Number.NaN;
    case 'firstByte':
      return exchange.firstByteMs < 0 ? Number.NaN : exchange.firstByteMs - exchange.sentMs;
    case 'ttft':
      return stream === undefined || stream.firstTokenMs < 0 ? Number.NaN : stream.firstTokenMs - exchange.sentMs;
    case 'tpot':
      return stream === undefined || stream.firstTokenMs < 0 || stream.outputTokens < 2
        ? Number.NaN
        : (stream.lastTokenMs - stream.firstTokenMs) / (stream.outputTokens - 1);
    case 'itl':
      return stream === undefined || stream.gapsMs.length === 0 ? Number.NaN : Math.max(...stream.gapsMs);
    case 'responsePerToken':
      return stream === undefined || stream.outputTokens < 1
        ? Number.NaN
        : (exchange.endedMs - exchange.dueMs) / stream.outputTokens;
    case 'outputTokens':
      return stream === undefined ? Number.NaN : stream.outputTokens;
    case 'inputTokens':
      return stream === undefined || stream.inputTokens < 0 ? Number.NaN : stream.inputTokens;
  }
}
