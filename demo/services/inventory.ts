// inventory: knows the stock, in SQLite. Reads share a pool of connections; writes take turns behind one lock.
import type { BasketLine } from '../kit/basket.ts';
import { mutex } from '../kit/mutex.ts';
import { runService } from '../kit/run-service.ts';
import { type Row, type SqlConnection, type Statement, sqlitePool } from '../kit/sqlite-pool.ts';
import { createStockDatabase } from '../kit/stock-database.ts';
import { watchDatabasePool } from '../kit/watch-database-pool.ts';

/** Never the bottleneck, not even when a reservation holds one for half a second (`n-plus-one`). */
const CONNECTIONS = 48;
const READ_MS = 15;
/** Reservations are kept in a ring, so that a shop that runs for weeks does not fill the disk. */
const RESERVATION_SLOTS = 10_000;

const stockOf = (condition: string): Statement => ({
  operation: 'SELECT',
  collection: 'stock',
  text: `SELECT sku, available FROM stock WHERE ${condition}`,
  roundTripMs: READ_MS,
});
const STOCK_OF_BASKET = stockOf('sku IN (SELECT value FROM json_each(?))');
const STOCK_OF_LINE = stockOf('sku = ?');
const PRODUCTS: Statement = {
  operation: 'SELECT',
  collection: 'stock',
  text: 'SELECT sku, title, available FROM stock WHERE available > reserved % 7 ORDER BY sku LIMIT 20',
  roundTripMs: READ_MS,
};
const RESERVE = 'UPDATE stock SET reserved = reserved + 1 WHERE sku IN (SELECT value FROM json_each(?))';
const NOTE_RESERVATION: Statement = {
  operation: 'INSERT',
  collection: 'reservation',
  text: 'INSERT OR REPLACE INTO reservation (slot, order_id, lines) VALUES (?, ?, ?)',
  roundTripMs: 1,
};

await runService('inventory', ({ settings, metrics }) => {
  const database = createStockDatabase();
  const lock = mutex();
  const watch = watchDatabasePool(metrics);
  const pool = sqlitePool({
    path: database.path,
    namespace: 'stock.db',
    connections: CONNECTIONS,
    onWaited: watch.waited,
  });
  watch.pool(pool);
  metrics.gauge('inventory_write_lock_waiting', 'Reservations that wait for the write lock.', () => lock.waiting());
  let reservations = 0;

  const lookUp = async (connection: SqlConnection, skus: readonly string[]): Promise<readonly Row[]> => {
    if (settings().inventory.stockLookUp === 'one-query') return connection.run(STOCK_OF_BASKET, JSON.stringify(skus));
    const rows: Row[] = [];
    for (const sku of skus) rows.push(...(await connection.run(STOCK_OF_LINE, sku)));
    return rows;
  };

  const write = (connection: SqlConnection, orderId: string, skus: readonly string[]): Promise<void> =>
    connection.inTransaction(async () => {
      const { writeMs, slowWrite } = settings().inventory;
      const roundTripMs = writeMs + (Math.random() < slowWrite.share ? slowWrite.extraMs : 0);
      const reserve: Statement = { operation: 'UPDATE', collection: 'stock', text: RESERVE, roundTripMs };
      await connection.run(reserve, JSON.stringify(skus));
      reservations += 1;
      await connection.run(NOTE_RESERVATION, reservations % RESERVATION_SLOTS, orderId, skus.length);
    });

  return {
    routes: (app) => {
      app.get('/products', async (_request, response) => {
        response.json({ products: await pool.use((connection) => connection.run(PRODUCTS)) });
      });

      app.post('/reservations', async (request, response) => {
        const { orderId, lines } = request.body as { orderId: string; lines: readonly BasketLine[] };
        const skus = lines.map((line) => line.sku);
        const stock = await pool.use((connection) => lookUp(connection, skus));
        await lock.runExclusive(() => pool.use((connection) => write(connection, orderId, skus)));
        response.status(201).json({ orderId, articles: stock.length });
      });
    },
    close: () => {
      pool.close();
      database.remove();
    },
  };
});
