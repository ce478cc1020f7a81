// `http_requests_total{code="200",path="/a\"b"}` to labels.
import type { Labels } from '../../core/model/series.ts';

const name = /^[a-zA-Z_:][\w:]*$/;
/** One label, or (Prometheus 3) the metric's name in quotes. */
const entry = /\s*(?:([a-zA-Z_][\w]*)|"((?:[^"\\]|\\.)*)")\s*(?:=\s*"((?:[^"\\]|\\.)*)")?\s*(,|$)/y;

/** The labels with `__name__`; undefined when the text is no series. Labels with empty values are left out, as Prometheus has it. */
export function parseSeries(text: string): Labels | undefined {
  const brace = text.indexOf('{');
  const metric = (brace < 0 ? text : text.slice(0, brace)).trim();
  if (metric !== '' && !name.test(metric)) return undefined;
  const labels: Record<string, string> = metric === '' ? {} : { __name__: metric };
  if (brace >= 0) {
    if (!text.endsWith('}')) return undefined;
    const inner = text.slice(brace + 1, -1).trim();
    for (let at = 0; at < inner.length; ) {
      entry.lastIndex = at;
      const found = entry.exec(inner);
      if (found === null) return undefined;
      const [whole, plain, quoted, value] = found;
      if (value === undefined && quoted === undefined) return undefined;
      const key = value === undefined ? '__name__' : (plain ?? unescaped(quoted ?? ''));
      const label = unescaped(value ?? quoted ?? '');
      if (label !== '') labels[key] = label;
      at += whole.length;
    }
  }
  return labels['__name__'] === undefined ? undefined : labels;
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\"n])/g, (_all, char) => (char === 'n' ? '\n' : char)) : text;
}
