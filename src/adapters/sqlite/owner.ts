// Tells whether the process that began a run still lives.
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** This process: its id and, where the system tells, when it started, so that a reused id is not taken for it. */
export function thisOwner(): string {
  return `${process.pid}:${startTicks(process.pid)}`;
}

export function isAlive(owner: string): boolean {
  const [id = '', ticks = ''] = owner.split(':');
  const pid = Number(id);
  try {
    process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
  return ticks === '' || startTicks(pid) === ticks;
}

/** Start time in clock ticks since boot (Linux: field 22 of /proc/PID/stat, man 5 proc); '' elsewhere. */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
