// One trace as a waterfall: a row a span, the critical path drawn heavily, the rows can be walked with the arrow keys.
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Waterfall } from '../../src/core/model/run.ts';
import { formatMillis } from '../../src/report/format-quantity.ts';
import { type WaterfallRow, waterfallRows } from './waterfall-rows.ts';

interface Props {
  readonly waterfall: Waterfall;
  readonly scaleMs: number;
  readonly culprit: string | undefined;
  /** Called with the row pointed at or focused; undefined when the pointer leaves. */
  readonly onPoint: (row: WaterfallRow | undefined) => void;
}

const scaleUnits = 1000;
const rowHeight = 18;
const indent = 8;
const deepestIndent = 12;

export function WaterfallView({ waterfall, scaleMs, culprit, onPoint }: Props): JSX.Element {
  const { rows, left } = useMemo(() => waterfallRows(waterfall), [waterfall]);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const point = (i: number | undefined): void => {
    setPointed(i);
    onPoint(i === undefined ? undefined : rows[i]);
  };
  const [focus, setFocus] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = list.current?.querySelectorAll<HTMLElement>('[role="option"]')[tellingRow(rows, culprit)];
    if (list.current !== null && row !== undefined)
      list.current.scrollTop = row.offsetTop - list.current.clientHeight * 0.6;
  }, [rows, culprit]);
  const move = (event: KeyboardEvent): void => {
    const target = moved(event.key, focus, rows.length);
    if (target === undefined) return;
    event.preventDefault();
    setFocus(target);
    point(target);
    list.current?.querySelectorAll<HTMLElement>('[role="option"]')[target]?.focus();
  };
  return (
    <>
      <div
        class="waterfall"
        ref={list}
        role="listbox"
        aria-label={`Spans of the ${waterfall.role} trace`}
        onKeyDown={move}
        onMouseLeave={() => point(undefined)}
      >
        {rows.map((row, i) => (
          <div
            key={row.span.spanId}
            role="option"
            class={`span-row ${i === pointed ? 'is-pointed' : ''}`}
            tabIndex={i === focus ? 0 : -1}
            aria-selected={i === pointed}
            aria-label={rowLabel(row)}
            onMouseEnter={() => point(i)}
            onFocus={() => {
              setFocus(i);
              point(i);
            }}
          >
            <span class="span-name" style={{ paddingLeft: `${Math.min(row.span.depth, deepestIndent) * indent}px` }}>
              {row.entersService && <b class={row.span.service === culprit ? 'is-culprit' : ''}>{row.span.service} </b>}
              <span class="quiet">{row.span.name}</span>
              {row.count > 1 && <b class="span-count"> ×{row.count}</b>}
            </span>
            <SpanBar row={row} scaleMs={scaleMs} isCulprit={row.span.service === culprit} />
            <span class="span-time">{formatMillis(row.endMs - row.startMs)}</span>
          </div>
        ))}
      </div>
      {left > 0 && <p class="quiet">and {left} more rows</p>}
    </>
  );
}

/** The culprit's row with the most time on the critical path: what a reader came to see must not lie below the fold. */
function tellingRow(rows: readonly WaterfallRow[], culprit: string | undefined): number {
  const weights = rows.map((row) => (row.span.service === culprit ? 1 + criticalMs(row) : 0));
  return weights.indexOf(Math.max(1, ...weights));
}

const criticalMs = (row: WaterfallRow): number => row.critical.reduce((sum, [from, to]) => sum + to - from, 0);

interface BarProps {
  readonly row: WaterfallRow;
  readonly scaleMs: number;
  readonly isCulprit: boolean;
}

function SpanBar({ row, scaleMs, isCulprit }: BarProps): JSX.Element {
  const x = (ms: number): number => (ms / scaleMs) * scaleUnits;
  const width = (from: number, to: number): number => Math.max(2, x(to) - x(from));
  return (
    <svg
      class={`span-bar ${isCulprit ? 'is-culprit' : ''} ${row.isError ? 'is-error' : ''}`}
      viewBox={`0 0 ${scaleUnits} ${rowHeight}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="span-whole" x={x(row.startMs)} y={6} width={width(row.startMs, row.endMs)} height={6} />
      {row.critical.map(([from, to]) => (
        <rect key={from} class="span-critical" x={x(from)} y={4} width={width(from, to)} height={10} />
      ))}
      {row.isError && <rect class="span-error" x={Math.max(0, x(row.endMs) - 4)} y={2} width={5} height={14} />}
    </svg>
  );
}

function rowLabel(row: WaterfallRow): string {
  const times = row.count > 1 ? `${row.count} calls, ` : '';
  const critical = criticalMs(row);
  const onPath = critical > 0 ? `, ${formatMillis(critical)} on the critical path` : '';
  return `${row.span.service} ${row.span.name}: ${times}${formatMillis(row.endMs - row.startMs)} from ${formatMillis(row.startMs)}${onPath}${row.isError ? ', failed' : ''}`;
}

/** The row a key leads to; undefined for keys that are not ours. */
function moved(key: string, from: number, rows: number): number | undefined {
  const target = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    Home: 0,
    End: rows - 1,
    PageDown: from + 10,
    PageUp: from - 10,
  }[key];
  return target === undefined ? undefined : Math.min(rows - 1, Math.max(0, target));
}
