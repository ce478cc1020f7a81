// Ends a wait at its timeout or at the abort of its signal, whichever comes first.
import { err, type Result } from '../../core/model/result.ts';
import type { SourceError, SourceOptions } from '../../ports/trace-source.ts';

/** What `work` answers, or `timeout` as soon as `options` says to stop; the work itself is told by `signal` and its late answer is dropped. */
export async function within<T>(
  name: string,
  options: SourceOptions,
  work: (signal: AbortSignal) => Promise<Result<T, SourceError>>,
): Promise<Result<T, SourceError>> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(Math.max(1, Math.ceil(options.timeout)))]);
  const { promise: stopped, resolve } = Promise.withResolvers<Result<T, SourceError>>();
  const stop = (): void => resolve(err(stoppedError(name, options)));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([stopped, work(signal)]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The error of a call that ended early. */
function stoppedError(name: string, options: SourceOptions): SourceError {
  const why = options.signal.aborted ? 'stopped before it answered' : `no answer within ${options.timeout / 1000} s`;
  return { kind: 'timeout', message: `${name}: ${why}` };
}
