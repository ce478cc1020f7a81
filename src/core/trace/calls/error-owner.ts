// Whose error a failing span tells of; the one answer for signs of failure and for the origins of errors.
import { spanKind } from '../../model/trace-set.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';

/**
 * Index into PreparedTraces.services: the span's own service; for a failed call that nobody answered the callee, which records nothing or was never
 * reached and cannot speak for itself. A callee that answered and thought all was well (a 4xx is no error of a SERVER) leaves the error with the caller.
 */
export function errorOwner(prepared: PreparedTraces, span: number): number {
  const own = prepared.service[span] ?? 0;
  const callee = prepared.payer[span] ?? own;
  const kind = prepared.set.kind[span];
  const isUnanswered = kind === spanKind.client && (prepared.serverChild[span] ?? -1) < 0;
  const isUnrecorded = kind === spanKind.producer && prepared.instrumented[callee] === 0;
  return isUnanswered || isUnrecorded ? callee : own;
}
