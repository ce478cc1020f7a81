// cart: keeps baskets in memory. Under `leak` it also keeps an audit trail of everything, for ever.
import { randomUUID } from 'node:crypto';
import { auditTrail } from '../kit/audit-trail.ts';
import { type BasketLine, fillBasket } from '../kit/basket.ts';
import { runService } from '../kit/run-service.ts';
import { work } from '../kit/service-time.ts';

const LOOK_UP_MS = 3;
/** The oldest basket goes when there are more. */
const MAX_BASKETS = 5_000;

await runService('cart', ({ settings, metrics }) => {
  const baskets = new Map<string, readonly BasketLine[]>();
  const trail = auditTrail();
  metrics.gauge('cart_baskets', 'Baskets held in memory.', () => baskets.size);
  metrics.gauge('cart_audit_entries', 'Audit trail entries held in memory.', () => trail.size());

  const audit = (customer: string): void => {
    if (settings().cart.auditTrail === 'unbounded') trail.checkAndRemember(customer);
  };

  return {
    routes: (app) => {
      app.post('/carts', async (request, response) => {
        const { sku, customer = 'guest' } = (request.body ?? {}) as { sku?: string; customer?: string };
        audit(customer);
        await work(LOOK_UP_MS);
        const cartId = randomUUID();
        const lines = fillBasket(sku);
        baskets.set(cartId, lines);
        const oldest = baskets.size > MAX_BASKETS ? baskets.keys().next().value : undefined;
        if (oldest !== undefined) baskets.delete(oldest);
        response.status(201).json({ cartId, lines: lines.length });
      });

      app.get('/carts/:cartId', async (request, response) => {
        audit('guest');
        await work(LOOK_UP_MS);
        // A buyer without a basket number gets a basket of the day, so that a single POST /checkout works.
        const lines = baskets.get(request.params.cartId) ?? fillBasket(undefined);
        response.json({ cartId: request.params.cartId, lines });
      });
    },
    faultSwitched: ({ cart }) => {
      if (cart.auditTrail === 'off') trail.clear();
    },
  };
});
