// Jaeger's /api/v3 answers: { result: { resourceSpans } }, one or several after another, or { error: { httpCode, message } }.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { SpanRecord } from '../../core/model/trace-set.ts';
import type { Answer } from '../shared/http/ask.ts';
import { parseJsonExactly, readOtlpJson } from '../shared/otlp/read-json.ts';
import { isRecord } from '../shared/otlp/read-json-attributes.ts';

/** The spans; none for Jaeger's own "not found". Anything that does not look like Jaeger is an error in words: a wrong address must not pass for "no traces". */
export function readJaegerAnswer({
  status,
  text,
}: Pick<Answer, 'status' | 'text'>): Result<readonly SpanRecord[], string> {
  const documents = documentsIn(text);
  if (documents === undefined) return err('no JSON');
  const spans: SpanRecord[] = [];
  for (const document of documents) {
    if (!isRecord(document)) return err('no JSON object');
    if (isRecord(document['error'])) {
      if (document['error']['httpCode'] === 404) continue;
      return err(`it says "${String(document['error']['message'] ?? 'error')}"`);
    }
    if (status !== 200 || !isRecord(document['result'])) return err('no result');
    const read = readOtlpJson(document['result']);
    if (!read.ok) return err(read.error.message);
    for (const span of read.value.spans) spans.push(span);
  }
  return ok(spans);
}

/** One document, or (older versions stream) one a line. */
function documentsIn(text: string): readonly unknown[] | undefined {
  const whole = parseJsonExactly(text);
  if (whole.ok) return [whole.value];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map(parseJsonExactly);
  return lines.length > 1 && parsed.every((line) => line.ok) ? parsed.map((line) => line.value) : undefined;
}
