// The document as people write it: the same shape in YAML and in TypeScript (define-verification.ts). The schemas are checked against these types.
import type { OnNoData, Priority, RequirementTypeName, Vantage } from '../core/model/requirement.ts';
import type { NotifyEvent } from '../core/model/verification.ts';
import type { TestType } from '../core/model/workload.ts';

type TimeUnit = 'ns' | 'us' | 'ms' | 's' | 'm' | 'h' | 'd' | 'w';
/** `30s`, `1m30s`. */
export type DurationText = `${number}${TimeUnit}` | `${number}${TimeUnit}${number}${TimeUnit}`;
/** `200/s`, `12000/min`. */
export type RateText = `${number}/${'s' | 'min' | 'h'}`;
/** `95%` or 0.95. */
export type ShareText = number | `${number}%`;
/** A text with `${name}`, `${env:NAME}`, `${uuid}`, `${int(1,100)}`, `${now}`. */
type TemplateText = string;
/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface VerificationDocument {
  readonly apiVersion: 'faultline/v1alpha1';
  readonly kind: 'Verification';
  readonly metadata: MetadataInput;
  readonly spec: VerificationInput;
}

export interface WorkloadDocument {
  readonly apiVersion: 'faultline/v1alpha1';
  readonly kind: 'Workload';
  readonly metadata: MetadataInput;
  readonly spec: WorkloadInput;
}

export interface MetadataInput {
  /** Unique among verifications; stands in URLs, metric labels and history. */
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly labels?: LabelsInput | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** A label is a text or, as in OpenSLO, several. */
type LabelsInput = Readonly<Record<string, string | readonly string[]>>;

export interface VerificationInput {
  /** The system under test, as its telemetry names it (`service.name` of its entry). */
  readonly service: string;
  readonly description?: string | undefined;
  /** Keeps baselines and alerts of one environment apart from another's. */
  readonly environment?: string | undefined;
  readonly schedule?: ScheduleInput | undefined;
  readonly workload?: WorkloadInput | undefined;
  /** Name of a `Workload` document, in place of `workload`. */
  readonly workloadRef?: string | undefined;
  readonly evaluation?: EvaluationInput | undefined;
  readonly baseline?: BaselineInput | undefined;
  readonly requirements: readonly RequirementInput[];
  readonly sources?: SourcesInput | undefined;
  readonly safety?: SafetyInput | undefined;
  readonly notify?: readonly NotifyInput[] | undefined;
}

export interface ScheduleInput {
  readonly every?: DurationText | undefined;
  readonly cron?: string | undefined;
  readonly jitter?: DurationText | undefined;
}

export interface WorkloadInput {
  readonly target: string;
  readonly testType?: TestType | undefined;
  readonly protocol?: 'http' | 'openai-chat-stream' | undefined;
  readonly scenarios?: readonly ScenarioInput[] | undefined;
  readonly phases?: readonly PhaseInput[] | undefined;
  /** The level that a `testType` preset builds its phases from. */
  readonly rate?: RateText | `${RateText}..${RateText}` | undefined;
  readonly concurrency?: number | undefined;
  readonly duration?: DurationText | undefined;
  readonly arrivals?: 'constant' | 'poisson' | undefined;
  /** `breakpoint`: the requirement whose failure ends the search. */
  readonly until?: string | undefined;
  /** Headers of every step. */
  readonly headers?: Readonly<Record<string, TemplateText>> | undefined;
  readonly timeout?: DurationText | undefined;
  readonly tracing?: TracingInput | undefined;
  readonly warmUp?: DurationText | undefined;
  readonly model?: string | undefined;
  readonly prompts?: PromptsInput | undefined;
  /** How connections are made, where HTTP/1.1 straight to the target is not wanted. */
  readonly transport?: TransportInput | undefined;
}

interface TracingInput {
  /** Share of requests whose trace context is marked as sampled. */
  readonly sampled?: ShareText | undefined;
  readonly maxPerSecond?: RateText | undefined;
  readonly baggage?: boolean | undefined;
}

interface TransportInput {
  readonly httpVersion?: '1.1' | '2' | 1.1 | 2 | undefined;
  readonly proxy?: string | undefined;
  readonly unixSocket?: string | undefined;
  /** PEM certificates to trust instead of the system's; relative to the document. */
  readonly caFile?: string | undefined;
  readonly verifyCertificate?: boolean | undefined;
}

interface PromptsInput {
  readonly inputTokens?: { readonly p50: number; readonly p95: number } | undefined;
  readonly outputTokens?: { readonly max: number; readonly ignoreEos?: boolean | undefined } | undefined;
  readonly sharedPrefix?: ShareText | undefined;
  readonly seed?: number | undefined;
}

export interface PhaseInput {
  readonly name: string;
  readonly rate?: RateText | `${RateText}..${RateText}` | undefined;
  readonly concurrency?: number | undefined;
  readonly arrivals?: 'constant' | 'poisson' | undefined;
  readonly duration: DurationText;
  readonly role?: 'warm-up' | 'load' | 'recovery' | undefined;
}

export interface ScenarioInput {
  readonly name: string;
  readonly weight?: number | undefined;
  readonly steps: readonly StepInput[];
  readonly feed?: FeedInput | undefined;
  readonly feeds?: readonly FeedInput[] | undefined;
  readonly cookies?: boolean | undefined;
}

interface FeedInput {
  readonly name?: string | undefined;
  readonly path: string;
  readonly order?: 'sequential' | 'random' | 'unique' | undefined;
}

/** One of the method keys, or `method` and `path`. */
export interface StepInput {
  readonly get?: TemplateText | undefined;
  readonly post?: TemplateText | undefined;
  readonly put?: TemplateText | undefined;
  readonly patch?: TemplateText | undefined;
  readonly delete?: TemplateText | undefined;
  readonly head?: TemplateText | undefined;
  readonly options?: TemplateText | undefined;
  readonly method?: string | undefined;
  readonly path?: TemplateText | undefined;
  /** What requirements call this route; by default method and path. */
  readonly name?: string | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly headers?: Readonly<Record<string, TemplateText>> | undefined;
  /** A mapping or list is sent as JSON, a text as it is. */
  readonly body?: Json | undefined;
  readonly form?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly file?: string | undefined;
  readonly expect?: ExpectInput | undefined;
  readonly capture?: Readonly<Record<string, CaptureInput>> | undefined;
  readonly thinkTime?: DurationText | `${DurationText}..${DurationText}` | undefined;
  readonly timeout?: DurationText | undefined;
}

interface ExpectInput {
  /** `200`, `2xx`, `200..204`, or a list of these. */
  readonly status?: StatusInput | readonly StatusInput[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly jsonPath?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly maxLatency?: DurationText | undefined;
}

type StatusInput = number | `${number}xx` | `${number}..${number}` | `${number}`;

/** A text is a JSON path. */
type CaptureInput =
  | string
  | { readonly jsonPath: string }
  | { readonly header: string }
  | { readonly regex: string; readonly group?: number | undefined };

export interface EvaluationInput {
  readonly phases?: readonly string[] | undefined;
  readonly perPhase?: boolean | undefined;
  readonly confidence?: ShareText | undefined;
  readonly slice?: DurationText | undefined;
  readonly failuresCountAs?: 'bad' | 'excluded' | undefined;
  readonly onNoData?: OnNoData | undefined;
  readonly minSamples?: number | undefined;
  readonly settle?:
    | { readonly traces?: DurationText | undefined; readonly metrics?: DurationText | `${number} scrapes` | undefined }
    | undefined;
  readonly validity?: ValidityInput | undefined;
}

interface ValidityInput {
  /** `<= 0.1%` */
  readonly droppedIterations?: string | undefined;
  /** `p99 <= 20ms` */
  readonly sendLag?: string | undefined;
  /** `>= 95%` */
  readonly traceCoverage?: string | undefined;
}

export interface BaselineInput {
  readonly from?: 'passed' | 'any' | undefined;
  readonly runs?: number | undefined;
  readonly branch?: string | undefined;
  readonly maxAge?: DurationText | undefined;
}

interface WhereInput {
  readonly scenario?: string | undefined;
  readonly route?: string | undefined;
  readonly phase?: string | undefined;
  readonly service?: string | undefined;
  readonly span?: string | undefined;
  readonly edge?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The object form of one clause, for generators. */
export interface ClauseInput {
  readonly stat: string;
  readonly op: 'lte' | 'lt' | 'gte' | 'gt' | 'eq' | 'between';
  readonly value?: number | undefined;
  readonly unit?: string | undefined;
  /** `between`: both ends, in `unit`. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** `10%` or `5ms` above the baseline. */
  readonly baselinePlus?: string | undefined;
  /** `{ factor: 2, stat: p95(idle) }`. */
  readonly times?: { readonly factor: number; readonly stat: string } | undefined;
  /** The share of requests that must be good: repeats a percentile. */
  readonly target?: number | undefined;
  /** The share of slices in which the limit must hold. */
  readonly inSlices?: number | undefined;
  readonly over?: DurationText | undefined;
  readonly while?: readonly string[] | undefined;
  readonly after?: string | undefined;
}

export type RuleInput = string | ClauseInput | readonly ClauseInput[];

interface CommonRequirementInput {
  readonly id: string;
  readonly title?: string | undefined;
  readonly where?: WhereInput | undefined;
  readonly source?: Vantage | undefined;
  readonly require: RuleInput;
  readonly warn?: RuleInput | undefined;
  readonly priority?: Priority | undefined;
  readonly onNoData?: OnNoData | undefined;
  readonly confidence?: ShareText | undefined;
  readonly slice?: DurationText | undefined;
  readonly minSamples?: number | undefined;
  readonly sloRef?: string | undefined;
  readonly dataSourceRef?: string | undefined;
  readonly query?: string | undefined;
  readonly owner?: string | undefined;
  readonly runbook?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Fields that a type has of its own, and those that it must have: docs/reference. */
interface OptionsOfType {
  readonly errors: { readonly count?: string | number | readonly (string | number)[] | undefined };
  readonly throughput: {
    readonly within?: DurationText | undefined;
    readonly sustained?: { readonly for: DurationText; readonly slice?: DurationText | undefined } | undefined;
  };
  readonly degradation: { readonly minEffect?: DurationText | undefined };
  readonly errorBudget: { readonly sloRef: string };
  readonly saturation: { readonly query: string };
  readonly query: { readonly query: string };
  readonly cost: {
    readonly prices: Readonly<Record<string, string>>;
    readonly usage: Readonly<Record<string, string>>;
    readonly replicas?: number | undefined;
  };
  readonly recovery: { readonly recoveryPhases?: string | readonly string[] | undefined };
  readonly stability: { readonly queries?: Readonly<Record<string, string>> | undefined };
  readonly scalability: { readonly levels?: Readonly<Record<string, number>> | undefined };
  readonly ttft: { readonly buckets?: 'inputTokens' | undefined };
  readonly tokens: { readonly basis?: 'tpot' | 'e2e' | undefined };
  readonly goodput: {
    readonly good: {
      readonly response?: string | undefined;
      readonly ttft?: string | undefined;
      readonly tpot?: string | undefined;
      readonly itl?: string | undefined;
      readonly status?: 'ok' | undefined;
    };
  };
}

/** A requirement of one of the types, with that type's fields and no others. */
export type RequirementInput = {
  readonly [T in RequirementTypeName]: CommonRequirementInput & { readonly type: T } & (T extends keyof OptionsOfType
      ? OptionsOfType[T]
      : unknown);
}[RequirementTypeName];

export interface SourcesInput {
  /** An entry, or the name of an OpenSLO `DataSource` of type Jaeger or Tempo. */
  readonly traces?: readonly (TraceSourceInput | string)[] | undefined;
  /** An entry, or the name of an OpenSLO `DataSource` of type Prometheus. */
  readonly metrics?: readonly (MetricSourceInput | string)[] | undefined;
}

type TraceSourceInput =
  | {
      readonly type: 'otlp';
      readonly host?: string | undefined;
      readonly httpPort?: number | undefined;
      readonly grpcPort?: number | undefined;
    }
  | {
      readonly type: 'jaeger' | 'tempo';
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly type: 'file'; readonly paths: readonly string[] };

type MetricSourceInput =
  | {
      readonly type: 'prometheus';
      readonly name?: string | undefined;
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly type: 'scrape';
      readonly name?: string | undefined;
      readonly targets: readonly string[];
      readonly interval?: DurationText | undefined;
    };

export interface SafetyInput {
  /** `errorRate > 50% for 10s`, `p99 > 30s for 10s`. */
  readonly abortWhen?: readonly string[] | undefined;
  readonly maxRate?: RateText | undefined;
  readonly maxInFlight?: number | undefined;
  readonly maxConnections?: number | undefined;
}

export interface NotifyInput {
  readonly target: string;
  /** `fail`, `inconclusive x 3`. */
  readonly when?: readonly (NotifyEvent | `${NotifyEvent} x ${number}`)[] | undefined;
  readonly after?: { readonly failures: number; readonly of: number } | undefined;
  readonly repeat?: DurationText | undefined;
}
