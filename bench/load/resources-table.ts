// Memory, start-up, threads and many connections, measured and held against what was asked for.
import { faultline, generators } from './generators.ts';
import {
  commandLine,
  MANY_SECONDS,
  manyConnections,
  memoryPer,
  threadCostRatio,
  timeToFirstRequest,
} from './resources.ts';
import type { Nginx } from './start-nginx.ts';
import { round, type Table } from './tables.ts';
import { atLeast, atMost, type Target } from './targets.ts';

const MANY = 10_000;

export interface Resources {
  readonly connectionKiB: number;
  readonly userKiB: number;
  readonly engineStartMs: number;
  readonly command: string;
  readonly commandStartMs: number;
  /** Undefined where it is not installed. */
  readonly autocannonStartMs: number | undefined;
  /** CPU per request of two threads over that of one. */
  readonly twoThreads: number;
  readonly many: Awaited<ReturnType<typeof manyConnections>>;
}

export async function resources(nginx: Nginx, rounds: number, seconds: number): Promise<Resources> {
  const engine = faultline().command({ url: '{url}', connections: 4, seconds: 1, rate: 100 });
  const command = commandLine();
  const autocannon = generators().find(({ name, absent }) => name === 'autocannon' && absent === undefined);
  return {
    many: await manyConnections(nginx, MANY),
    connectionKiB: await memoryPer(nginx, 'connection', 5000),
    userKiB: await memoryPer(nginx, 'user', 5000),
    engineStartMs: await timeToFirstRequest(engine.args, rounds, engine.env),
    command: command.name,
    commandStartMs: await timeToFirstRequest(command.args, rounds),
    autocannonStartMs:
      autocannon &&
      (await timeToFirstRequest(autocannon.command({ url: '{url}', connections: 4, seconds: 1 }).args, rounds)),
    twoThreads: await threadCostRatio(nginx, seconds, rounds),
  };
}

export function resourcesTable(found: Resources): Table {
  const { many, command, autocannonStartMs } = found;
  const milliseconds = (value: number): string => `${round(value, 0)} ms`;
  return {
    title: 'Resources',
    head: ['figure', 'measured'],
    rows: [
      ['memory for an idle connection', `${round(found.connectionKiB, 1)} KiB`],
      ['memory for a virtual user who thinks (cookies, a rendered request)', `${round(found.userKiB, 1)} KiB`],
      ['process start to first request, the engine alone', milliseconds(found.engineStartMs)],
      [`process start to first request, ${command}`, milliseconds(found.commandStartMs)],
      ...(autocannonStartMs === undefined
        ? []
        : [['process start to first request, autocannon', milliseconds(autocannonStartMs)]]),
      ['two threads: CPU per request over that of one', round(found.twoThreads, 2)],
      [
        `${MANY.toLocaleString('en')} connections in a closed loop for ${MANY_SECONDS} s`,
        `${many.opened.toLocaleString('en')} opened, ${many.requests.toLocaleString('en')} requests, ${many.errors} failed`,
      ],
    ],
  };
}

export function resourcesTargets(found: Resources): readonly Target[] {
  const { many, command } = found;
  return [
    atMost({
      what: `${command}: command to first request`,
      value: found.commandStartMs,
      limit: 500,
      unit: ' ms',
      digits: 0,
    }),
    atMost({ what: 'memory per idle connection', value: found.connectionKiB, limit: 15, unit: ' KiB', digits: 1 }),
    atMost({ what: 'memory per virtual user', value: found.userKiB, limit: 50, unit: ' KiB', digits: 1 }),
    {
      what: `${MANY.toLocaleString('en')} open connections`,
      measured: `${many.opened.toLocaleString('en')} opened, ${many.errors} failed requests`,
      wanted: 'all, none failed',
      met: many.opened >= MANY && many.errors === 0,
    },
    // No third core for the server here: work per request instead of time, two cores' worth of it.
    atLeast({ what: 'two threads, by CPU per request', value: 2 / found.twoThreads, limit: 1.7, unit: 'x one' }),
  ];
}
