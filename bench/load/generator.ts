// What the benchmarks need to know of a load generator.

export interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Absent: as fast as it goes. */
  readonly rate?: number;
}

export interface Command {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Generator {
  readonly name: string;
  /** Why it is not here; undefined when it is. */
  readonly absent: string | undefined;
  readonly command: (order: LoadOrder) => Command;
  /** Whether it can be told a rate. */
  readonly hasRate: boolean;
  /** Seconds until it runs at full speed, where its start weighs more than the load: its cost is then taken from the difference of a long and a short run. */
  readonly startsSlowly: number | undefined;
  /** Whether it can be held to one core. */
  readonly pins: boolean;
  /** Reported p50, p95, p99, max in milliseconds, where its output says them. */
  readonly latencies?: (stdout: string) => readonly (number | undefined)[];
}
