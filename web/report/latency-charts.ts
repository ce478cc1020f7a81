// Draws the two charts of a latency figure with uPlot and keeps them right through resizing, printing and a change of colour scheme.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatMillis, formatNumber } from '../../src/report/format-quantity.ts';
import { formatDuration } from '../../src/report/format-time.ts';
import { type ThemeColours, themeColours } from './theme-colours.ts';
import type { PhaseStretch, TimelineSeries } from './timeline-series.ts';

export interface ChartInput {
  readonly series: TimelineSeries;
  readonly stretches: readonly PhaseStretch[];
  readonly limitMs: number | undefined;
  readonly baselineMs: number | undefined;
  readonly onsetSeconds: number | undefined;
}

const latencyHeight = 230;
const rateHeight = 92;
const axisWidth = 58;
/** Top (for the names of the phases), right, bottom, left: the same right edge for both charts. */
const padding: uPlot.Padding = [20, 12, 0, 0];
const phaseTick = 16;
const font = '11px system-ui, sans-serif';

/** Draws into `place`; the returned function takes everything away again. */
export function drawCharts(place: HTMLElement, input: ChartInput): () => void {
  let charts: readonly uPlot[] = [];
  const clear = (): void => {
    for (const chart of charts) chart.destroy();
    charts = [];
  };
  const draw = (): void => {
    clear();
    const width = Math.max(260, Math.floor(place.clientWidth));
    const colours = themeColours();
    charts = [latencyChart(place, input, { width, colours }), rateChart(place, input, { width, colours })];
  };
  const resize = new ResizeObserver(() => {
    const width = Math.max(260, Math.floor(place.clientWidth));
    for (const chart of charts) if (chart.width !== width) chart.setSize({ width, height: chart.height });
  });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  // Canvas keeps the colours it was drawn with: paper wants the light ones.
  const beforePrint = (): void => {
    document.documentElement.dataset['theme'] = 'light';
    draw();
  };
  const afterPrint = (): void => {
    delete document.documentElement.dataset['theme'];
    draw();
  };
  draw();
  resize.observe(place);
  scheme.addEventListener('change', draw);
  window.addEventListener('beforeprint', beforePrint);
  window.addEventListener('afterprint', afterPrint);
  return () => {
    clear();
    resize.disconnect();
    scheme.removeEventListener('change', draw);
    window.removeEventListener('beforeprint', beforePrint);
    window.removeEventListener('afterprint', afterPrint);
  };
}

interface Frame {
  readonly width: number;
  readonly colours: ThemeColours;
}

function latencyChart(place: HTMLElement, input: ChartInput, { width, colours }: Frame): uPlot {
  const { series, limitMs, baselineMs } = input;
  const highest = Math.max(...series.p99.map((value) => value ?? 0), limitMs ?? 0, baselineMs ?? 0);
  const line = (label: string, stroke: string, lineWidth: number): uPlot.Series => ({
    label,
    stroke,
    width: lineWidth,
    points: { show: false },
    value: (_chart, value) => (value === null ? '–' : formatMillis(value)),
  });
  return new uPlot(
    {
      width,
      height: latencyHeight,
      padding,
      cursor: { sync: { key: 'timeline' }, y: false, points: { size: 6 } },
      legend: { live: true },
      scales: { x: { time: false }, y: { range: [0, Math.max(1, highest * 1.12)] } },
      axes: [timeAxis(colours), valueAxis(colours, (value) => formatMillis(value))],
      series: [
        { label: 'at', value: (_chart, value) => (value === null ? '–' : formatDuration(value * 1000)) },
        line('p50', colours.p50, 1.25),
        line('p95', colours.p95, 1.5),
        line('p99', colours.p99, 2),
      ],
      hooks: {
        drawClear: [(chart) => drawPhases(chart, input.stretches, colours)],
        draw: [(chart) => drawMarks(chart, input, colours)],
      },
    },
    [series.seconds, series.p50, series.p95, series.p99] as unknown as uPlot.AlignedData,
    place,
  );
}

function rateChart(place: HTMLElement, input: ChartInput, { width, colours }: Frame): uPlot {
  const { series } = input;
  const perSecond = (_chart: uPlot, value: number | null): string =>
    value === null ? '–' : `${formatNumber(value)}/s`;
  return new uPlot(
    {
      width,
      height: rateHeight,
      padding: [6, 12, 6, 0],
      cursor: { sync: { key: 'timeline' }, y: false, points: { size: 5 } },
      scales: { x: { time: false }, y: { range: [0, Math.max(1, ...series.rate) * 1.15] } },
      axes: [
        { ...timeAxis(colours), show: false },
        { ...valueAxis(colours, (value) => `${formatNumber(value)}/s`), space: 26 },
      ],
      series: [
        { label: 'at', value: (_chart, value) => (value === null ? '–' : formatDuration(value * 1000)) },
        {
          label: 'requests',
          stroke: colours.quiet,
          width: 1.25,
          fill: colours.rateFill,
          points: { show: false },
          value: perSecond,
        },
        {
          label: 'failed',
          stroke: colours.fail,
          width: 1.5,
          fill: colours.failFill,
          points: { show: false },
          value: perSecond,
        },
      ],
      hooks: {
        drawClear: [
          (chart) =>
            drawPhases(
              chart,
              input.stretches.map((each) => ({ ...each, phase: '' })),
              colours,
            ),
        ],
      },
    },
    [series.seconds, series.rate, series.failedRate] as unknown as uPlot.AlignedData,
    place,
  );
}

const timeAxis = (colours: ThemeColours): uPlot.Axis => ({
  stroke: colours.quiet,
  font,
  size: 30,
  grid: { show: false },
  ticks: { stroke: colours.line, width: 1, size: 4 },
  space: 56,
  incrs: [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400],
  values: (_chart, splits) => splits.map(clockText),
});

const valueAxis = (colours: ThemeColours, text: (value: number) => string): uPlot.Axis => ({
  stroke: colours.quiet,
  font,
  size: axisWidth,
  grid: { stroke: colours.line, width: 1 },
  ticks: { show: false },
  values: (_chart, splits) => splits.map((value) => (value === 0 ? '0' : text(value))),
});

/** Minutes and seconds from the run's start: `2:20`; with hours where there are some. */
function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

function drawPhases(chart: uPlot, stretches: readonly PhaseStretch[], colours: ThemeColours): void {
  const { ctx, bbox } = chart;
  const inside = (value: number): number =>
    Math.min(bbox.left + bbox.width, Math.max(bbox.left, chart.valToPos(value, 'x', true)));
  ctx.save();
  for (const stretch of stretches) {
    const from = inside(stretch.from);
    const to = inside(stretch.to);
    const above = stretch.phase === '' ? 0 : phaseTick * devicePixelRatio;
    if (stretch.isJudged) {
      ctx.fillStyle = colours.judged;
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    ctx.fillStyle = colours.strongLine;
    ctx.fillRect(Math.round(from), bbox.top - above, devicePixelRatio, bbox.height + above);
    drawPhaseName(chart, stretch.phase, { from, to, colour: colours.quiet });
  }
  ctx.restore();
}

/** Above the plot, where there is room for the whole name. */
function drawPhaseName(
  { ctx, bbox }: uPlot,
  name: string,
  place: { readonly from: number; readonly to: number; readonly colour: string },
): void {
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  if (name === '' || ctx.measureText(name).width + 8 * devicePixelRatio > place.to - place.from) return;
  ctx.fillStyle = place.colour;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillText(name, place.from + 5 * devicePixelRatio, bbox.top - 3 * devicePixelRatio);
}

function drawMarks(chart: uPlot, input: ChartInput, colours: ThemeColours): void {
  const { ctx, bbox } = chart;
  const across = (value: number | undefined, colour: string, dash: readonly number[]): void => {
    if (value === undefined) return;
    const y = chart.valToPos(value, 'y', true);
    stroke(ctx, colour, dash, [bbox.left, y, bbox.left + bbox.width, y]);
  };
  ctx.save();
  across(input.baselineMs, colours.quiet, [2, 3]);
  across(input.limitMs, colours.fail, [7, 4]);
  if (input.onsetSeconds !== undefined) {
    const x = chart.valToPos(input.onsetSeconds, 'x', true);
    if (x >= bbox.left && x <= bbox.left + bbox.width)
      stroke(ctx, colours.ink, [3, 3], [x, bbox.top, x, bbox.top + bbox.height]);
  }
  ctx.restore();
}

function stroke(
  ctx: CanvasRenderingContext2D,
  colour: string,
  dash: readonly number[],
  [x1, y1, x2, y2]: readonly [number, number, number, number],
): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
