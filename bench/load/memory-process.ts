// Prints the KiB of memory that one idle connection, or one thinking user, takes. usage: node --expose-gc memory-process.ts URL connection|user COUNT
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseOrigin } from '../../src/adapters/load/requests/origin.ts';
import { tickWaker } from '../../src/adapters/load/schedule/waker.ts';
import { Generator } from '../../src/adapters/load/workers/generator.ts';
import { millis } from '../../src/core/model/units.ts';
import { openLane } from '../../test/support/load-lanes.ts';
import { loadPlan, phase, step, users } from '../../test/support/load-plan.ts';

const [url = '', kind, text = '1000'] = process.argv.slice(2);
const count = Number(text);
const collect = (globalThis as { gc?: () => void }).gc;

async function residentKiB(): Promise<number> {
  for (let i = 0; i < 4; i += 1) {
    collect?.();
    await sleep(100);
  }
  return process.memoryUsage().rss / 1024;
}

async function connections(): Promise<number> {
  const lane = openLane('fast', url, count + 100);
  const open = async (wanted: number): Promise<void> => {
    for (let tries = 0; lane.sender.connectionsOpened() < wanted && tries < 2000; tries += 1) {
      lane.sender.prepare(wanted);
      await sleep(5);
    }
  };
  // What the first hundred bring along is not theirs.
  await open(100);
  const before = await residentKiB();
  await open(count + 100);
  const after = await residentKiB();
  lane.close();
  return (after - before) / count;
}

async function thinkers(): Promise<number> {
  const origin = parseOrigin(url);
  if (!origin.ok) throw new Error(origin.error);
  const run = async (userCount: number): Promise<number> => {
    const pause = { min: millis(60_000), max: millis(60_000) };
    const plan = loadPlan({
      target: url,
      scenarios: [{ cookies: true, steps: [step({ path: '/?${uuid}', thinkTime: pause }), step({ path: '/b' })] }],
      phases: [phase('c', users(userCount), 60_000)],
      safety: { maxConnections: 64, maxInFlight: 100_000 },
    });
    const zero = performance.now();
    const generator = new Generator({
      setup: {
        plan,
        shard: 0,
        shards: 1,
        endpoints: [{ origin: origin.value, address: origin.value.host, transport: {} }],
        files: {},
        rowsTaken: {},
      },
      now: () => performance.now() - zero,
      startUnixMs: Date.now(),
      wakerOf: tickWaker,
      onTick: () => undefined,
      onDone: () => undefined,
    });
    generator.start();
    await sleep(3000);
    const resident = await residentKiB();
    generator.stop('interrupted');
    await sleep(200);
    return resident;
  };
  const few = await run(100);
  return ((await run(count + 100)) - few) / count;
}

console.log((kind === 'user' ? await thinkers() : await connections()).toFixed(1));
process.exit();
