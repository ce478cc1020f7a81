// The page's colours as a canvas needs them: resolved for the scheme that is shown now.

const names = ['ink', 'quiet', 'line', 'strong-line', 'fail', 'p50', 'p95', 'p99'] as const;

export interface ThemeColours {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly strongLine: string;
  readonly fail: string;
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
  readonly judged: string;
  readonly rateFill: string;
  readonly failFill: string;
}

/** Reads base.css through a probe element: a custom property itself is not resolved. */
export function themeColours(): ThemeColours {
  const probe = document.createElement('span');
  document.body.append(probe);
  const read = (name: (typeof names)[number]): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(names.map((name) => [name, read(name)])) as Record<(typeof names)[number], string>;
  probe.remove();
  return {
    ink: colours.ink,
    quiet: colours.quiet,
    line: colours.line,
    strongLine: colours['strong-line'],
    fail: colours.fail,
    p50: colours.p50,
    p95: colours.p95,
    p99: colours.p99,
    judged: faded(colours.p95, 0.09),
    rateFill: faded(colours.quiet, 0.14),
    failFill: faded(colours.fail, 0.35),
  };
}

/** `rgb(1, 2, 3)` as computed style gives it, with an alpha. */
function faded(colour: string, alpha: number): string {
  const channels =
    colour
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .join(', ') ?? '128, 128, 128';
  return `rgba(${channels}, ${alpha})`;
}
