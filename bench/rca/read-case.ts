// Reads one labelled case: spans and series for the analyser, the truth for the score. The folder's name is used for neither.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMetricsFile } from '../../src/adapters/file/read-metrics-file.ts';
import { readTraceFiles } from '../../src/adapters/file/read-trace-files.ts';
import type { Series } from '../../src/core/model/series.ts';
import type { TraceSet } from '../../src/core/model/trace-set.ts';

/** What `label.json` says, in the cases and in the patterns. */
export interface Truth {
  readonly id: string;
  readonly system: string;
  /** The service to be found; absent where there is no fault, or several places. */
  readonly service?: string;
  readonly faultType?: string;
  readonly faultClass?: 'latency' | 'error';
  /** patterns: null means that nothing may be reported. */
  readonly pattern?: string | null;
  readonly variant?: string;
  readonly caller?: string;
  readonly services?: Readonly<Record<string, number>> | readonly string[];
}

export interface LabelledCase {
  readonly truth: Truth;
  readonly abnormal: TraceSet;
  readonly normal: TraceSet;
  readonly series: readonly Series[];
}

export async function readCase(folder: string): Promise<LabelledCase> {
  const truth = JSON.parse(await readFile(join(folder, 'label.json'), 'utf8')) as Truth;
  const metrics = join(folder, 'metrics.prom.json.gz');
  return {
    truth,
    abnormal: await traces(join(folder, 'abnormal.otlp.jsonl.gz')),
    normal: await traces(join(folder, 'normal.otlp.jsonl.gz')),
    series: existsSync(metrics) ? await seriesOf(metrics) : [],
  };
}

async function traces(path: string): Promise<TraceSet> {
  const read = await readTraceFiles([path]);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

async function seriesOf(path: string): Promise<readonly Series[]> {
  const read = await readMetricsFile(path);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}
