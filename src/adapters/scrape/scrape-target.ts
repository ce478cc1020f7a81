// Scrapes one target into the store, as Prometheus would: job and instance labels, `up`, marks where a series ends.
import type { Labels } from '../../core/model/series.ts';
import { failureOf } from '../shared/http/failure.ts';
import { ExpositionFault, expositionParser } from './parse-exposition.ts';
import { parseSeries } from './parse-series.ts';
import type { SampleStore, StoredColumns } from './sample-store.ts';

export interface ScrapeTargetOptions {
  readonly url: URL;
  readonly job: string;
  readonly store: SampleStore;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface ScrapeTarget {
  readonly name: string;
  /** One scrape at `time` (Unix ms). Never rejects: what went wrong is the answer, and `up` is 0. */
  readonly scrape: (time: number, signal: AbortSignal) => Promise<string | undefined>;
}

/** What every target has, scraped or not. */
const reports: readonly string[] = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

/** Whether a series tells of the scraping and not of the target. */
export function isReport(labels: Labels): boolean {
  return reports.includes(labels['__name__'] ?? '');
}

interface Seen {
  readonly series: StoredColumns;
  inScrape: number;
}

/** A target that offers more series than the store has room for fails as a whole: half of its series would look like all of them. */
export function scrapeTarget({ url, job, store, timeoutMs, maxBytes }: ScrapeTargetOptions): ScrapeTarget {
  const own = { job, instance: url.host };
  const known = new Map<string, Seen>();
  let number = 0;
  // Made before anything else, so that there is always room to say that the target is down.
  const [up, duration, count] = reports.map((name) => store.series({ __name__: name, ...own }));

  /** All series are found before the first sample is taken: a scrape counts whole or not at all. */
  const take = (samples: readonly ParsedSample[], time: number): void => {
    const found = samples.map((sample) => {
      const seen = known.get(sample.series) ?? { series: newSeries(store, sample, own), inScrape: 0 };
      known.set(sample.series, seen);
      return seen;
    });
    samples.forEach((sample, i) => {
      const seen = found[i] as Seen;
      seen.series.append(sample.time ?? time, sample.value, 'value');
      seen.inScrape = number;
    });
  };
  const endUnseen = (time: number): void => {
    for (const [text, seen] of known) {
      if (seen.inScrape === number) continue;
      seen.series.append(time, Number.NaN, 'stale');
      known.delete(text);
    }
  };

  return {
    name: url.href,
    async scrape(time, signal) {
      number += 1;
      const began = performance.now();
      let problem: string | undefined;
      let scraped = 0;
      try {
        const samples = await fetchSamples(url, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), maxBytes);
        scraped = samples.length;
        take(samples, time);
      } catch (thrown) {
        problem =
          thrown instanceof ScrapeFault
            ? `${url.href}: ${thrown.message}`
            : failureOf(url.href, thrown, timeoutMs).message;
      }
      // A scrape that was called off says nothing about the target.
      if (signal.aborted) return undefined;
      endUnseen(time);
      up?.append(time, problem === undefined ? 1 : 0, 'value');
      duration?.append(time, (performance.now() - began) / 1000, 'value');
      count?.append(time, scraped, 'value');
      return problem;
    },
  };
}

class ScrapeFault extends Error {}

interface ParsedSample {
  readonly series: string;
  readonly value: number;
  readonly time: number | undefined;
}

const accept =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

async function fetchSamples(url: URL, signal: AbortSignal, maxBytes: number): Promise<readonly ParsedSample[]> {
  const response = await fetch(url, { headers: { accept }, signal });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new ScrapeFault(`answered ${response.status}`);
  }
  const samples: ParsedSample[] = [];
  const format = response.headers.get('content-type')?.includes('openmetrics') ? 'openmetrics' : 'text';
  const parser = expositionParser(format, (series, value, time) => samples.push({ series, value, time }));
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new ScrapeFault(`more than ${Math.floor(maxBytes / 2 ** 20)} MiB of metrics`);
      parser.push(decoder.decode(piece, { stream: true }));
    }
    parser.end();
  } catch (error) {
    if (error instanceof ExpositionFault) throw new ScrapeFault(`not Prometheus' text format at ${error.message}`);
    throw error;
  }
  return samples;
}

function newSeries(store: SampleStore, sample: ParsedSample, own: Labels): StoredColumns {
  const labels = parseSeries(sample.series);
  if (labels === undefined) throw new ScrapeFault(`${sample.series} is no series`);
  const series = store.series(withTarget(labels, own));
  if (series === undefined) throw new ScrapeFault('no room for more series; scrape fewer targets or use a Prometheus');
  return series;
}

/** The target's own job and instance win; what the exposition calls so becomes exported_job and exported_instance. */
function withTarget(labels: Labels, own: Labels): Labels {
  const renamed = Object.entries(labels).map(([name, value]) => [
    own[name] === undefined ? name : `exported_${name}`,
    value,
  ]);
  return { ...Object.fromEntries(renamed), ...own };
}
