// A metric source without any back end: given series, evaluated by the embedded subset of PromQL.
import { evaluate } from '../../../src/adapters/scrape/promql/evaluate.ts';
import { PromqlFault } from '../../../src/adapters/scrape/promql/expression.ts';
import { parsePromql } from '../../../src/adapters/scrape/promql/parse.ts';
import { err, ok } from '../../../src/core/model/result.ts';
import type { Series } from '../../../src/core/model/series.ts';
import { millis, unixMillis } from '../../../src/core/model/units.ts';
import type { MetricSource } from '../../../src/ports/metric-source.ts';
import type { SourceError } from '../../../src/ports/trace-source.ts';
import type { GivenSeries } from '../../contract/metric-source.ts';
import { selectFrom, storedSeries } from '../stored-series.ts';

export interface InMemoryMetricSource extends MetricSource {
  /** Every call fails so from now on; undefined: they succeed again. */
  readonly failWith: (error: SourceError | undefined) => void;
}

export function inMemoryMetricSource(given: readonly GivenSeries[]): InMemoryMetricSource {
  const select = selectFrom(given.map(({ labels, samples }) => storedSeries(labels, samples)));
  let failure: SourceError | undefined;
  const stopped: SourceError = { kind: 'timeout', message: 'in-memory metrics: stopped before they answered' };
  return {
    name: 'in-memory metrics',
    capabilities: { promql: 'subset' },
    async range(query, { start, end }, step, { signal }) {
      if (signal.aborted || failure !== undefined) return err(failure ?? stopped);
      try {
        return ok(evaluate(parsePromql(query), select, { start, end, step }));
      } catch (fault) {
        if (!(fault instanceof PromqlFault)) throw fault;
        return err({ kind: 'unsupported', message: `in-memory metrics: cannot evaluate the query: ${fault.message}` });
      }
    },
    async discover(name, { start, end }, { signal }) {
      if (signal.aborted || failure !== undefined) return err(failure ?? stopped);
      const pattern = new RegExp(`^(?:${name})$`);
      const found = given.filter(({ labels }) => pattern.test(labels['__name__'] ?? ''));
      return ok(
        found.flatMap(({ labels, samples }): Series[] => {
          const kept = samples.filter(([time]) => time >= start && time <= end);
          if (kept.length === 0) return [];
          return [{ labels, times: kept.map(([time]) => unixMillis(time)), values: kept.map(([, value]) => value) }];
        }),
      );
    },
    freshness: millis(1),
    close: async () => undefined,
    failWith: (error) => {
      failure = error;
    },
  };
}
