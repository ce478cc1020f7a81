// Why a telemetry file could not be read.

/** `message` starts with `path` or `path:line`; `line` is 1-based and present for text formats. */
export interface FileError {
  readonly kind: 'not-found' | 'unreadable' | 'malformed' | 'too-large';
  readonly path: string;
  readonly line?: number;
  readonly message: string;
  readonly cause?: unknown;
}

/** Thrown inside the file adapter only; caught at its edge. */
export class FileFault extends Error {
  readonly error: FileError;

  constructor(error: FileError) {
    super(error.message);
    this.error = error;
  }
}

/** A fault at a place of a file. */
export function fileFault(kind: FileError['kind'], path: string, message: string, line?: number): FileFault {
  const place = line === undefined ? path : `${path}:${line}`;
  return new FileFault({ kind, path, ...(line === undefined ? {} : { line }), message: `${place}: ${message}` });
}

/** The value for whatever reading threw: our own fault, or the system's error code turned into one. */
export function fileErrorOf(thrown: unknown, path: string): FileError {
  if (thrown instanceof FileFault) return thrown.error;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { kind: 'not-found', path, message: `${path}: no such file`, cause: thrown };
  if (code === 'EISDIR')
    return { kind: 'unreadable', path, message: `${path}: is a folder; name the files in it`, cause: thrown };
  if (code?.startsWith('Z_') || code?.startsWith('ZSTD_')) {
    return {
      kind: 'malformed',
      path,
      message: `${path}: damaged or cut-off compressed file (${message})`,
      cause: thrown,
    };
  }
  return { kind: 'unreadable', path, message: `${path}: cannot be read (${message})`, cause: thrown };
}
