// A real VictoriaMetrics: a second back end with Prometheus' API.
import { join } from 'node:path';
import { findPeer } from './find-peer.ts';
import { freePorts, scratchFolder, startPeer } from './start-peer.ts';

export interface StartedVictoriaMetrics {
  readonly url: string;
  /** Takes Prometheus' text format by POST, with times in ms. */
  readonly importUrl: string;
  readonly remoteWriteUrl: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface VictoriaMetricsOptions {
  /** How long it hides what is new; its own default is 30s, here it is 0s. */
  readonly latencyOffset?: string;
}

/** Throws when it is not installed. */
export async function startVictoriaMetrics({
  latencyOffset = '0s',
}: VictoriaMetricsOptions = {}): Promise<StartedVictoriaMetrics> {
  const program = findPeer('victoria-metrics', 'victoria-metrics-prod');
  if (program === undefined) throw new Error('victoria-metrics is not installed: npm run peers -- victoria-metrics');
  const [port] = await freePorts(1);
  const folder = await scratchFolder('victoria-metrics');
  const url = `http://127.0.0.1:${port}`;
  try {
    const peer = await startPeer({
      name: 'victoria-metrics',
      program,
      args: [
        `-httpListenAddr=127.0.0.1:${port}`,
        `-storageDataPath=${join(folder.path, 'data')}`,
        '-retentionPeriod=100y',
        `-search.latencyOffset=${latencyOffset}`,
        '-loggerLevel=ERROR',
      ],
      ready: `${url}/health`,
    });
    return {
      url,
      importUrl: `${url}/api/v1/import/prometheus`,
      remoteWriteUrl: `${url}/api/v1/write`,
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
