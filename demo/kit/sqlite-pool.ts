// A bounded pool of SQLite connections, each query a CLIENT span as OpenTelemetry's database conventions describe it.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { work } from './service-time.ts';

export interface Statement {
  readonly operation: 'SELECT' | 'UPDATE' | 'INSERT';
  /** The table. */
  readonly collection: string;
  readonly text: string;
  /** SQLite answers in microseconds; a database behind a network does not. The connection is held this long. */
  readonly roundTripMs: number;
}

export type Row = Readonly<Record<string, SQLOutputValue>>;

export interface SqlConnection {
  run(statement: Statement, ...parameters: SQLInputValue[]): Promise<readonly Row[]>;
  /** Runs `task` between BEGIN and COMMIT, or ROLLBACK when it throws. */
  inTransaction<T>(task: () => Promise<T>): Promise<T>;
}

export interface SqlitePool {
  /** Lends a connection, waiting for one in order of arrival. Throws when too many wait already. */
  use<T>(task: (connection: SqlConnection) => Promise<T>): Promise<T>;
  usage(): { readonly used: number; readonly idle: number; readonly waiting: number; readonly max: number };
  close(): void;
}

export interface SqlitePoolOptions {
  readonly path: string;
  readonly namespace: string;
  readonly connections: number;
  /** Told how long each task waited for its connection. */
  readonly onWaited: (seconds: number) => void;
}

const MAX_WAITING = 2_000;

export function sqlitePool({ path, namespace, connections, onWaited }: SqlitePoolOptions): SqlitePool {
  const databases = Array.from({ length: connections }, () => new DatabaseSync(path));
  for (const database of databases) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  const idle = databases.map((database) => sqlConnection(database, namespace));
  const waiting: ((connection: SqlConnection) => void)[] = [];

  const acquire = (): Promise<SqlConnection> => {
    const free = idle.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (waiting.length >= MAX_WAITING) return Promise.reject(new Error('too many queries wait for a connection'));
    return new Promise((resolve) => waiting.push(resolve));
  };
  const release = (connection: SqlConnection): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
  };

  return {
    use: async (task) => {
      const asked = performance.now();
      const connection = await acquire();
      onWaited((performance.now() - asked) / 1_000);
      try {
        return await task(connection);
      } finally {
        release(connection);
      }
    },
    usage: () => ({ used: connections - idle.length, idle: idle.length, waiting: waiting.length, max: connections }),
    close: () => {
      for (const database of databases) database.close();
    },
  };
}

function sqlConnection(database: DatabaseSync, namespace: string): SqlConnection {
  return {
    run: (statement, ...parameters) =>
      traced(statement, namespace, async () => {
        const rows = database.prepare(statement.text).all(...parameters);
        await work(statement.roundTripMs);
        return rows;
      }),
    inTransaction: async (task) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = await task();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

async function traced<T>(statement: Statement, namespace: string, query: () => Promise<T>): Promise<T> {
  const span = trace.getTracer('shop-sqlite').startSpan(`${statement.operation} ${statement.collection}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'db.system.name': 'sqlite',
      'db.namespace': namespace,
      'db.collection.name': statement.collection,
      'db.operation.name': statement.operation,
      'db.query.text': statement.text,
    },
  });
  try {
    return await query();
  } catch (error) {
    recordFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function recordFailure(span: Span, error: unknown): void {
  const thrown = error instanceof Error ? error : new Error(String(error));
  span.recordException(thrown);
  span.setAttribute('error.type', thrown.name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: thrown.message });
}
