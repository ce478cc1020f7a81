// inventory's database: its file, its tables and the stock of every article.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ARTICLES } from './basket.ts';

export interface StockDatabase {
  readonly path: string;
  /** Removes the file. Safe to call twice. */
  remove(): void;
}

/** A fresh database in the machine's folder for temporary files. */
export function createStockDatabase(): StockDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'demo-shop-'));
  const path = join(folder, 'stock.db');
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE stock (sku TEXT PRIMARY KEY, title TEXT NOT NULL, available INTEGER NOT NULL, reserved INTEGER NOT NULL);
    CREATE TABLE reservation (slot INTEGER PRIMARY KEY, order_id TEXT NOT NULL, lines INTEGER NOT NULL);
    WITH RECURSIVE article(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM article WHERE n < ${ARTICLES})
    INSERT INTO stock SELECT 'A-' || n, 'Article ' || n, 1000, 0 FROM article;
  `);
  database.close();
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
