// One query to the API and its answer as series, or the reason in words.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Series } from '../../core/model/series.ts';
import type { SourceError } from '../../ports/trace-source.ts';
import { excerpt } from '../shared/excerpt.ts';
import { type Answer, ask } from '../shared/http/ask.ts';
import type { BackEnd } from '../shared/http/back-end.ts';
import { type QueryAnswerError, readQueryAnswer } from '../shared/prometheus/read-query-answer.ts';

export interface PrometheusAnswer {
  readonly series: readonly Series[];
  readonly isVictoriaMetrics: boolean;
}

/**
 * Asks by POST, since queries may be longer than URLs may be; by GET where only that is allowed. Thanos is told not to answer with a part of the data,
 * VictoriaMetrics not to move the steps for its cache; others ignore both.
 */
export async function askPrometheus(
  prometheus: BackEnd,
  path: string,
  form: URLSearchParams,
  signal: AbortSignal,
): Promise<Result<PrometheusAnswer, SourceError>> {
  form.set('partial_response', 'false');
  form.set('nocache', '1');
  let answer = await ask(prometheus, { path, form }, signal);
  if (answer.ok && answer.value.status === 405) answer = await ask(prometheus, { path, query: form }, signal);
  if (!answer.ok) return answer;
  const read = readQueryAnswer(parsed(answer.value.text));
  // No Prometheus, Thanos or Mimir sends this header.
  const isVictoriaMetrics = answer.value.headers.has('x-server-hostname');
  return read.ok ? ok({ series: read.value, isVictoriaMetrics }) : err(errorOf(prometheus, answer.value, read.error));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** 400 and 422 judge the query; everything else the back end. */
function errorOf(prometheus: BackEnd, answer: Answer, error: QueryAnswerError): SourceError {
  if (error.kind === 'malformed') {
    const found = `${answer.status} with ${excerpt(answer.text)}`;
    const message = `${prometheus.name}: ${error.message}, found ${found}; is this the address of a Prometheus API (port 9090)?`;
    return { kind: 'bad-reply', message };
  }
  const isQueryAtFault = answer.status === 400 || answer.status === 422;
  const message = `${prometheus.name}: ${isQueryAtFault ? 'refuses the query' : 'cannot answer'} (${error.message})`;
  return { kind: isQueryAtFault ? 'unsupported' : 'bad-reply', message };
}
