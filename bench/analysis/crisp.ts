// The critical paths of the same traces by CRISP's own code (uber-research/CRISP, Python), where it is present.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { SpanRecord } from '../../src/core/model/trace-set.ts';
import { traceSet } from '../../src/core/model/trace-set-builder.ts';
import { criticalPathReport } from '../../src/core/trace/views/critical-path-report.ts';
import { shopSpans } from './generate-spans.ts';

export type CrispComparison =
  | { readonly traces: number; readonly seconds: number; readonly crispSeconds: number; readonly ratio: number }
  | { readonly absent: string };

const traces = 2_000;
const timeoutMs = 300_000;

/** A checkout of github.com/uber-research/CRISP: $CRISP_HOME, else CRISP in the folder where `npm run peers` keeps programs. */
function crispFolder(): string {
  const peers =
    process.env['FAULTLINE_PEERS'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'faultline/peers');
  return process.env['CRISP_HOME'] ?? join(peers, 'CRISP');
}

/** Both from parsed spans to critical-path sections, one thread each. */
export function compareWithCrisp(folder: string = crispFolder()): CrispComparison {
  if (!existsSync(join(folder, 'crisp/graph.py'))) {
    return {
      absent: `CRISP's code is not in ${folder} (put a checkout of github.com/uber-research/CRISP there, or name its folder in CRISP_HOME)`,
    };
  }
  const records = [...shopSpans(traces)];
  const scratch = mkdtempSync(join(tmpdir(), 'faultline-crisp-'));
  try {
    const file = join(scratch, 'traces.jsonl');
    writeFileSync(file, jaegerLines(records));
    const script = join(import.meta.dirname, 'time-crisp.py');
    const run = spawnSync('python3', [script, folder, file, 'gateway', 'POST /checkout'], {
      encoding: 'utf8',
      timeout: timeoutMs,
    });
    if (run.status !== 0)
      return {
        absent: `CRISP's code in ${folder} does not run: ${run.error?.message ?? run.stderr.trim().split('\n').at(-1)}`,
      };
    const { seconds: crispSeconds } = JSON.parse(run.stdout) as { readonly seconds: number };
    const seconds = ownSeconds(records);
    return { traces, seconds, crispSeconds, ratio: crispSeconds / seconds };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Best of three. */
function ownSeconds(records: readonly SpanRecord[]): number {
  const once = (): number => {
    const started = performance.now();
    criticalPathReport(traceSet(records));
    return (performance.now() - started) / 1000;
  };
  return Math.min(once(), once(), once());
}

function jaegerLines(records: readonly SpanRecord[]): string {
  const traces = new Map<string, SpanRecord[]>();
  for (const record of records) traces.set(record.traceId, [...(traces.get(record.traceId) ?? []), record]);
  return [...traces].map(([traceID, spans]) => `${JSON.stringify({ data: [jaegerTrace(traceID, spans)] })}\n`).join('');
}

function jaegerTrace(traceID: string, spans: readonly SpanRecord[]): unknown {
  const serviceOf = (span: SpanRecord): string => String(span.resource['service.name']);
  return {
    traceID,
    spans: spans.map((span) => ({
      traceID,
      spanID: span.spanId,
      operationName: span.name,
      references: span.parentSpanId === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: span.parentSpanId }],
      startTime: Number(span.startUnixNanos / 1000n),
      duration: Number((span.endUnixNanos - span.startUnixNanos) / 1000n),
      tags: [{ key: 'span.kind', type: 'string', value: ['', 'internal', 'server', 'client'][span.kind] ?? '' }],
      logs: [],
      processID: serviceOf(span),
      warnings: null,
    })),
    processes: Object.fromEntries(spans.map((span) => [serviceOf(span), { serviceName: serviceOf(span), tags: [] }])),
  };
}
