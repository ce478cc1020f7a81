// Times attribution on a million generated spans, on very deep and very wide traces, and on many edges. usage: npm run bench:analysis -- [--traces N] [--json]
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { SpanRecord } from '../../src/core/model/trace-set.ts';
import { traceSet, traceSetBuilder } from '../../src/core/model/trace-set-builder.ts';
import { attributeTraces } from '../../src/core/trace/attribute-traces.ts';
import { criticalPathReport } from '../../src/core/trace/views/critical-path-report.ts';
import { compareWithCrisp } from './crisp.ts';
import { deepTrace, manyEdges, pingPongTrace, shopSpans, wideTrace } from './generate-spans.ts';

/** What the product promises: a million spans in so many seconds and bytes. The clock stands while spans are generated. */
const promised = { seconds: 4, megabytes: 1024 } as const;
/** Four times the spans may take this many times as long: linear, with room for the noise of small runs. */
const mostGrowth = 8;

const { values } = parseArgs({
  options: { traces: { type: 'string', default: '100000' }, json: { type: 'boolean', default: false } },
});

interface WholeRun {
  readonly spans: number;
  readonly traces: number;
  readonly buildSeconds: number;
  readonly attributeSeconds: number;
  readonly totalSeconds: number;
  readonly peakMegabytes: number;
  readonly named: string;
}

/** Records in, attribution out. Records come in batches so that their making can be left out of the time but never fills the memory. */
function wholeRun(traces: number): WholeRun {
  const builder = traceSetBuilder();
  let buildSeconds = 0;
  for (const batch of batches(shopSpans(traces), 5_000)) {
    buildSeconds += seconds(() => {
      for (const span of batch) builder.add(span);
    });
  }
  let set = traceSet([]);
  buildSeconds += seconds(() => {
    set = builder.build();
  });
  let named = '';
  const attributeSeconds = seconds(() => {
    const [finding] = attributeTraces({ traces: set }).findings;
    named = finding === undefined ? 'nothing' : `${finding.mechanism} at ${finding.service}`;
  });
  return {
    spans: builder.size(),
    traces,
    buildSeconds,
    attributeSeconds,
    totalSeconds: buildSeconds + attributeSeconds,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    named,
  };
}

function* batches(spans: Iterable<SpanRecord>, size: number): Generator<readonly SpanRecord[]> {
  let batch: SpanRecord[] = [];
  for (const span of spans) {
    batch.push(span);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function seconds(work: () => void): number {
  const before = performance.now();
  work();
  return (performance.now() - before) / 1000;
}

interface Shape {
  readonly shape: string;
  readonly sizes: readonly number[];
  readonly seconds: readonly number[];
  /** Time for the largest size by time for a quarter of it. */
  readonly growth: number;
}

type Spans = (size: number) => Iterable<SpanRecord>;

/** Best of three, after one run to warm up. */
function scaling(shape: string, largest: number, spans: Spans, baseline: Spans = spans): Shape {
  const sizes = [largest / 4, largest];
  const times = sizes.map((size) => {
    const set = traceSet(spans(size));
    const usual = traceSet(baseline(size));
    const work = (): void => {
      attributeTraces({ traces: set, baseline: usual });
      criticalPathReport(set);
    };
    work();
    return Math.min(...[1, 2, 3].map(() => seconds(work)));
  });
  return { shape, sizes, seconds: times, growth: (times[1] ?? 0) / (times[0] ?? 1) };
}

const whole = wholeRun(Number(values.traces));
const shapes = [
  scaling('one deep trace', 20_000, deepTrace),
  scaling(
    'one deep trace of two services, slower than its baseline',
    20_000,
    (depth) => pingPongTrace(depth, 5e7),
    (depth) => pingPongTrace(depth, 0),
  ),
  scaling('one wide trace', 100_000, wideTrace),
  scaling(
    'many edges, each with retries',
    168_000,
    (size) => manyEdges(size, true),
    (size) => manyEdges(size, false),
  ),
];
const crisp = compareWithCrisp();
const isFast = whole.totalSeconds <= promised.seconds && whole.peakMegabytes <= promised.megabytes;
const isLinear = shapes.every(({ growth }) => growth <= mostGrowth);

if (values.json) {
  console.log(JSON.stringify({ whole, shapes, crisp, promised, isFast, isLinear }, null, 2));
} else {
  console.log(`${whole.spans} spans in ${whole.traces} traces: ${whole.totalSeconds.toFixed(2)} s`);
  console.log(`  laid out in ${whole.buildSeconds.toFixed(2)} s, attributed in ${whole.attributeSeconds.toFixed(2)} s`);
  console.log(`  at most ${whole.peakMegabytes} MB, found ${whole.named}`);
  console.log(`  promised for a million: ${promised.seconds} s, ${promised.megabytes} MB${isFast ? '' : '  NOT KEPT'}`);
  for (const { shape, sizes, seconds: times, growth } of shapes) {
    const figures = sizes.map((size, at) => `${size} spans ${(1000 * (times[at] ?? 0)).toFixed(0)} ms`).join(', ');
    console.log(`${shape}: ${figures}, x${growth.toFixed(1)} for four times the spans`);
  }
  console.log(
    'absent' in crisp
      ? `beside CRISP's own code: not compared: ${crisp.absent}`
      : `critical paths of ${crisp.traces} traces: ${crisp.seconds.toFixed(2)} s, CRISP's own code ${crisp.crispSeconds.toFixed(2)} s: x${crisp.ratio.toFixed(0)}`,
  );
}
// Speed depends on the machine and is only told; growth does not, and fails the run.
if (!isLinear) {
  console.error(`the time of one of the shapes grows by more than x${mostGrowth} for four times the spans`);
  process.exitCode = 1;
}
