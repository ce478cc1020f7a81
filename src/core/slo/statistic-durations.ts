// Durations inside statistics: apdex(300ms), burnRate(1h). The document's check has accepted them already.

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds, also of several parts in a row (`1h30m`), in every form that the document's grammar accepts (`.5h`, `3e2 ms`, `+1h`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const one = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*(ns|us|µs|ms|s|m|h|d|w)$/i.exec(text.trimEnd());
  if (one !== null) return millisecondsOf(one);
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g)].map(millisecondsOf);
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** Without the noise of binary fractions, as the grammar reads it. */
function millisecondsOf([, number = '', unit = '']: RegExpExecArray): number | undefined {
  const factor = units[unit];
  return factor === undefined ? undefined : Number((Number(number) * factor).toPrecision(15));
}

/** As PromQL writes it: whole seconds, never 0. */
export function promDuration(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))}s`;
}
