// Collects what can be seen of the system under test; what cannot is a gap with its reason.
import type { Gap, Observations } from '../core/model/observations.ts';
import type { TimeWindow } from '../core/model/series.ts';
import { minutes, unixMillis } from '../core/model/units.ts';
import type { ObserveInput } from './observe-input.ts';
import { readBaselines } from './read-baselines.ts';
import { readMetrics } from './read-metrics.ts';
import { readTraces } from './read-traces.ts';

/** How far back observe mode looks when nobody says. */
const defaultSince = minutes(60);

export async function observe(input: ObserveInput): Promise<Observations> {
  const window = evaluationWindow(input);
  const traces = await readTraces(input, window);
  const metrics = await readMetrics(input, window);
  const baselines = await readBaselines(input);
  const gaps: readonly Gap[] = [...traces.gaps, ...metrics.gaps, ...baselines.gaps];
  return {
    window,
    ...(input.load === undefined ? {} : { load: input.load }),
    ...(traces.observation === undefined ? {} : { traces: traces.observation }),
    measures: traces.measures,
    series: metrics.series,
    saturation: metrics.saturation,
    baselines: baselines.found,
    gaps,
  };
}

/** From the first to the last judged phase; all of the run when none is. */
function evaluationWindow({ verification, plan, load, options }: ObserveInput): TimeWindow {
  if (load === undefined)
    return { start: unixMillis(plan.startedAt - (options.observeSince ?? defaultSince)), end: plan.startedAt };
  const judged = load.phases.filter((phase) => verification.evaluation.phases.includes(phase.name));
  const phases = judged.length > 0 ? judged : load.phases;
  const start = phases.reduce((least, phase) => Math.min(least, phase.startMs), Number.POSITIVE_INFINITY);
  const end = phases.reduce((most, phase) => Math.max(most, phase.endMs), 0);
  return {
    start: unixMillis(load.startedAt + (Number.isFinite(start) ? start : 0)),
    end: unixMillis(load.startedAt + Math.min(end, load.durationMs)),
  };
}
