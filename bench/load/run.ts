// The load engine beside its peers, measured in turn: cost of a request, truth of the open model, memory, start-up, framing, soak.
// usage: npm run bench:load -- [--only cost,tls,...] [--rounds N] [--seconds N] [--soak SECONDS] [--fuzz SECONDS] [--alone] [--note TEXT] [--write]
// --alone leaves the peers out of the open model.
// --note is put beside the figures: what was special about the machine. --write keeps the figures of the sections measured now and puts all that are kept into docs/load.md; with `--only=` it measures nothing new.
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findPeer } from '../../test/support/peers/find-peer.ts';
import { type CostGroupName, cost, costTable, costTargets } from './cost.ts';
import { flood, floodTable, floodTargets } from './flood.ts';
import { framing, framingTable, framingTargets } from './framing.ts';
import { freeze, freezeTable, freezeTargets } from './freeze.ts';
import { generators } from './generators.ts';
import { openModel, openModelTable, openModelTargets } from './open-model.ts';
import { SECTIONS, targetsTable, writePage } from './page.ts';
import { resources, resourcesTable, resourcesTargets } from './resources-table.ts';
import { type SectionName, type SectionResult, writeResults } from './results.ts';
import { soak, soakTable, soakTargets } from './soak.ts';
import { startNginx } from './start-nginx.ts';
import { plainTable } from './tables.ts';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    soak: { type: 'string', default: '60' },
    fuzz: { type: 'string', default: '10' },
    note: { type: 'string', default: '' },
    alone: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const wanted = values.only === '' ? [] : values.only.split(',');
for (const section of wanted)
  if (!(section in SECTIONS)) throw new Error(`--only ${section}: wanted ${Object.keys(SECTIONS).join(', ')}`);

const program = findPeer('nginx');
if (program === undefined) throw new Error('nginx is the server under load: npm run peers -- nginx-light');
const absent = generators().flatMap(({ name, absent: how }) => (how === undefined ? [] : [`${name} (${how})`]));
if (absent.length > 0) console.log(`Not installed, so not compared: ${absent.join(', ')}\n`);

const nginx = await startNginx(program);
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.version}`;
const medians = `medians of ${rounds} rounds of ${seconds} s, the generators in turn`;
const missing = absent.length === 0 ? '' : ` Not installed, so not compared: ${absent.join(', ')}.`;

type Measured = Omit<SectionResult, 'section' | 'conditions'> & { readonly how: string };

/** A section each: measured one after another, nothing beside it. */
const measure: Readonly<Record<SectionName, () => Promise<Measured>>> = {
  cost: () => costOf('cost', nginx.url),
  slow: () => costOf('slow', nginx.url),
  tls() {
    if (nginx.secureUrl === undefined) throw new Error('openssl makes the certificate of the TLS section');
    return costOf('tls', nginx.secureUrl);
  },
  async open() {
    const steady = await openModel({
      rate: 2000,
      seconds,
      rounds,
      withPeers: !values.alone,
      schedulers: ['tick', 'timer', 'spin'],
    });
    const fast = await openModel({ rate: 25_000, seconds, rounds, withPeers: false, schedulers: ['tick', 'timer'] });
    return {
      tables: [openModelTable(2000, steady), openModelTable(25_000, fast)],
      targets: [...openModelTargets(2000, steady), ...openModelTargets(25_000, fast)],
      how: `${medians}.${missing}`,
    };
  },
  async freeze() {
    const rows = await freeze(rounds);
    return { tables: [freezeTable(rows)], targets: freezeTargets(rows), how: `medians of ${rounds} rounds.${missing}` };
  },
  async flood() {
    const found = await flood();
    return { tables: [floodTable(found)], targets: floodTargets(found), how: 'one run each' };
  },
  async resources() {
    const found = await resources(nginx, rounds, seconds);
    return { tables: [resourcesTable(found)], targets: resourcesTargets(found), how: `medians of ${rounds}` };
  },
  async framing() {
    const found = await framing(Number(values.fuzz));
    return { tables: [framingTable(found)], targets: framingTargets(found), how: 'one run' };
  },
  async soak() {
    const found = await soak(nginx.url, Number(values.soak));
    return { tables: [soakTable(found)], targets: soakTargets(found), how: 'one run' };
  },
};

async function costOf(group: CostGroupName, url: string): Promise<Measured> {
  const rows = await cost({ nginx, url, rounds, seconds, connections: 64, group });
  const how = `${medians}; ${nginx.version}.${missing}`;
  return { tables: [costTable(rows, group)], targets: costTargets(rows, group), how };
}

const results: SectionResult[] = [];
try {
  for (const section of Object.keys(SECTIONS) as SectionName[]) {
    if (!wanted.includes(section)) continue;
    const { tables, targets, how } = await measure[section]();
    const day = new Date().toISOString().slice(0, 10);
    results.push({
      section,
      tables,
      targets,
      conditions: `${day}; ${how} Machine: ${machine}.${values.note === '' ? '' : ` ${values.note}`}`.replace(
        /([^.]) Machine/,
        '$1. Machine',
      ),
    });
    for (const table of tables) console.log(plainTable(table));
  }
} finally {
  await nginx.stop();
}

const targets = results.flatMap((result) => result.targets);
console.log(plainTable(targetsTable(targets)));
console.log(
  'k6 is not installed here: its own published figures (grafana/k6-benchmarks, v0.42.0) are 37-45 CPU-s per 100k requests.',
);
if (values.write) {
  writeResults(results);
  console.log(`written: ${writePage()}`);
}
process.exitCode = targets.every(({ met }) => met) ? 0 : 1;
