// The load engine beside its peers, all in the same run: cost of a request, truth of the open model, the freeze test, memory, start-up, soak.
// usage: npm run bench:load -- [--write] [--rounds N] [--seconds N] [--soak SECONDS] [--only cost,tls,open,freeze,resources,soak]
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findPeer } from '../../test/support/peers/find-peer.ts';
import { cost, costTable } from './cost.ts';
import { freeze, freezeTable } from './freeze.ts';
import { generators } from './generators.ts';
import { openModel, openModelTable } from './open-model.ts';
import { soak } from './resources.ts';
import { resourcesTable } from './resources-table.ts';
import { startNginx } from './start-nginx.ts';
import { markdownTable, plainTable, round, type Table } from './tables.ts';

const SECTIONS = ['cost', 'tls', 'open', 'freeze', 'resources', 'soak'];

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    soak: { type: 'string', default: '60' },
    only: { type: 'string', default: SECTIONS.join(',') },
  },
});
const [rounds, seconds, soakSeconds] = [Number(values.rounds), Number(values.seconds), Number(values.soak)];
const wanted = new Set(values.only.split(','));
for (const section of wanted)
  if (!SECTIONS.includes(section)) throw new Error(`--only ${section}: wanted ${SECTIONS.join(', ')}`);

const program = findPeer('nginx');
if (program === undefined) throw new Error('nginx is the server under load: npm run peers -- nginx-light');
const absent = generators().flatMap(({ name, absent: how }) => (how === undefined ? [] : [`${name} (${how})`]));
if (absent.length > 0) console.log(`Not installed, so not compared: ${absent.join(', ')}\n`);

const tables: Table[] = [];
const show = (table: Table): void => {
  tables.push(table);
  console.log(plainTable(table));
};

const nginx = await startNginx(program);
try {
  const settings = { nginx, rounds, seconds, connections: 64 };
  if (wanted.has('cost')) {
    show(costTable('HTTP/1.1 keep-alive, 64 connections, one core', await cost({ ...settings, url: nginx.url })));
  }
  if (wanted.has('tls') && nginx.secureUrl !== undefined) {
    const only = ['faultline', 'wrk', 'h2load', 'autocannon'];
    show(costTable('The same over TLS 1.3', await cost({ ...settings, url: nginx.secureUrl, only }), { wrk: 1.4 }));
  }
  if (wanted.has('open')) {
    const schedulers = ['tick', 'timer', 'spin'] as const;
    const open = { seconds, rounds };
    show(openModelTable(2000, await openModel({ ...open, rate: 2000, withPeers: true, schedulers })));
    show(
      openModelTable(
        25_000,
        await openModel({ ...open, rate: 25_000, withPeers: false, schedulers: ['tick', 'timer'] }),
      ),
    );
  }
  if (wanted.has('freeze')) show(freezeTable(await freeze(rounds)));
  if (wanted.has('resources')) show(await resourcesTable(nginx, rounds, seconds));
  if (wanted.has('soak')) {
    const { settled, most, growth } = await soak(nginx, soakSeconds);
    show({
      title: `Soak: ${soakSeconds} s at 2,000/s`,
      head: ['resident memory', 'MiB'],
      rows: [
        ['settled', round(settled, 1)],
        ['at the end', round(most, 1)],
        ['growth (wanted <= 5%)', growth],
      ],
    });
  }
} finally {
  await nginx.stop();
}

if (values.write) {
  const file = new URL('../../docs/load-bench.md', import.meta.url);
  writeFileSync(file, page());
  console.log(`written: ${file.pathname}`);
}
process.exitCode = 0;

function page(): string {
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.version}, ${nginx.version}`;
  return [
    '# What the load engine costs, and whether it tells the truth',
    '',
    `Written by \`npm run bench:load -- --write\` from one run, medians of ${rounds} rounds of ${seconds} s, the generators in turn. Machine: ${machine}.`,
    'The server under load runs on core 0, the generator on core 1; both share the machine with whatever else it does, so ratios hold and absolute figures do not.',
    'Faultline sends a fresh traceparent and baggage with every request, records response, service, lag and first byte, counts a watch exactly and selects',
    'violators and compliers by trace id; the others send plain requests. CPU is that of the whole process, start-up included (Gatling and Artillery, which',
    'start slowly: the difference of a long and a short run).',
    '',
    'k6 is not installed here; its own published figures (grafana/k6-benchmarks, v0.42.0) are 37-45 CPU-s per 100k requests.',
    '',
    ...(absent.length > 0 ? [`Not installed, so not compared: ${absent.join(', ')}.`, ''] : []),
    ...tables.map(markdownTable),
  ].join('\n');
}
