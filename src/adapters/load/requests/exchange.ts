// A fresh exchange, to be used again and again by its connection.
import type { Exchange, PhasedStep } from './hot-path.ts';

export function createExchange(phased: PhasedStep): Exchange {
  return {
    phased,
    journey: undefined,
    dueMs: 0,
    sentMs: 0,
    firstByteMs: -1,
    endedMs: 0,
    connectMs: -1,
    tlsMs: -1,
    status: 0,
    failure: undefined,
    message: '',
    bytesReceived: 0,
    sampled: false,
    ids: new Uint8Array(16),
    hasIds: false,
    path: '',
    headers: [],
    body: '',
    stream: undefined,
  };
}
