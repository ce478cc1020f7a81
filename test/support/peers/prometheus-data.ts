// A data folder for a real Prometheus, made from given series by its own promtool.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPeer } from './find-peer.ts';
import { scratchFolder } from './start-peer.ts';

/** `openMetrics` is OpenMetrics text with times. */
export async function prometheusData(
  openMetrics: string,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const promtool = findPeer('promtool');
  if (promtool === undefined) throw new Error('promtool is not installed: npm run peers -- prometheus');
  const folder = await scratchFolder('prometheus-data');
  const input = join(folder.path, 'input.om');
  const path = join(folder.path, 'data');
  await writeFile(input, openMetrics);
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', input, path], { timeout: 30_000 });
  return { path, remove: folder.remove };
}
