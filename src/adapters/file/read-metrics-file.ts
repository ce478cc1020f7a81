// A saved answer of Prometheus' range query, plain, gzip or zstd.
import { err, ok, type Result } from '../../core/model/result.ts';
import type { Series } from '../../core/model/series.ts';
import { readQueryAnswer } from '../shared/prometheus/read-query-answer.ts';
import { type FileError, fileErrorOf, fileFault } from './file-error.ts';
import { jsonDocuments } from './json-documents.ts';
import { openContent } from './open-content.ts';

const maxDocumentBytes = 400 * 2 ** 20;

/** The series of all answers in the file (one a line, or the whole file as one). */
export async function readMetricsFile(path: string): Promise<Result<readonly Series[], FileError>> {
  const all: Series[] = [];
  try {
    for await (const { line, value } of jsonDocuments(path, openContent(path), maxDocumentBytes)) {
      const read = readQueryAnswer(value);
      if (!read.ok) throw fileFault('malformed', path, read.error.message, line);
      for (const series of read.value) all.push(series);
    }
    return ok(all);
  } catch (thrown) {
    return err(fileErrorOf(thrown, path));
  }
}
