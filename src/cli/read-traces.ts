// Traces from the files of a command line, with a word on standard error about whatever cannot be used.
import { type FileTraces, readTraceFiles } from '../adapters/file/read-trace-files.ts';
import { formatCount } from '../report/format-quantity.ts';
import { printable } from '../report/printable.ts';
import type { Console } from './console.ts';

/** The traces; undefined when a file cannot be read or no span is left, which has been said. Refused spans are counted aloud, the first with its reason. */
export async function readTraces(paths: readonly string[], console: Console): Promise<FileTraces | undefined> {
  const read = await readTraceFiles(paths);
  if (!read.ok) {
    console.error(`faultline: ${read.error.message}`);
    return undefined;
  }
  const { refused, firstRefusal = '', parent } = read.value;
  const first = printable(firstRefusal);
  if (parent.length > 0) {
    if (refused > 0) console.error(`faultline: ${spans(refused)} refused and left out; the first: ${first}`);
    return read.value;
  }
  console.error(
    refused > 0
      ? `faultline: ${paths.join(', ')}: no span can be used, ${spans(refused)} refused; the first: ${first}`
      : `faultline: ${paths.join(', ')}: no spans found; wanted OTLP-JSON (also by line), OTLP protobuf or Jaeger JSON: check that the export ran and that these are its files`,
  );
  return undefined;
}

const spans = (count: number): string => (count === 1 ? '1 span was' : `${formatCount(count)} spans were`);
