// Prometheus' text exposition and OpenMetrics, line by line.
import { sampleValue } from '../shared/prometheus/read-query-answer.ts';

/** Called for each sample: the series as it is written (name and labels), the value, and the time in ms where the target gives one. */
export type SampleVisitor = (series: string, value: number, timeMs: number | undefined) => void;

export interface ExpositionParser {
  /** The next piece of the text; it may end anywhere. */
  readonly push: (piece: string) => void;
  /** What is left without a line feed. */
  readonly end: () => void;
}

/** Thrown at the first line that is no exposition; `line` is 1-based. */
export class ExpositionFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** Comments, types and exemplars are stepped over. OpenMetrics writes times in seconds, the older text in milliseconds. */
export function expositionParser(format: 'text' | 'openmetrics', visit: SampleVisitor): ExpositionParser {
  let pending = '';
  let line = 0;
  const perUnit = format === 'openmetrics' ? 1000 : 1;
  const take = (text: string): void => {
    line += 1;
    if (text !== '' && text.charCodeAt(0) !== hash) parseLine(text, line, perUnit, visit);
  };
  return {
    push(piece) {
      const text = pending + piece;
      let from = 0;
      for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
        take(text.charCodeAt(to - 1) === carriageReturn && to > from ? text.slice(from, to - 1) : text.slice(from, to));
        from = to + 1;
      }
      pending = text.slice(from);
    },
    end() {
      if (pending !== '') take(pending);
      pending = '';
    },
  };
}

const hash = 35;
const carriageReturn = 13;

function parseLine(text: string, line: number, perUnit: number, visit: SampleVisitor): void {
  const seriesEnd = endOfSeries(text, line);
  const series = text.slice(0, seriesEnd).trim();
  if (series === '') return;
  // An exemplar follows " # "; the value and a time stand before it.
  const exemplar = text.indexOf(' # ', seriesEnd);
  const [value, time, ...more] = text
    .slice(seriesEnd, exemplar < 0 ? undefined : exemplar)
    .trim()
    .split(/[ \t]+/);
  if (value === undefined || value === '') throw new ExpositionFault(line, `no value after ${series}`);
  const number = sampleValue(value);
  if (Number.isNaN(number) && !/^[+-]?nan$/i.test(value)) throw new ExpositionFault(line, `${value} is no number`);
  const timeMs = time === undefined ? undefined : Number(time) * perUnit;
  if (more.length > 0 || Number.isNaN(timeMs ?? 0))
    throw new ExpositionFault(line, 'expected nothing but a time after the value');
  visit(series, number, timeMs);
}

/** Behind the closing brace, which may also stand inside a quoted value; without labels at the first blank. */
function endOfSeries(text: string, line: number): number {
  const brace = text.indexOf('{');
  const blank = text.search(/[ \t]/);
  if (brace < 0 || (blank >= 0 && blank < brace && text.slice(blank, brace).trim() !== '')) {
    if (blank > 0) return blank;
    throw new ExpositionFault(line, 'a name without a value');
  }
  let isQuoted = false;
  for (let at = brace + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) isQuoted = !isQuoted;
    else if (isQuoted && char === backslash) at += 1;
    else if (!isQuoted && char === closingBrace) return at + 1;
  }
  throw new ExpositionFault(line, 'the labels have no end');
}

const quote = 34;
const backslash = 92;
const closingBrace = 125;
