// Runs a program pinned to a core and measures what it cost: user and system time of it and its children.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

export interface MeasuredRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export interface MeasuredOptions {
  /** Core to pin it to; absent: not pinned. Ignored where there is but one core. */
  readonly core?: number | undefined;
  readonly stdin?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number;
}

/** bash's own `time`, the only one that is everywhere, puts the times on the last line of standard error. */
const TIMED = 'TIMEFORMAT=\'%U %S %R\'; time "$@"';

export async function runMeasured(command: readonly string[], options: MeasuredOptions = {}): Promise<MeasuredRun> {
  const { core, stdin, env, timeoutMs = 180_000 } = options;
  const pinned = core === undefined || availableParallelism() < 2 ? command : ['taskset', '-c', `${core}`, ...command];
  const child = spawn('bash', ['-c', TIMED, 'bash', ...pinned], {
    env: { ...process.env, ...env },
    timeout: timeoutMs,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => {
    stdout += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
  });
  child.stdin.end(stdin ?? '');
  const code = await new Promise<number>((ended, failed) => {
    child.on('error', failed);
    child.on('close', (status) => ended(status ?? -1));
  });
  const lines = stderr.trimEnd().split('\n');
  const [user = 0, system = 0, wallSeconds = 0] = (lines.pop() ?? '').replaceAll(',', '.').split(' ').map(Number);
  return { code, stdout, stderr: lines.join('\n'), cpuSeconds: user + system, wallSeconds };
}
