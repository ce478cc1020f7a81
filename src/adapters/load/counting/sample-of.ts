// An exchange as a Sample of the model, made only for the few requests that are selected.
import type { Sample } from '../../../core/model/load.ts';
import { millis } from '../../../core/model/units.ts';
import type { Exchange } from '../requests/hot-path.ts';
import { spanIdOf, traceTail } from '../requests/trace-ids.ts';

export interface SampleNames {
  readonly traceIdPrefix: string;
  readonly scenario: string;
  readonly step: string;
  readonly phase: string;
}

export function sampleOf(exchange: Exchange, names: SampleNames): Sample {
  const { status, failure, message } = exchange;
  const isReply = failure === undefined || failure === 'status' || failure === 'expectation';
  return {
    traceId: names.traceIdPrefix + traceTail(exchange.ids),
    spanId: spanIdOf(exchange.ids),
    sampled: exchange.sampled,
    scenario: names.scenario,
    step: names.step,
    phase: names.phase,
    scheduledAt: millis(exchange.dueMs),
    sentAt: millis(exchange.sentMs),
    endedAt: millis(exchange.endedMs),
    outcome: isReply ? { kind: 'reply', status, good: failure === undefined } : { kind: 'failure', failure, message },
  };
}
