// The document: what to drive, what must hold, where telemetry comes from, whom to tell.

import type { SourceRange } from './diagnostic.ts';
import type { OnNoData, Requirement } from './requirement.ts';
import type { Millis, Ratio } from './units.ts';
import type { Workload } from './workload.ts';

export type TraceSourceConfig =
  | { readonly type: 'otlp'; readonly httpPort: number; readonly grpcPort?: number; readonly host: string }
  | { readonly type: 'jaeger'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'tempo'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'file'; readonly paths: readonly string[] };

export type MetricSourceConfig =
  | {
      readonly type: 'prometheus';
      readonly name: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'scrape'; readonly name: string; readonly targets: readonly string[]; readonly interval: Millis };

export interface Sources {
  readonly traces: readonly TraceSourceConfig[];
  /** The document names no source of traces: our own receiver listens, and nobody promised that anything comes. */
  readonly tracesByDefault?: true;
  readonly metrics: readonly MetricSourceConfig[];
}

/** Limits beyond which a run may not judge (REQUIREMENTS.md 1.5). */
export interface ValidityLimits {
  readonly droppedShare: Ratio;
  readonly sendLagP99: Millis;
  readonly traceCoverage: Ratio;
}

export interface Evaluation {
  /** Phases that count; others never do. */
  readonly phases: readonly string[];
  /** Judge each phase for itself as well as together. */
  readonly perPhase: boolean;
  readonly confidence: Ratio;
  readonly slice: Millis;
  readonly failuresCountAs: 'bad' | 'excluded';
  readonly onNoData: OnNoData;
  /** How long to wait after the load before reading. */
  readonly settle: { readonly traces: Millis; readonly metrics: Millis };
  readonly validity: ValidityLimits;
}

export interface BaselineSelection {
  readonly from: 'passed' | 'any';
  readonly runs: number;
  readonly branch?: string;
  readonly maxAge: Millis;
}

export interface Schedule {
  readonly every?: Millis;
  readonly cron?: string;
  readonly jitter: Millis;
}

export type NotifyEvent = 'fail' | 'recovered' | 'inconclusive' | 'error' | 'warn';

export interface NotifyRule {
  /** Name of an AlertNotificationTarget. */
  readonly target: string;
  readonly when: readonly { readonly event: NotifyEvent; readonly times: number }[];
  /** Tell only after `failures` of the last `of` runs. */
  readonly after: { readonly failures: number; readonly of: number };
  readonly repeat: Millis;
}

export type WebhookFormat = 'cloudevents' | 'alertmanager' | 'slack' | 'pagerduty' | 'grafana' | 'github';

/** An OpenSLO AlertNotificationTarget with `target: webhook`. The secret is named, never held. */
export interface NotificationTarget {
  readonly name: string;
  readonly url: string;
  readonly secretEnv?: string;
  readonly format: WebhookFormat;
}

export interface Verification {
  readonly name: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly environment: string;
  /** Absent: judged by `observe` only. */
  readonly workload?: Workload;
  readonly evaluation: Evaluation;
  readonly baseline?: BaselineSelection;
  readonly requirements: readonly Requirement[];
  readonly sources: Sources;
  readonly schedule?: Schedule;
  readonly notify: readonly NotifyRule[];
  readonly targets: readonly NotificationTarget[];
  readonly slos: readonly Slo[];
  readonly definedAt: SourceRange;
}

/** The part of an OpenSLO SLO that a verdict needs. */
export interface Slo {
  readonly name: string;
  readonly service: string;
  readonly target: Ratio;
  readonly window: Millis;
  readonly method: 'Occurrences' | 'Timeslices' | 'RatioTimeslices';
  readonly timeSliceTarget?: Ratio;
  readonly timeSliceWindow?: Millis;
  readonly indicator: SloIndicator;
}

/** PromQL with `{{.window}}` in place of the window. */
export type SloIndicator =
  | { readonly kind: 'good-total'; readonly good: string; readonly total: string; readonly dataSource: string }
  | { readonly kind: 'bad-total'; readonly bad: string; readonly total: string; readonly dataSource: string }
  | { readonly kind: 'raw'; readonly query: string; readonly success: boolean; readonly dataSource: string }
  | {
      readonly kind: 'threshold';
      readonly query: string;
      readonly op: 'lte' | 'gte' | 'lt' | 'gt';
      readonly value: number;
      readonly dataSource: string;
    };
