// What the resource metrics of a service did while requirements broke: confirms, names or demotes a mechanism.
import type { SaturationSignal } from '../model/observations.ts';

/** Robust change of one resource series of one service against the reference window. */
export interface ResourceChange {
  readonly service: string;
  readonly signal: SaturationSignal;
  readonly metric: string;
  /** Medians in the metric's own unit. */
  readonly reference: number;
  readonly observed: number;
  /** (observed - reference) / max(IQR-based spread of the reference, a floor of its level); > 3 is a clear rise, < -3 a clear fall. */
  readonly score: number;
  /** First time in the observed window, in milliseconds of the run's clock, when the series left the reference's range; undefined when it never did. */
  readonly onsetMs?: number;
}
