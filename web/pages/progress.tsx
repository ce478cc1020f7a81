// A run in progress: how far it is, and what its load shows.
import type { JSX } from 'preact';
import type { LoadSnapshot } from '../../src/core/model/load.ts';
import { formatCount, formatMillis, formatQuantity } from '../../src/report/format-quantity.ts';

/** Before the first look at the load there is nothing to draw but that it runs. */
export function Progress({ snapshot }: { readonly snapshot: Partial<LoadSnapshot> | undefined }): JSX.Element {
  const { atMs, endsMs, phase, rate, p99, failed } = snapshot ?? {};
  if (atMs === undefined || endsMs === undefined) return <span class="running">running</span>;
  const facts = [
    phase ?? '',
    rate === undefined ? '' : formatQuantity(rate, '/s'),
    p99 === undefined ? '' : `p99 ${formatMillis(p99)}`,
    failed === undefined || failed === 0 ? '' : `${formatCount(failed)} failed`,
  ].filter((fact) => fact !== '');
  return (
    <span class="running">
      <progress max={endsMs} value={Math.min(atMs, endsMs)} aria-label="progress of the run" />{' '}
      <span>{facts.join(' · ')}</span>
    </span>
  );
}
