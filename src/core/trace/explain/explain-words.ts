// Numbers and places as people say them.
import type { CandidateFinding } from '../mechanisms/mechanism.ts';

/** `412 ms`, `3.4 ms`, `1.8 s`. */
export function milliseconds(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return `${(value / 1000).toFixed(0)} s`;
  if (size >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toFixed(size >= 10 ? 0 : 1)} ms`;
}

/** `61%`; never 0% for something that is there, never 100% for almost all. */
export function percent(share: number): string {
  if (share <= 0) return '0%';
  if (share >= 1) return '100%';
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`;
}

/** `x2.3`. */
export function times(value: number): string {
  return `x${value.toFixed(1)}`;
}

/** A plain number, as short as it is honest. */
export function plain(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  const size = Math.abs(value);
  if (size >= 1e9) return `${(value / 1e9).toFixed(1)}G`;
  if (size >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** `POST /score`, or `its work` when no operation is known. */
export function operationOf({ operation }: CandidateFinding): string {
  return operation === '' ? 'its work' : operation;
}

/** Who calls; `its caller` when that is unknown or has no name. */
export function callerOf({ edge }: CandidateFinding): string {
  return edge === undefined || edge.caller === '' ? 'its caller' : edge.caller;
}

/** `, reached through payments`; nothing for the entry itself, and where the one before has no name. */
export function through({ path }: CandidateFinding): string {
  const before = path[path.length - 2] ?? '';
  return before === '' ? '' : `, reached through ${before}`;
}

/** The value of one piece of evidence; NaN when it was not given. */
export function evidenceValue({ evidence }: CandidateFinding, name: string): number {
  return evidence.find((each) => each.name === name)?.value ?? Number.NaN;
}

export function evidenceBaseline({ evidence }: CandidateFinding, name: string): number {
  return evidence.find((each) => each.name === name)?.baseline ?? Number.NaN;
}

/** At most `length` characters. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
