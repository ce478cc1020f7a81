// Branded units: every duration, rate and share inside the product says what it is. Brands are made only here.

declare const unit: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [unit]: Name };

/** A duration or an offset in milliseconds (may be fractional). */
export type Millis = Branded<number, 'ms'>;
/** An offset or a duration inside one trace in nanoseconds, counted from the trace's first span. Exact below 2^53. */
export type Nanos = Branded<number, 'ns'>;
/** A rate in events per second. */
export type PerSecond = Branded<number, '/s'>;
/** A share between 0 and 1. */
export type Ratio = Branded<number, 'ratio'>;
/** Wall-clock milliseconds since the Unix epoch. */
export type UnixMillis = Branded<number, 'unix-ms'>;

export const millis = (value: number): Millis => value as Millis;
export const nanos = (value: number): Nanos => value as Nanos;
export const perSecond = (value: number): PerSecond => value as PerSecond;
export const ratio = (value: number): Ratio => value as Ratio;
export const unixMillis = (value: number): UnixMillis => value as UnixMillis;

export const seconds = (value: number): Millis => millis(value * 1000);
export const minutes = (value: number): Millis => millis(value * 60_000);
