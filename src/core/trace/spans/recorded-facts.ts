// How each span ended and what it asked for, as columns: one pass over all attributes, so that no detector reads attributes by itself.
import { spanStatus, type TraceSet } from '../../model/trace-set.ts';
import { attributeRoles, role } from './attribute-roles.ts';
import { hasValueList } from './normalise-statement.ts';
import { onceEach } from './once-each.ts';
import { isCancelText, isTimeoutText } from './outcome-text.ts';
import { remember } from './remember.ts';

/** Per span. Value columns are indexes into the set's `values`, -1 for none. */
export interface CallFacts {
  readonly failed: Uint8Array;
  /** Somebody gave up waiting (ANALYSIS.md 1.7). Every timed-out span has failed. */
  readonly timedOut: Uint8Array;
  /** The answer asked for another request: a redirect, or 401 and 407. What follows is no retry. */
  readonly asksAgain: Uint8Array;
  /** Failed with an answer that would be the same the next time: not found, bad request, not allowed. Nobody retries it. */
  readonly isFinal: Uint8Array;
  /** The instrumentation says that this request is a repeated one. */
  readonly isResend: Uint8Array;
  readonly errorType: Int32Array;
  readonly statement: Int32Array;
  readonly target: Int32Array;
  readonly method: Int32Array;
  /** One database call for many rows: a batch, or a statement with a list of values. */
  readonly isBatch: Uint8Array;
  /** db.system.name; a span with one is a database call. */
  readonly database: Int32Array;
}

/** What attributes and status say, without a tree; detectors take callFactsOf. */
export const recordedFactsOf: (set: TraceSet) => CallFacts = remember(readFacts);

const httpTimeouts = new Set([408, 499, 504]);
const grpcDeadline = new Set(['4', 'deadline_exceeded']);
const grpcCancelled = new Set(['1', 'cancelled']);
const grpcOk = new Set(['0', 'ok']);
const httpFinal = new Set([400, 403, 404, 405, 410, 422]);
/** INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, OUT_OF_RANGE, UNIMPLEMENTED, UNAUTHENTICATED. */
const grpcFinal = new Set([
  ...['3', '5', '6', '7', '11', '12', '16'],
  ...['invalid_argument', 'not_found', 'already_exists', 'permission_denied'],
  ...['out_of_range', 'unimplemented', 'unauthenticated'],
]);

function readFacts(set: TraceSet): CallFacts {
  const roles = attributeRoles(set.strings);
  const size = set.start.length;
  const facts = {
    failed: new Uint8Array(size),
    timedOut: new Uint8Array(size),
    asksAgain: new Uint8Array(size),
    isFinal: new Uint8Array(size),
    isResend: new Uint8Array(size),
    errorType: new Int32Array(size).fill(-1),
    statement: new Int32Array(size).fill(-1),
    target: new Int32Array(size).fill(-1),
    method: new Int32Array(size).fill(-1),
    isBatch: new Uint8Array(size),
    database: new Int32Array(size).fill(-1),
  };
  const timeoutText = set.values.map((value) => typeof value === 'string' && isTimeoutText(value));
  const listsValues = onceEach(set.values, hasValueList);
  for (let span = 0; span < size; span += 1) {
    let failed = set.status[span] === spanStatus.error;
    let timedOut = false;
    let cancelled = false;
    for (let at = set.attributeFirst[span] ?? 0; at < (set.attributeFirst[span + 1] ?? 0); at += 1) {
      const what = roles[set.attributeKey[at] ?? 0];
      if (what === role.none) continue;
      const index = set.attributeValue[at] ?? 0;
      const value = set.values[index];
      switch (what) {
        case role.httpStatus: {
          const status = Number(value);
          failed ||= status >= 500;
          timedOut ||= httpTimeouts.has(status);
          if ((status >= 300 && status < 400) || status === 401 || status === 407) facts.asksAgain[span] = 1;
          if (httpFinal.has(status)) facts.isFinal[span] = 1;
          break;
        }
        case role.grpcStatus: {
          const status = String(value).toLowerCase();
          timedOut ||= grpcDeadline.has(status);
          cancelled ||= grpcCancelled.has(status);
          if (grpcFinal.has(status)) facts.isFinal[span] = 1;
          failed ||= !grpcOk.has(status) && !grpcCancelled.has(status) && isServerFault(status);
          break;
        }
        case role.errorType:
          timedOut ||= timeoutText[index] === true || httpTimeouts.has(Number(value));
          if (httpFinal.has(Number(value))) facts.isFinal[span] = 1;
          cancelled ||= isCancelText(String(value));
          if ((facts.errorType[span] ?? -1) < 0) facts.errorType[span] = index;
          break;
        case role.exceptionType:
          timedOut ||= timeoutText[index] === true;
          // A class of exception says more than a status code.
          facts.errorType[span] = index;
          break;
        case role.errorText:
          timedOut ||= timeoutText[index] === true;
          break;
        case role.errorFlag:
          failed ||= value === true || value === 'true' || value === 'ERROR';
          break;
        case role.resendCount:
          if (Number(value) >= 1) facts.isResend[span] = 1;
          break;
        case role.statement:
          if ((facts.statement[span] ?? -1) < 0) facts.statement[span] = index;
          if (listsValues(index)) facts.isBatch[span] = 1;
          break;
        case role.batchSize:
          if (Number(value) > 1) facts.isBatch[span] = 1;
          break;
        case role.target:
          facts.target[span] = longer(set.values, facts.target[span] ?? -1, index);
          break;
        case role.method:
          facts.method[span] = index;
          break;
        case role.database:
          facts.database[span] = index;
          break;
        default:
          break;
      }
    }
    // A call that its own caller cancelled (a hedge that lost) is neither a failure nor a time-out, unless the span says so itself.
    const gaveUp = timedOut && (failed || !cancelled);
    facts.timedOut[span] = gaveUp ? 1 : 0;
    facts.failed[span] = failed || gaveUp ? 1 : 0;
  }
  return facts;
}

/** gRPC codes that are the callee's doing: UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const serverFaults = new Set([
  ...['2', '4', '8', '10', '13', '14', '15'],
  ...['unknown', 'deadline_exceeded', 'resource_exhausted', 'aborted', 'internal', 'unavailable', 'data_loss'],
]);
const isServerFault = (status: string): boolean => serverFaults.has(status);

/** The full URL says more than the path alone, whichever comes first. */
function longer(values: readonly unknown[], known: number, found: number): number {
  return known < 0 || String(values[found]).length > String(values[known]).length ? found : known;
}
