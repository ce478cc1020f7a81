// Scores attribution on cases with a known root-cause service.
import type { Attribution, Confidence } from '../../src/core/model/finding.ts';
import { attributeTraces } from '../../src/core/trace/attribute-traces.ts';
import { saturationSeries } from '../../src/core/trace/metrics/saturation-series.ts';
import { type Accuracy, accuracy, foldSpread, type Placed, type Spread, share, wilson } from './accuracy.ts';
import type { LabelledCase, Truth } from './read-case.ts';

export interface ScoredCase extends Placed {
  readonly system: string;
  readonly faultClass: string;
  readonly faultType: string;
  /** The best finding, when there is one. */
  readonly named?: {
    readonly mechanism: string;
    readonly service: string;
    readonly confidence: Confidence;
    readonly isRight: boolean;
  };
  readonly milliseconds: number;
}

export interface Calibration {
  readonly confidence: Confidence;
  readonly findings: number;
  /** Of the best findings at this confidence, those that name the true service. */
  readonly right: number;
  readonly interval: readonly [number, number];
}

export interface CaseScores {
  readonly all: Accuracy;
  readonly byClass: Readonly<Record<string, Accuracy>>;
  readonly bySystem: Readonly<Record<string, Accuracy>>;
  readonly byFault: Readonly<Record<string, Accuracy>>;
  readonly spread: Spread;
  readonly calibration: readonly Calibration[];
  /** Wrong service named with high confidence, as a share of all cases. */
  readonly confidentlyWrong: number;
  readonly cases: readonly ScoredCase[];
}

/** The analyser's whole view of a case. */
export function attributeCase({ abnormal, normal, series }: LabelledCase): Attribution {
  return attributeTraces({ traces: abnormal, baseline: normal, saturation: saturationSeries(series) });
}

export function scoreCase(truth: Truth, attribution: Attribution, milliseconds: number): ScoredCase {
  const best = attribution.findings[0];
  return {
    id: truth.id,
    system: truth.system,
    faultClass: truth.faultClass ?? '',
    faultType: truth.faultType ?? '',
    place: attribution.services.findIndex(({ service }) => service === truth.service) + 1,
    ...(best === undefined
      ? {}
      : {
          named: {
            mechanism: best.mechanism,
            service: best.service,
            confidence: best.confidence,
            isRight: best.service === truth.service,
          },
        }),
    milliseconds,
  };
}

export function caseScores(cases: readonly ScoredCase[]): CaseScores {
  const by = (key: (each: ScoredCase) => string): Readonly<Record<string, Accuracy>> =>
    Object.fromEntries(
      [...new Set(cases.map(key))].sort().map((name) => [name, accuracy(cases.filter((each) => key(each) === name))]),
    );
  const wrong = cases.filter(({ named }) => named?.confidence === 'high' && !named.isRight);
  return {
    all: accuracy(cases),
    byClass: by((each) => each.faultClass),
    bySystem: by((each) => each.system),
    byFault: by((each) => `${each.system} ${each.faultType}`),
    spread: foldSpread(cases),
    calibration: (['high', 'medium', 'low'] as const).map((confidence) => calibrationOf(cases, confidence)),
    confidentlyWrong: share(wrong.length, cases.length),
    cases,
  };
}

function calibrationOf(cases: readonly ScoredCase[], confidence: Confidence): Calibration {
  const at = cases.filter(({ named }) => named?.confidence === confidence);
  const right = at.filter(({ named }) => named?.isRight === true).length;
  return { confidence, findings: at.length, right: share(right, at.length), interval: wilson(right, at.length) };
}
