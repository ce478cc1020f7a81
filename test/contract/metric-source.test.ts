// Every metric source, and the fake that other tests use, under one contract.
import { setTimeout as sleep } from 'node:timers/promises';
import { prometheusMetricSource } from '../../src/adapters/prometheus/prometheus-metric-source.ts';
import { scrapeMetricSource } from '../../src/adapters/scrape/scrape-metric-source.ts';
import { millis } from '../../src/core/model/units.ts';
import { exposition } from '../support/exposition.ts';
import { inMemoryMetricSource } from '../support/fakes/in-memory-metric-source.ts';
import { startPrometheus } from '../support/peers/prometheus.ts';
import { prometheusData } from '../support/peers/prometheus-data.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { startVictoriaMetrics } from '../support/peers/victoria-metrics.ts';
import { startReplayTarget } from '../support/replay-target.ts';
import { metricSourceContract } from './metric-source.ts';

metricSourceContract({
  name: 'in-memory fake',
  async start(series) {
    const source = inMemoryMetricSource(series);
    return { source, stop: source.close };
  },
});

metricSourceContract({
  name: 'embedded scraper',
  async start(series) {
    const target = await startReplayTarget(series);
    const source = scrapeMetricSource({ name: 'test', targets: [target.address], interval: millis(50) });
    await target.done;
    return {
      source,
      async stop() {
        await source.close();
        await target.stop();
      },
    };
  },
});

metricSourceContract({
  name: 'Prometheus (real)',
  skip: skipWithout('prometheus'),
  async start(series) {
    const data = await prometheusData(exposition(series, 'openmetrics'));
    const prometheus = await startPrometheus({ dataFolder: data.path });
    return {
      source: prometheusMetricSource({ url: prometheus.url, headers: {} }),
      async stop() {
        await prometheus.stop();
        await data.remove();
      },
    };
  },
});

metricSourceContract({
  name: 'VictoriaMetrics (real)',
  skip: skipWithout('victoria-metrics'),
  except: {
    'follows a counter over its reset':
      'MetricsQL takes the sample before the range and never extends: another number, by design',
    'NaN stays NaN': 'VictoriaMetrics does not store NaN',
  },
  async start(series) {
    const victoria = await startVictoriaMetrics();
    const stored = await fetch(victoria.importUrl, { method: 'POST', body: exposition(series, 'text') });
    if (stored.status !== 204) throw new Error(`VictoriaMetrics did not take the series: ${stored.status}`);
    // It shows new samples within two seconds.
    await sleep(2500);
    return { source: prometheusMetricSource({ url: victoria.url, headers: {} }), stop: victoria.stop };
  },
});
