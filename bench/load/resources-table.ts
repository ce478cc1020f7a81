// Memory, start-up, threads and many connections as a table.
import process from 'node:process';
import { faultline, generators } from './generators.ts';
import { commandLine, manyConnections, memoryPer, threadCostRatio, timeToFirstRequest } from './resources.ts';
import type { Nginx } from './start-nginx.ts';
import { round, type Table } from './tables.ts';

const MANY = 10_000;

export async function resourcesTable(nginx: Nginx, rounds: number, seconds: number): Promise<Table> {
  const engine = faultline().command({ url: '{url}', connections: 4, seconds: 1, rate: 100 });
  const cli = commandLine();
  const autocannon = generators().find(({ name, absent }) => name === 'autocannon' && absent === undefined);
  const many = await manyConnections(nginx, MANY);
  const rows: (readonly [string, string, string])[] = [
    ['memory for an idle connection', `${round(await memoryPer(nginx, 'connection', 5000), 1)} KiB`, '<= 15 KiB'],
    ['memory for a thinking user', `${round(await memoryPer(nginx, 'user', 5000), 1)} KiB`, '<= 50 KiB'],
    [
      'process start to first request, engine',
      `${round(await timeToFirstRequest(engine.args, rounds, engine.env), 0)} ms`,
      '',
    ],
    [
      `process start to first request, ${cli.name}`,
      `${round(await timeToFirstRequest(cli.args, rounds), 0)} ms`,
      '<= 500 ms',
    ],
    [
      'two threads: CPU per request over that of one',
      round(await threadCostRatio(nginx, seconds, rounds), 2),
      '<= 1.18 (1.7x of two cores)',
    ],
    [
      `${MANY.toLocaleString('en')} connections: opened / errors / requests`,
      `${many.opened} / ${many.errors} / ${many.requests}`,
      'no errors',
    ],
  ];
  if (autocannon !== undefined) {
    const { args } = autocannon.command({ url: '{url}', connections: 4, seconds: 1 });
    rows.splice(4, 0, [
      'process start to first request, autocannon',
      `${round(await timeToFirstRequest(args, rounds), 0)} ms`,
      '',
    ]);
  }
  return { title: `Resources (${process.platform})`, head: ['figure', 'measured', 'wanted'], rows };
}
