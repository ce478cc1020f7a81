// Durations inside statistics: apdex(300ms), burnRate(1h). The document's check has accepted them already.

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds, also of several parts in a row (`1h30m`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d|w))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d|w)/g);
  return [...parts].reduce((sum, [, number = '0', unit = 'ms']) => sum + Number(number) * (units[unit] ?? 0), 0);
}

/** As PromQL writes it: whole seconds, never 0. */
export function promDuration(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))}s`;
}
