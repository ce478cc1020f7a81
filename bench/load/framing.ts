// The framing of replies: both lanes against each other, and the fuzzer for a given time. Both are tests; here they say how much they tried.
import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Table } from './tables.ts';
import type { Target } from './targets.ts';

const AGREE = 'test/integration/load-lanes-agree.test.ts';
const FUZZ = 'test/fuzz/load-response-parser.test.ts';

interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** What the tests said of their inputs. */
  readonly inputs: readonly string[];
}

export interface Framing {
  readonly fuzzSeconds: number;
  readonly agree: TestRun;
  readonly fuzz: TestRun;
}

export async function framing(fuzzSeconds: number): Promise<Framing> {
  return {
    fuzzSeconds,
    agree: await runTests(AGREE, {}),
    fuzz: await runTests(FUZZ, { FUZZ_SECONDS: `${fuzzSeconds}`, FUZZ_SEED: `${Date.now() % 1_000_000}` }),
  };
}

async function runTests(file: string, env: Readonly<Record<string, string>>): Promise<TestRun> {
  const args = ['--test', '--test-reporter=tap', file];
  const text = await promisify(execFile)(process.execPath, args, {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  }).then(
    ({ stdout }) => stdout,
    // Failed tests make it end with 1; what they said is wanted all the same.
    (failure: { readonly stdout?: string }) => failure.stdout ?? '',
  );
  const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    passed: count('pass'),
    failed: count('fail'),
    inputs: Array.from(text.matchAll(/^\s*# inputs: (.+)$/gm), ([, said = '']) => said),
  };
}

export function framingTable({ fuzzSeconds, agree, fuzz }: Framing): Table {
  return {
    title: 'Framing of replies',
    head: ['what', 'tried', 'tests passed', 'failed'],
    rows: [
      ['both lanes, the same replies cut at every byte', agree.inputs.join('; '), `${agree.passed}`, `${agree.failed}`],
      [`fuzzing for ${fuzzSeconds} s`, fuzz.inputs.join('; '), `${fuzz.passed}`, `${fuzz.failed}`],
    ],
  };
}

export function framingTargets({ fuzzSeconds, agree, fuzz }: Framing): readonly Target[] {
  return [
    {
      what: 'lanes agree',
      measured: agree.inputs.join('; '),
      wanted: '100%',
      met: agree.passed > 0 && agree.failed === 0,
    },
    {
      what: 'fuzzing without a crash or a hang',
      measured: `${fuzzSeconds} s: ${fuzz.inputs.join('; ')}`,
      wanted: '600 s',
      met: fuzzSeconds >= 600 && fuzz.passed > 0 && fuzz.failed === 0,
    },
  ];
}
