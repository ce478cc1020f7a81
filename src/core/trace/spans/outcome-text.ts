// Reads the outcome of a call from what error types and messages say.

const timeoutWords =
  /time[\s_-]?(?:d[\s_-]?)?out|deadline|ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(?:HEADERS|BODY|CONNECT)_TIMEOUT|AbortError|UND_ERR_ABORTED/i;

/** Somebody gave up waiting: ANALYSIS.md 1.7 and the names that clients in use give it. */
export function isTimeoutText(text: string): boolean {
  return timeoutWords.test(text);
}

/** The caller no longer wanted the answer. */
export function isCancelText(text: string): boolean {
  return /^(?:cancell?ed|context cancell?ed|cancellederror)$/i.test(text);
}
