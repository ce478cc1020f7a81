// Latency over time with the limit, the phases, the baseline and the moment it began; below it the rate and the failures.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TimelinePoint } from '../../src/core/model/run.ts';
import { formatMillis } from '../../src/report/format-quantity.ts';
import { formatDuration } from '../../src/report/format-time.ts';
import { drawCharts } from './latency-charts.ts';
import { phaseStretches, timelineSeries } from './timeline-series.ts';

export interface LatencyFigureProps {
  readonly timeline: readonly TimelinePoint[];
  readonly judgedPhases: readonly string[];
  readonly limitMs: number | undefined;
  readonly baselineMs: number | undefined;
  readonly onsetMs: number | undefined;
  readonly name: string;
}

export function LatencyFigure(props: LatencyFigureProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    return drawCharts(element, {
      series: timelineSeries(props.timeline),
      stretches: phaseStretches(props.timeline, props.judgedPhases),
      limitMs: props.limitMs,
      baselineMs: props.baselineMs,
      onsetSeconds: props.onsetMs === undefined ? undefined : props.onsetMs / 1000,
    });
  }, [props]);
  return (
    <figure class="figure">
      <figcaption>
        <h4>Response time of all requests over the run</h4>
        <p class="quiet legend">
          <span class="key key-p50">p50</span> <span class="key key-p95">p95</span> <span class="key key-p99">p99</span>
          {props.limitMs !== undefined && <span class="key key-limit">limit {formatMillis(props.limitMs)}</span>}
          {props.baselineMs !== undefined && (
            <span class="key key-baseline">before {formatMillis(props.baselineMs)}</span>
          )}
          {props.onsetMs !== undefined && <span class="key key-onset">began at {formatDuration(props.onsetMs)}</span>}
          <span>Judged phases are shaded. Below: requests per second, failed ones in red.</span>
        </p>
      </figcaption>
      <div ref={place} class="charts" role="img" aria-label={`Latency over time: ${props.name}. ${summary(props)}`} />
    </figure>
  );
}

/** What the chart shows, for those who do not see it. */
function summary({ timeline, judgedPhases }: LatencyFigureProps): string {
  const judged = timeline.filter((point) => judgedPhases.includes(point.phase) && point.requests > 0);
  const worst = judged.reduce(
    (most, point) => (point.p99Ms > most.p99Ms ? point : most),
    judged[0] ?? timeline[0] ?? emptyPoint,
  );
  return `Highest p99 ${formatMillis(worst.p99Ms)} at ${formatDuration(worst.atMs)} in phase ${worst.phase}.`;
}

const emptyPoint: TimelinePoint = { atMs: 0, phase: '', requests: 0, failed: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
