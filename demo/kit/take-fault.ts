// Takes the demo's own flag out of a command line: everything else is a flag of `faultline run`.

export interface TakenFault<Fault extends string> {
  /** Undefined when the flag names no known fault. */
  readonly fault: Fault | undefined;
  readonly rest: readonly string[];
}

/** `--fault NAME` or `--fault=NAME`; `usual` without the flag. */
export function takeFault<Fault extends string>(
  args: readonly string[],
  known: readonly Fault[],
  usual: Fault,
): TakenFault<Fault> {
  const at = args.findIndex((arg) => arg === '--fault' || arg.startsWith('--fault='));
  if (at < 0) return { fault: usual, rest: args };
  const flag = args[at] ?? '';
  const isJoined = flag.includes('=');
  const name = isJoined ? flag.slice(flag.indexOf('=') + 1) : args[at + 1];
  return {
    fault: known.find((each) => each === name),
    rest: [...args.slice(0, at), ...args.slice(at + (isJoined ? 1 : 2))],
  };
}
