// Artillery: as many virtual users as connections, each in an endless loop.
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, LoadOrder } from './generator.ts';

export function artilleryCommand({ url, connections, seconds }: LoadOrder, program: string): Command {
  const folder = join(tmpdir(), 'faultline-artillery');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `closed-${seconds}-${new URL(url).port}.json`);
  const loop = { loop: [{ get: { url: '/' } }], count: 1_000_000 };
  writeFileSync(
    file,
    JSON.stringify({
      config: {
        target: url,
        phases: [{ duration: 1, arrivalCount: connections }],
        http: { pool: connections, timeout: 10 },
        tls: { rejectUnauthorized: false },
      },
      scenarios: [{ flow: [loop] }],
    }),
  );
  // Endless users are stopped from outside; it counts nothing we need.
  return {
    args: ['timeout', '-s', 'INT', `${seconds + 3}`, program, 'run', '--quiet', file],
    env: { ARTILLERY_DISABLE_TELEMETRY: 'true' },
  };
}
