// What a span says of itself: shown below a waterfall for the row pointed at.
import type { JSX } from 'preact';
import { formatMillis } from '../../src/report/format-quantity.ts';
import type { WaterfallRow } from './waterfall-rows.ts';

const kinds: readonly string[] = ['span', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Keeps its room while nothing is pointed at, so that the page does not jump. */
export function SpanDetails({ row }: { readonly row: WaterfallRow | undefined }): JSX.Element {
  if (row === undefined) {
    return (
      <div class="span-details quiet no-print" aria-live="polite">
        Point at a span, or walk through them with the arrow keys, for its details.
      </div>
    );
  }
  const { span } = row;
  const critical = row.critical.reduce((sum, [from, to]) => sum + to - from, 0);
  const facts = [
    `${kinds[span.kind] ?? 'span'}`,
    row.count > 1 ? `${row.count} equal calls` : '',
    `${formatMillis(row.startMs)} to ${formatMillis(row.endMs)}`,
    `${formatMillis(critical)} on the critical path`,
    row.isError ? 'failed' : '',
  ].filter((fact) => fact !== '');
  return (
    <div class="span-details" aria-live="polite">
      <p>
        <b>{span.service}</b> {span.name} <span class="quiet">{facts.join(' · ')}</span>
      </p>
      {span.attributes !== undefined && (
        <ul class="attributes">
          {Object.entries(span.attributes).map(([key, value]) => (
            <li key={key}>
              <span class="quiet">{key}</span> {String(value)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
