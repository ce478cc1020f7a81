// What it costs to read spans: our readers beside protobufjs in this process, and our receiver beside a real Collector over HTTP.
// usage: node bench/otlp/run.ts [--seconds N] [--json]
import process from 'node:process';
import { parseArgs } from 'node:util';
import { skipWithout } from '../../test/support/peers/skip-without.ts';
import { decodeRates } from './decode-rates.ts';
import { ingestCosts } from './ingest-costs.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, json: { type: 'boolean', default: false } },
});
const seconds = Number(values.seconds);

const decoding = decodeRates(seconds);
const isAlone = skipWithout('otelcol');
const ingest = await ingestCosts(seconds, { withCollector: isAlone === false });

if (values.json) {
  process.stdout.write(`${JSON.stringify({ decoding, ingest })}\n`);
} else {
  console.log('Decoding 512-span requests, thousand spans a second on one core (median of 5 turns):');
  const yardstick = decoding.find((row) => row.name === 'protobufjs to records')?.kiloSpansPerSecond ?? Number.NaN;
  for (const { name, kiloSpansPerSecond } of decoding) {
    console.log(
      `  ${name.padEnd(34)} ${kiloSpansPerSecond.toFixed(0).padStart(6)}   ${(kiloSpansPerSecond / yardstick).toFixed(2).padStart(6)} x protobufjs to records`,
    );
  }
  console.log('Receiving over OTLP/HTTP, CPU seconds of the server for a million spans (median of 3 turns):');
  for (const { name, cpuSecondsPerMillion, spans } of ingest) {
    console.log(
      `  ${name.padEnd(34)} ${cpuSecondsPerMillion.toFixed(2).padStart(6)}   over ${(spans / 1e6).toFixed(1)} million spans`,
    );
  }
  if (isAlone !== false) console.log(`  no Collector beside it: ${isAlone}`);
}
