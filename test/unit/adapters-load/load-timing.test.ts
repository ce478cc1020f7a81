// What the generator's punctuality rests on: wake-ups that are never missed, and a compiler that stays out of the way.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import process from 'node:process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isModest } from '../../../src/adapters/load/compiler-hold.ts';
import { timerWaker } from '../../../src/adapters/load/schedule/timer-waker.ts';
import { spinWaker, tickWaker } from '../../../src/adapters/load/schedule/waker.ts';
import type { Pace } from '../../../src/core/model/workload.ts';
import { loadPlan, phase, rate, users } from '../../support/load-plan.ts';

const now = (): number => performance.now();
const HOLD_URL = new URL('../../../src/adapters/load/compiler-hold.ts', import.meta.url).href;

for (const [name, wakerOf] of Object.entries({ tick: tickWaker, timer: timerWaker, spin: spinWaker })) {
  describe(`the ${name} scheduler`, () => {
    it('wakes when it is due, also while the generator is still at work on the wake-up before', async () => {
      const woken: number[] = [];
      const waker = wakerOf({
        now,
        wake() {
          woken.push(now());
          waker.arm(now());
          // Long enough for any second thread to be through with the new moment before this returns.
          const until = now() + 10;
          while (now() < until);
        },
      });
      const startedMs = now();
      waker.arm(startedMs);
      while (woken.length < 10 && now() - startedMs < 5000) await sleep(5);
      waker.stop();
      const gaps = woken.slice(1).map((at, i) => at - (woken[i] as number));
      assert.ok(woken.length >= 10, `woken ${woken.length} times in 5 s`);
      assert.ok(Math.max(...gaps.slice(0, 9)) < 500, `gaps of ${gaps.map(Math.round)} ms`);
    });

    it('lets the loop get to its sockets between two wake-ups', async () => {
      const waker = wakerOf({ now, wake: () => waker.arm(now()) });
      waker.arm(now());
      const startedMs = now();
      await sleep(20);
      waker.stop();
      assert.ok(now() - startedMs < 2000);
    });

    it('does not wake once it is stopped', async () => {
      let woken = 0;
      const waker = wakerOf({
        now,
        wake: () => {
          woken += 1;
        },
      });
      waker.arm(now() + 50);
      waker.stop();
      await sleep(100);
      assert.equal(woken, 0);
    });
  });
}

describe('compiler hold', () => {
  it('is for an open model that sends no thread more than 5,000 requests a second', () => {
    const { scenarios } = loadPlan({ target: 'http://127.0.0.1:1' }).workload;
    const holds = (pace: Pace, threads = 1): boolean =>
      isModest({ phases: [phase('p', pace, 1000)], scenarios }, threads);
    assert.equal(holds(rate(5000)), true);
    assert.equal(holds(rate(100, 5001)), false);
    assert.equal(holds(rate(100, 9000), 2), true);
    assert.equal(holds(users(1)), false);
  });

  it('keeps TurboFan still until the last of those who hold it lets go', async () => {
    const program = `
      const { holdCompiler } = await import(${JSON.stringify(HOLD_URL)});
      const hot = () => { const f = new Function('x', 'let s = 0; for (let i = 0; i < 50; i++) s += x * i; return s'); for (let i = 0, t = 0; i < 3e5; i++) t += f(i); };
      const [first, second] = [holdCompiler(), holdCompiler()];
      first(); first();
      hot();
      console.log('let go');
      second();
      hot();`;
    const args = ['--trace-opt', '--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 });
    const [held = '', free = ''] = stdout.split('let go\n');
    assert.doesNotMatch(held, /completed compiling .*TURBOFAN/);
    assert.match(free, /completed compiling .*TURBOFAN/);
  });
});
