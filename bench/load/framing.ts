// The framing of replies: both lanes against each other, and the fuzzer for a given time. Both are tests; here they say how much they tried.
import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Table } from './tables.ts';
import type { Target } from './targets.ts';

const AGREE = 'test/integration/load-lanes-agree.test.ts';
const FUZZ = 'test/fuzz/load-response-parser.test.ts';
/** A longer time is cut into rounds, each with a seed of its own. */
const ROUND_SECONDS = 150;

interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** How many inputs of each kind were tried. */
  readonly inputs: Readonly<Record<string, number>>;
}

export interface Framing {
  readonly fuzzSeconds: number;
  readonly agree: TestRun;
  readonly fuzz: TestRun;
}

export async function framing(fuzzSeconds: number): Promise<Framing> {
  const agree = await runTests(AGREE, {});
  const firstSeed = Date.now() % 1_000_000;
  const rounds: TestRun[] = [];
  for (let left = fuzzSeconds; left > 0; left -= ROUND_SECONDS) {
    const env = { FUZZ_SECONDS: `${Math.min(left, ROUND_SECONDS)}`, FUZZ_SEED: `${firstSeed + rounds.length}` };
    rounds.push(await runTests(FUZZ, env));
  }
  return { fuzzSeconds, agree, fuzz: addRuns(rounds) };
}

async function runTests(file: string, env: Readonly<Record<string, string>>): Promise<TestRun> {
  const args = ['--test', '--test-reporter=spec', file];
  const text = await promisify(execFile)(process.execPath, args, {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  }).then(
    ({ stdout }) => stdout,
    // Failed tests make it end with 1; what they said is wanted all the same.
    (failure: { readonly stdout?: string }) => failure.stdout ?? '',
  );
  return readRun(text);
}

/** What the tests said: `inputs: 123 replies, 4567 cuts` and the counts at the end. */
function readRun(text: string): TestRun {
  const count = (name: string): number => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const said = Array.from(text.matchAll(/inputs: (.+)$/gm), ([, list = '']) => list).flatMap((list) =>
    list.split(/, (?=\d)/),
  );
  const pairs = said.flatMap((each) => {
    const [, number, what = ''] = /^(\d+) (.+)$/.exec(each) ?? [];
    return number === undefined ? [] : [[what, Number(number)] as const];
  });
  return { passed: count('pass'), failed: count('fail'), inputs: Object.fromEntries(pairs) };
}

function addRuns(runs: readonly TestRun[]): TestRun {
  const inputs: Record<string, number> = {};
  for (const run of runs)
    for (const [what, tried] of Object.entries(run.inputs)) inputs[what] = (inputs[what] ?? 0) + tried;
  const sum = (field: 'passed' | 'failed'): number => runs.reduce((total, run) => total + run[field], 0);
  return { passed: sum('passed'), failed: sum('failed'), inputs };
}

function tried({ inputs }: TestRun): string {
  return Object.entries(inputs)
    .map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
    .join('; ');
}

export function framingTable({ fuzzSeconds, agree, fuzz }: Framing): Table {
  return {
    title: 'Framing of replies',
    head: ['what', 'tried', 'tests passed', 'failed'],
    rows: [
      ['both lanes, the same replies cut at every byte', tried(agree), `${agree.passed}`, `${agree.failed}`],
      [`fuzzing for ${fuzzSeconds} s`, tried(fuzz), `${fuzz.passed}`, `${fuzz.failed}`],
    ],
  };
}

export function framingTargets({ fuzzSeconds, agree, fuzz }: Framing): readonly Target[] {
  return [
    { what: 'both lanes agree', measured: tried(agree), wanted: '100%', met: agree.passed > 0 && agree.failed === 0 },
    {
      what: 'fuzzing without a crash or a hang',
      measured: `${fuzzSeconds} s: ${tried(fuzz)}`,
      wanted: '600 s',
      met: fuzzSeconds >= 600 && fuzz.passed > 0 && fuzz.failed === 0,
    },
  ];
}
