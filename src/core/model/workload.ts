// What load a verification drives: scenarios of steps, and phases that say how many arrivals are due when.
import type { Millis, PerSecond } from './units.ts';

/** A templated text: `${name}`, `${env:NAME}`, `${uuid}`, `${int(1,100)}`, `${now}` are filled in per request from the run's seed. */
export type Template = string;

export type StepBody =
  | { readonly kind: 'json'; readonly template: Template }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, Template>> }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'file'; readonly path: string };

/** How a captured value is found in a response. */
export type CaptureSource =
  | { readonly kind: 'jsonPath'; readonly path: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly group: number };

export interface Capture {
  readonly variable: string;
  readonly from: CaptureSource;
}

/** What a reply must look like to count as good. Without `status`, 1xx-3xx are good. `maxLatency` counts from the intended start. */
export interface Expectation {
  readonly status?: readonly StatusRange[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly jsonPath?: Readonly<Record<string, string | number | boolean>>;
  readonly maxLatency?: Millis;
}

/** Inclusive on both ends, for example 200..299. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** Think time before the next step: fixed when `min` equals `max`, else uniform from the run's seed. */
export interface ThinkTime {
  readonly min: Millis;
  readonly max: Millis;
}

/** One request of a scenario. `name` is what requirements call its route: `POST /checkout` unless the document names it. */
export interface Step {
  readonly name: string;
  readonly method: string;
  /** Path and query below the workload's target, or an absolute http(s) URL. */
  readonly path: Template;
  readonly query: Readonly<Record<string, Template>>;
  readonly headers: Readonly<Record<string, Template>>;
  readonly body?: StepBody;
  readonly expect: Expectation;
  readonly captures: readonly Capture[];
  readonly thinkTime?: ThinkTime;
  readonly timeout: Millis;
}

/** Rows for `${name}` variables, read before the run. */
export interface Feed {
  readonly name: string;
  readonly path: string;
  readonly order: 'sequential' | 'random' | 'unique';
}

/** Column and value. */
export type FeedRow = Readonly<Record<string, string>>;

/** A user journey; `weight` is relative to the other scenarios. */
export interface Scenario {
  readonly name: string;
  readonly weight: number;
  readonly steps: readonly Step[];
  readonly feeds: readonly Feed[];
  /** Whether cookies set by replies are sent on the journey's later steps. */
  readonly cookies: boolean;
}

/** Open model: journeys start at a rate (linear from `from` to `to` over the phase). Closed model: so many journeys at any time. */
export type Pace =
  | {
      readonly kind: 'rate';
      readonly from: PerSecond;
      readonly to: PerSecond;
      readonly arrivals: 'constant' | 'poisson';
    }
  | { readonly kind: 'concurrency'; readonly users: number };

/** `role: 'warm-up'` is sent but never judged; `recovery` returns to an earlier level after stress. */
export interface Phase {
  readonly name: string;
  readonly pace: Pace;
  readonly duration: Millis;
  readonly role: 'warm-up' | 'load' | 'recovery';
}

export type TestType = 'load' | 'stress' | 'spike' | 'soak' | 'scalability' | 'breakpoint';

/** Prompt and answer shape of an LLM workload (`protocol: openai-chat-stream`). */
export interface PromptPlan {
  readonly model: string;
  readonly inputTokens: { readonly p50: number; readonly p95: number };
  readonly outputTokens: { readonly max: number; readonly ignoreEos: boolean };
  /** Share of the prompt that all requests have in common. */
  readonly sharedPrefix: number;
  readonly seed: number;
}

/** The limits that end a run at once. Always on. */
export interface SafetyLimits {
  /** Abort when the share of failed requests stays above `errorRate.above` for `errorRate.for`. */
  readonly errorRate: { readonly above: number; readonly for: Millis };
  readonly p99: { readonly above: Millis; readonly for: Millis };
  readonly maxRate: PerSecond;
  readonly maxInFlight: number;
  readonly maxConnections: number;
}

/** How connections are made, where plain HTTP/1.1 straight to the target is not wanted. */
export interface Transport {
  /** `2`: HTTP/2, by ALPN over TLS, with prior knowledge without. Absent: 1.1. */
  readonly httpVersion?: '1.1' | '2';
  /** URL of an HTTP proxy that requests go through. */
  readonly proxy?: string;
  /** Path of a unix socket that is connected to instead of the target's host and port. */
  readonly unixSocket?: string;
  /** Path of a file of PEM certificates to trust instead of the system's. */
  readonly caFile?: string;
  /** False accepts any certificate. */
  readonly verifyCertificate?: boolean;
}

export interface Workload {
  /** Base URL of the system under test, for example http://127.0.0.1:8080. */
  readonly target: string;
  readonly testType: TestType;
  readonly protocol: 'http' | 'openai-chat-stream';
  readonly prompts?: PromptPlan;
  readonly scenarios: readonly Scenario[];
  readonly phases: readonly Phase[];
  /** Present where the phases were made from the test type and are not the document's own. */
  readonly hasPresetPhases?: true;
  /** `breakpoint`: id of the requirement whose failure ends the search. */
  readonly until?: string;
  readonly safety: SafetyLimits;
  /** Share of requests whose trace context carries the sampled flag. */
  readonly sampledShare: number;
  /** Most sampled requests a second; above it the flag is cleared. */
  readonly maxSampledPerSecond: number;
  /** Whether `baggage: faultline.run=...` is sent. */
  readonly baggage: boolean;
  /** Ramp that opens connections and warms the generator; sent, never counted. */
  readonly warmUp: Millis;
  /** Absent: HTTP/1.1 straight to the target, certificates verified. */
  readonly transport?: Transport;
}
