// The one line that a terminal rewrites while load is being sent.
import type { LoadSnapshot } from '../core/model/load.ts';
import { formatCount, formatMillis, formatQuantity } from './format-quantity.ts';
import { formatDuration } from './format-time.ts';
import { printable } from './printable.ts';
import type { TerminalStyle, Tone } from './terminal-style.ts';
import { clipText, lengthOf } from './wrap-text.ts';

interface Piece {
  readonly text: string;
  readonly tone?: Tone;
}

const barWidth = 20;

/** At most `width` columns, no newline: bar, phase, time left, rate, p50, p99, failed, dropped, in flight; what does not fit is left out from the end. */
export function progressLine(snapshot: LoadSnapshot, style: TerminalStyle, width: number): string {
  const pieces: readonly Piece[] = [
    { text: printable(snapshot.phase), tone: 'strong' },
    { text: `${formatDuration(Math.max(0, roundToSeconds(snapshot.endsMs - snapshot.atMs)))} left`, tone: 'quiet' },
    { text: formatQuantity(snapshot.rate, '/s') },
    { text: `p50 ${formatMillis(snapshot.p50)}` },
    { text: `p99 ${formatMillis(snapshot.p99)}` },
    { text: `${formatCount(snapshot.failed)} failed`, tone: snapshot.failed > 0 ? 'fail' : 'quiet' },
    { text: `${formatCount(snapshot.dropped)} dropped`, tone: snapshot.dropped > 0 ? 'warn' : 'quiet' },
    { text: `${formatCount(snapshot.inFlight)} in flight`, tone: 'quiet' },
  ];
  const bar = width >= 70 ? barText(snapshot) : '';
  let line = bar === '' ? '' : style.paint('accent', bar);
  let used = lengthOf(bar);
  for (const piece of pieces) {
    const gap = used === 0 ? '' : '  ';
    const room = width - used - gap.length;
    if (lengthOf(piece.text) > room && used > 0) break;
    const text = clipText(piece.text, room);
    line += gap + (piece.tone === undefined ? text : style.paint(piece.tone, text));
    used += gap.length + lengthOf(text);
  }
  return line;
}

function barText(snapshot: LoadSnapshot): string {
  const share = snapshot.endsMs > 0 ? Math.min(1, Math.max(0, snapshot.atMs / snapshot.endsMs)) : 0;
  const done = Math.round(share * barWidth);
  return '━'.repeat(done) + '╌'.repeat(barWidth - done);
}

const roundToSeconds = (durationMs: number): number => Math.round(durationMs / 1000) * 1000;
