// A real Prometheus for a test.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPeer } from './find-peer.ts';
import { freePorts, scratchFolder, startPeer } from './start-peer.ts';

export interface PrometheusOptions {
  /** host:port or URL of /metrics. */
  readonly targets?: readonly string[];
  readonly scrapeIntervalMs?: number;
  readonly job?: string;
  /** Contents of a rules file. */
  readonly rules?: string;
  /** host:port of an Alertmanager. */
  readonly alertmanager?: string;
  /** URL of a remote-write receiver. */
  readonly remoteWriteUrl?: string;
  /** A data folder made by promtool; by default an empty one that is removed at the end. */
  readonly dataFolder?: string;
}

export interface StartedPrometheus {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Debian's prometheus on a free loopback port; throws when it is not installed. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<StartedPrometheus> {
  const program = findPeer('prometheus');
  if (program === undefined) throw new Error('prometheus is not installed: npm run peers -- prometheus');
  const [port] = await freePorts(1);
  const folder = await scratchFolder('prometheus');
  const config = join(folder.path, 'prometheus.yml');
  await writeFile(config, configOf(options, folder.path));
  if (options.rules !== undefined) await writeFile(join(folder.path, 'rules.yml'), options.rules);
  const url = `http://127.0.0.1:${port}`;
  try {
    const peer = await startPeer({
      name: 'prometheus',
      program,
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${options.dataFolder ?? join(folder.path, 'data')}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      ready: `${url}/-/ready`,
    });
    return {
      url,
      pid: peer.pid,
      async stop() {
        await peer.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** JSON is YAML. */
function configOf(options: PrometheusOptions, folder: string): string {
  const { targets = [], scrapeIntervalMs = 1000, job = 'test' } = options;
  const interval = `${scrapeIntervalMs}ms`;
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    scrape_configs: targets.map((target, index) => {
      const { protocol, host, pathname } = new URL(target.includes('://') ? target : `http://${target}/metrics`);
      return {
        job_name: targets.length === 1 ? job : `${job}-${index}`,
        scheme: protocol.slice(0, -1),
        metrics_path: pathname,
        static_configs: [{ targets: [host] }],
        // One job label for all targets, whatever their paths.
        relabel_configs: [{ target_label: 'job', replacement: job }],
      };
    }),
    rule_files: options.rules === undefined ? [] : [join(folder, 'rules.yml')],
    alerting: {
      alertmanagers:
        options.alertmanager === undefined ? [] : [{ static_configs: [{ targets: [options.alertmanager] }] }],
    },
    remote_write: options.remoteWriteUrl === undefined ? [] : [{ url: options.remoteWriteUrl }],
  });
}
