// OpenSLO v1 documents as read: the seven kinds, by name, with the places they stand at.
import type { Millis } from '../../core/model/units.ts';
import type { LocatedNode } from '../yaml/located-node.ts';

export interface OpenSloMetadata {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly labels: Readonly<Record<string, string | readonly string[]>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One document: `root` is where it stands. */
export interface OpenSloDocument<Spec> {
  readonly metadata: OpenSloMetadata;
  readonly spec: Spec;
  readonly root: LocatedNode;
  /** Files that say it: the same document may stand in several. */
  readonly files: ReadonlySet<string>;
}

export interface OpenSloMetric {
  readonly metricSourceRef?: string | undefined;
  readonly type?: string | undefined;
  /** Free by the specification: `query` for Prometheus. */
  readonly spec: Readonly<Record<string, unknown>>;
}

interface OpenSloRatio {
  readonly counter?: boolean | undefined;
  readonly good?: { readonly metricSource: OpenSloMetric } | undefined;
  readonly bad?: { readonly metricSource: OpenSloMetric } | undefined;
  readonly total?: { readonly metricSource: OpenSloMetric } | undefined;
  readonly rawType?: 'success' | 'failure' | undefined;
  readonly raw?: { readonly metricSource: OpenSloMetric } | undefined;
}

export interface OpenSloIndicator {
  readonly description?: string | undefined;
  readonly thresholdMetric?: { readonly metricSource: OpenSloMetric } | undefined;
  readonly ratioMetric?: OpenSloRatio | undefined;
}

export interface OpenSloObjective {
  readonly displayName?: string | undefined;
  readonly op?: 'lte' | 'gte' | 'lt' | 'gt' | undefined;
  readonly value?: number | undefined;
  readonly target?: number | undefined;
  readonly targetPercent?: number | undefined;
  readonly timeSliceTarget?: number | undefined;
  readonly timeSliceWindow?: Millis | undefined;
  readonly indicator?: { readonly spec: OpenSloIndicator } | undefined;
  readonly indicatorRef?: string | undefined;
  readonly compositeWeight?: number | undefined;
}

export interface OpenSloSpec {
  readonly description?: string | undefined;
  readonly service: string;
  readonly indicator?: { readonly spec: OpenSloIndicator } | undefined;
  readonly indicatorRef?: string | undefined;
  readonly timeWindow?:
    | readonly {
        readonly duration: Millis;
        readonly isRolling?: boolean | undefined;
        readonly calendar?: unknown;
      }[]
    | undefined;
  readonly budgetingMethod: 'Occurrences' | 'Timeslices' | 'RatioTimeslices';
  readonly objectives: readonly OpenSloObjective[];
  readonly alertPolicies: readonly (
    | string
    | { readonly alertPolicyRef: string }
    | { readonly metadata: OpenSloMetadata; readonly spec: OpenSloAlertPolicy }
  )[];
}

export type ConnectionDetails = Readonly<Record<string, unknown>>;

export interface OpenSloDataSource {
  readonly description?: string | undefined;
  readonly type: string;
  /** The specification's own examples list them, one to an item; others write one mapping. */
  readonly connectionDetails: ConnectionDetails | readonly ConnectionDetails[];
}

export interface OpenSloAlertPolicy {
  readonly description?: string | undefined;
  readonly alertWhenNoData?: boolean | undefined;
  readonly alertWhenResolved?: boolean | undefined;
  readonly alertWhenBreaching?: boolean | undefined;
  readonly conditions: readonly (
    | { readonly conditionRef: string }
    | { readonly metadata: OpenSloMetadata; readonly spec: OpenSloAlertCondition }
  )[];
  readonly notificationTargets: readonly (
    | { readonly targetRef: string }
    | { readonly metadata: OpenSloMetadata; readonly spec: OpenSloTarget }
  )[];
}

export interface OpenSloAlertCondition {
  readonly description?: string | undefined;
  readonly severity: string;
  readonly condition: {
    readonly kind: string;
    readonly op: 'lte' | 'gte' | 'lt' | 'gt';
    readonly threshold: number;
    readonly lookbackWindow: Millis;
    readonly alertAfter?: Millis | undefined;
  };
}

interface OpenSloTarget {
  readonly target: string;
  readonly description?: string | undefined;
}

type ByName<Spec> = ReadonlyMap<string, OpenSloDocument<Spec>>;

/** Every OpenSLO document of a set of files, by kind and name. */
export interface OpenSloDocuments {
  readonly services: ByName<{ readonly description?: string | undefined }>;
  readonly dataSources: ByName<OpenSloDataSource>;
  readonly slos: ByName<OpenSloSpec>;
  readonly slis: ByName<OpenSloIndicator>;
  readonly alertPolicies: ByName<OpenSloAlertPolicy>;
  readonly alertConditions: ByName<OpenSloAlertCondition>;
  readonly targets: ByName<OpenSloTarget>;
}
