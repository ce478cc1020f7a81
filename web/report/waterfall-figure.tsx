// The trace that violated the requirement beside a typical one, on one scale of time.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Waterfall } from '../../src/core/model/run.ts';
import { formatMillis } from '../../src/report/format-quantity.ts';
import { type ReportLinks, traceLink } from '../../src/report/report-links.ts';
import { SpanDetails } from './span-details.tsx';
import type { WaterfallRow } from './waterfall-rows.ts';
import { WaterfallView } from './waterfall-view.tsx';

interface Props {
  readonly waterfalls: readonly Waterfall[];
  readonly culprit: string | undefined;
  readonly links: ReportLinks;
}

const titles: Readonly<Record<Waterfall['role'], string>> = {
  violating: 'A violating trace',
  typical: 'A typical trace',
};

export function WaterfallFigure({ waterfalls, culprit, links }: Props): JSX.Element {
  const [pointed, setPointed] = useState<WaterfallRow | undefined>(undefined);
  const scaleMs = Math.max(...waterfalls.map(extentMs), 0.001);
  return (
    <figure class="figure">
      <figcaption>
        <h4>Where the time went</h4>
        <p class="quiet legend">
          <span class="key key-span">span</span> <span class="key key-critical">on the critical path</span>
          {culprit !== undefined && <span class="key key-culprit">{culprit}, on the critical path</span>}
          <span>
            {waterfalls.length > 1
              ? 'Both traces share one scale.'
              : 'No trace of a request of this kind that kept the requirement was seen: there is none to compare with.'}
          </span>
        </p>
      </figcaption>
      <div class="waterfalls">
        {waterfalls.map((waterfall) => (
          <div key={waterfall.traceId} class="waterfall-column">
            <p class="waterfall-title">
              <b>{titles[waterfall.role]}</b> <span class="nowrap">{formatMillis(waterfall.durationMs)}</span>{' '}
              <TraceId id={waterfall.traceId} links={links} />
            </p>
            <WaterfallView waterfall={waterfall} scaleMs={scaleMs} culprit={culprit} onPoint={setPointed} />
          </div>
        ))}
      </div>
      <SpanDetails row={pointed} />
    </figure>
  );
}

function TraceId({ id, links }: { readonly id: string; readonly links: ReportLinks }): JSX.Element {
  const link = traceLink(links, id);
  return <span class="trace-id quiet">{link === undefined ? id : <a href={link}>{id}</a>}</span>;
}

/** Spans may outlive their root. */
const extentMs = (waterfall: Waterfall): number =>
  waterfall.spans.reduce((most, span) => Math.max(most, span.endMs), waterfall.durationMs);
