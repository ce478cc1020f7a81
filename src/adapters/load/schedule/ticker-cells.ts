// The memory that a generator and its ticker thread share.

/** Counts how often the generator has named a new moment; the ticker sleeps on it. */
export const ARMED = 0;
/** Counts how often the ticker has woken the generator, which waits on it. */
export const WOKEN = 1;
/** Not 0 once the ticker is to end. */
export const STOPPED = 2;
/** Byte offset of the moment, in milliseconds of the machine's monotonic clock. */
export const DUE_OFFSET = 16;
export const TICKER_BYTES = 24;
