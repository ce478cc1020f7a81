// Where traces of the system under test come from.
import type { Result } from '../core/model/result.ts';
import type { TimeWindow } from '../core/model/series.ts';
import type { TraceSet } from '../core/model/trace-set.ts';
import type { Millis } from '../core/model/units.ts';

export type SourceErrorKind = 'unreachable' | 'timeout' | 'bad-reply' | 'unsupported' | 'unauthorized';

/** `message` names the back end and the cause, never a secret. */
export interface SourceError {
  readonly kind: SourceErrorKind;
  readonly message: string;
  readonly cause?: unknown;
}

export interface TraceCapabilities {
  readonly byId: boolean;
  readonly search: boolean;
}

export interface TraceSearch {
  readonly window: TimeWindow;
  readonly service?: string;
  readonly operation?: string;
  readonly minDuration?: Millis;
  /** Most traces to return, newest first where the back end can. */
  readonly limit: number;
}

/**
 * Contract: what a source cannot do it says in `capabilities` and answers with `unsupported`, never with an empty set. An id that the back end does not
 * know is simply not in the answer. A trace may come incomplete: the caller asks again until it settles. Spans come back as they were stored (ids, times in ns, kinds,
 * status, attributes, links, exception events as exception.* attributes). Every call ends within `timeout` or at the abort of `signal`.
 */
export interface TraceSource {
  readonly name: string;
  readonly capabilities: TraceCapabilities;
  readonly byIds: (ids: readonly string[], options: SourceOptions) => Promise<Result<TraceSet, SourceError>>;
  readonly search: (search: TraceSearch, options: SourceOptions) => Promise<Result<TraceSet, SourceError>>;
  /** Endpoint that a SUT can export to, for embedded receivers. */
  readonly endpoint?: string;
  readonly close: () => Promise<void>;
}

export interface SourceOptions {
  readonly signal: AbortSignal;
  readonly timeout: Millis;
}
