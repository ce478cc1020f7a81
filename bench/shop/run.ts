// `npm run bench:shop`: every fault of the demo shop at three load levels, judged on full and on poorer telemetry.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { type FaultName, faultNames } from '../../demo/faults.ts';
import { OWN_SERVICES } from '../../demo/kit/service-names.ts';
import { writeTraces } from '../../src/adapters/recording/write-traces.ts';
import { type Captured, capture } from './capture.ts';
import { degradations } from './degrade.ts';
import { healthyTraces } from './healthy-traces.ts';
import { judgeAgain } from './judge-again.ts';
import { type Cell, summaryOf, writePage } from './page.ts';
import { addresses, scoreOf } from './score.ts';
import { truths } from './truths.ts';

const { values: flags } = parseArgs({
  options: {
    /** Folder of captured runs; those that are there are not made again. */
    data: { type: 'string', default: join(tmpdir(), 'faultline-shop-bench') },
    faults: { type: 'string', default: faultNames.filter((fault) => fault !== 'none').join(',') },
    loads: { type: 'string', default: '0.5,1,1.25' },
    /** Make the runs, explain nothing yet. */
    'capture-only': { type: 'boolean', default: false },
    /** Print, but leave docs/accuracy.md alone. */
    'no-page': { type: 'boolean', default: false },
  },
});

mkdirSync(flags.data, { recursive: true });
const cells: Cell[] = [];
for (const fault of flags.faults.split(',').filter(isScored)) {
  for (const load of flags.loads.split(',').map(Number)) {
    const healthy = await captureOnce('none', load);
    const captured = await captureOnce(fault, load);
    if (flags['capture-only']) continue;
    const serviceAt = addresses(captured.traces);
    for (const { name, blind, apply } of degradations(OWN_SERVICES.filter((service) => service !== 'gateway'))) {
      const store = healthyTraces();
      await judgeAgain(healthy, apply(healthy.traces), store);
      const run = await judgeAgain(captured, apply(captured.traces), store);
      const score = scoreOf({ run, truth: truths[fault], blind, serviceAt });
      cells.push({ fault, load, telemetry: name, blind, ...score });
      console.log(`${fault.padEnd(18)} x${load}  ${name.padEnd(26)} ${score.grade.padEnd(8)} ${score.said}`);
    }
  }
}
if (!flags['capture-only']) console.log(summaryOf(cells));
if (!flags['no-page'] && !flags['capture-only']) writePage(cells);

function isScored(fault: string): fault is Exclude<FaultName, 'none'> {
  return Object.hasOwn(truths, fault);
}

async function captureOnce(fault: FaultName, load: number): Promise<Captured> {
  const file = join(flags.data, `${fault}-${load}.bin`);
  if (existsSync(file)) return deserialize(readFileSync(file)) as Captured;
  const captured = await capture(fault, load);
  writeFileSync(file, serialize(captured));
  // Beside it for whoever wants to look: `faultline analyze --traces FILE`.
  writeFileSync(join(flags.data, `${fault}-${load}.otlp.jsonl`), writeTraces(captured.traces));
  return captured;
}
