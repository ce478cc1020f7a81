// VictoriaMetrics hides its newest samples, by default those of 30 s, and repeats an older value in their place: a window that ends now would be judged on values that were never measured.
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Millis, UnixMillis } from '../../core/model/units.ts';
import type { SourceError } from '../../ports/trace-source.ts';
import { ask } from '../shared/http/ask.ts';
import type { BackEnd } from '../shared/http/back-end.ts';

/** What VictoriaMetrics does unless it is told otherwise. */
const usualOffsetMs = 30_000;

/**
 * Waits until the samples before `end` are shown. False: they are shown already. True: they were not, ask again. Where the wait would not leave
 * half of `timeout` for the asking, it says what to do instead.
 */
export async function untilShown(
  victoria: BackEnd,
  end: UnixMillis,
  timeout: Millis,
  signal: AbortSignal,
): Promise<Result<boolean, SourceError>> {
  if (end + usualOffsetMs < Date.now()) return ok(false);
  const offset = await latencyOffset(victoria, signal);
  const wait = end + offset - Date.now();
  if (offset === 0 || wait <= 0) return ok(false);
  if (wait > timeout / 2) {
    const advice = `set settle.metrics to ${offset / 1000}s or more, or start it with -search.latencyOffset=0s`;
    return err({
      kind: 'unsupported',
      message: `${victoria.name}: VictoriaMetrics hides its newest ${offset / 1000} s; ${advice}`,
    });
  }
  await sleep(wait, undefined, { signal }).catch(() => undefined);
  return ok(true);
}

/** As its own /metrics tells; when that is closed to us, the usual one. */
async function latencyOffset(victoria: BackEnd, signal: AbortSignal): Promise<number> {
  const answer = await ask(victoria, { path: '/metrics' }, signal);
  const flag = answer.ok
    ? /flag\{name="search\.latencyOffset", value="([^"]*)"/.exec(answer.value.text)?.[1]
    : undefined;
  if (flag === undefined) return usualOffsetMs;
  let milliseconds = 0;
  for (const [, count, unit] of flag.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    milliseconds += Number(count) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h'];
  }
  return milliseconds;
}
