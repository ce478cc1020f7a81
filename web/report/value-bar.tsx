// A value with its interval on a little bar, against its limit.
import type { JSX } from 'preact';
import type { ClauseVerdict, VerdictName } from '../../src/core/model/verdict.ts';
import { valueScale } from './value-scale.ts';

const width = 120;
const height = 18;
const inset = 2;

/** The hatched stretch breaks the limit; the band is the interval, the stroke in it the value. The table beside it says the same in words. */
export function ValueBar({
  clause,
  verdict,
}: {
  readonly clause: ClauseVerdict;
  readonly verdict: VerdictName;
}): JSX.Element | null {
  const scale = valueScale(clause);
  if (scale === undefined) return null;
  const x = (share: number): number => inset + share * (width - 2 * inset);
  const [brokenFrom, brokenTo] = scale.broken;
  const [low, high] = scale.interval ?? [scale.value, scale.value];
  return (
    <svg
      class={`value-bar ${verdict}`}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      <rect class="value-track" x={inset} y={7} width={width - 2 * inset} height={4} rx={2} />
      <rect class="value-broken" x={x(brokenFrom)} y={7} width={Math.max(0, x(brokenTo) - x(brokenFrom))} height={4} />
      <rect class="value-interval" x={x(low)} y={4.5} width={Math.max(1.5, x(high) - x(low))} height={9} rx={1.5} />
      <line class="value-point" x1={x(scale.value)} x2={x(scale.value)} y1={2.5} y2={15.5} />
      <line class="value-limit" x1={x(scale.limit)} x2={x(scale.limit)} y1={1} y2={17} />
    </svg>
  );
}
