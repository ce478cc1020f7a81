// A moment as its distance from now, with the exact time on hover.
import type { JSX } from 'preact';
import { type UnixMillis, unixMillis } from '../../src/core/model/units.ts';
import { formatDuration, isoTime, readableTime } from '../../src/report/format-time.ts';

/** `4 min ago`, `in 26 min`. */
export function When({ at }: { readonly at: UnixMillis | number }): JSX.Element {
  const time = unixMillis(at);
  const distance = time - Date.now();
  const coarse = formatDuration(Math.max(1000, Math.round(Math.abs(distance) / 1000) * 1000)).replace(
    /(min) \d+ s$/,
    '$1',
  );
  return (
    <time dateTime={isoTime(time)} title={readableTime(time)} class="nowrap">
      {distance > 0 ? `in ${coarse}` : `${coarse} ago`}
    </time>
  );
}
