// The nouns of the hot path: what is sent (step in a phase), for whom (journey), and what became of it (exchange).
import type { Random } from '../../../core/load/random.ts';
import type { FailureKind } from '../../../core/model/load.ts';
import type { FeedRow, Scenario, Step } from '../../../core/model/workload.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { Http1Request } from './http1-request.ts';
import type { KnownHead } from './known-head.ts';
import type { RenderedRequest, StepRenderer } from './step-renderer.ts';
import type { StreamTimes } from './stream-times.ts';

/** One request and what became of it, while it is under way. Exchanges belong to connections and are used again. */
export interface Exchange {
  phased: PhasedStep;
  /** Absent on the hot path: single-step scenarios of an open model without variables. */
  journey: Journey | undefined;
  /** Milliseconds on the run's clock. `dueMs` is the intended start. */
  dueMs: number;
  sentMs: number;
  /** When the first piece of the reply arrived; -1 before. */
  firstByteMs: number;
  endedMs: number;
  /** What opening the connection took when this request was the first on it; -1 otherwise. */
  connectMs: number;
  /** How much of `connectMs` was the secure handshake; -1 without one. Says nothing where `connectMs` is -1. */
  tlsMs: number;
  /** 0 without a reply. */
  status: number;
  /** Why there is no complete reply, or why it does not count as good. */
  failure: FailureKind | undefined;
  message: string;
  bytesReceived: number;
  sampled: boolean;
  /** 8 bytes of trace id behind the run's prefix, 8 bytes of span id; false while nothing was sent under them. */
  readonly ids: Uint8Array;
  hasIds: boolean;
  /** Path and query as they were sent. */
  path: string;
  /** Name and value in turn; only kept when the step looks at them. */
  headers: readonly string[];
  /** Only kept when the step looks at it. */
  body: string;
  /** Times of the pieces of a streamed answer. */
  stream: StreamTimes | undefined;
}

/** What a step wants of a body: only its length, all of it, or the times of its pieces (a chat's chunks, or any server-sent events). */
export type BodyUse = 'count' | 'keep' | 'chat' | 'events';

/** Counts the ended requests of one step in one phase. */
export interface ExchangeRecorder {
  readonly record: (exchange: Exchange) => void;
}

/** A step in a phase: what the hot path needs to send one request and count it. */
export interface PhasedStep {
  readonly step: CompiledStep;
  readonly baggage: string | undefined;
  /** The request, for a step without variables; patched in place. */
  readonly rendered: RenderedRequest | undefined;
  readonly request: Http1Request | undefined;
  /** Absent in the warm-up, which is never counted. */
  readonly recorder: ExchangeRecorder | undefined;
}

export interface CompiledStep {
  readonly source: Step;
  readonly scenario: CompiledScenario;
  readonly renderer: StepRenderer;
  readonly check: ReplyCheck;
  readonly isHead: boolean;
  readonly keepsHeaders: boolean;
  /** The head of its last replies. */
  readonly knownHead: KnownHead;
  readonly bodyUse: BodyUse;
  /** One for each phase of the timeline, then one for the warm-up. */
  readonly phases: PhasedStep[];
}

export interface CompiledScenario {
  readonly source: Scenario;
  readonly steps: readonly CompiledStep[];
  /** Whether one request is all there is: no variables, captures, cookies, feeds or later steps. */
  readonly isPlain: boolean;
}

/** One user's way through the steps of a scenario: its variables, cookies and place. */
export interface Journey {
  scenario: CompiledScenario;
  /** Index of the step that is under way or next. */
  stepIndex: number;
  variables: Map<string, string>;
  rows: ReadonlyMap<string, FeedRow>;
  jar: CookieJar | undefined;
  random: Random;
  /** Whether this is a user of a closed model, who begins anew after the last step. */
  readonly isUser: boolean;
  /** Number of the user and of its iteration, for a closed model. */
  readonly user: number;
  iteration: number;
  /** Number of the journey in the run; seeds its randomness. */
  index: number;
  /** Whether the last request ended without any reply. */
  gotNoReply: boolean;
}

/** What a step does with a reply. */
export interface ReplyCheck {
  readonly needsHeaders: boolean;
  readonly needsBody: boolean;
  /** Sets `failure` and `message` of a complete reply that does not meet the step's expectations, or lacks what is to be captured. */
  readonly judge: (exchange: Exchange) => void;
  /** Puts captured values into `variables`; what is not found is left out. Nothing is taken from a reply that failed, unless it was only late. */
  readonly capture: (exchange: Exchange, variables: Map<string, string>) => void;
}
