// The engine in a process of its own, as the benchmarks run it. usage: node drive-bare.ts '{"url":...,"rate":...}' (BareLoadOptions as JSON)
import process from 'node:process';
import { type BareLoadOptions, bareLoad } from '../../src/adapters/load/bare-load.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as BareLoadOptions;
const driven = await bareLoad(options, { signal: new AbortController().signal });
if (!driven.ok) {
  console.error(driven.error.message);
  process.exitCode = 1;
} else console.log(JSON.stringify({ ...driven.value, mostMemoryMiB: process.resourceUsage().maxRSS / 1024 }));
